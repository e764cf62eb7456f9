"""Where the server listens, and how browsers reach it."""

import errno
import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from trad.errors import InputError

_BACKLOG = 512
_ANSWERS_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Listener:
    """A socket that listens already.

    Attributes:
        address: The IP address.
        port: The port, also where any free one was asked for.
        secure: Whether the server speaks TLS on it.
    """

    socket: socket.socket
    address: str
    port: int
    secure: bool

    @property
    def is_loopback(self) -> bool:
        """Whether this machine alone reaches it."""
        return ipaddress.ip_address(self.address).is_loopback

    @property
    def is_wildcard(self) -> bool:
        """Whether it is every address of the machine."""
        return ipaddress.ip_address(self.address).is_unspecified

    @property
    def url(self) -> str:
        """The address for a browser on this machine, such as `http://127.0.0.1:8400`."""
        host = "127.0.0.1" if self.is_wildcard else self.address
        scheme = "https" if self.secure else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


def listen(host: str, port: int, *, secure: bool) -> Listener:
    """Listen at an address of this machine.

    Args:
        host: A name or an IP address.
        port: The port; 0 takes any free one.

    Raises:
        InputError: The port is in use or not allowed, or the address is none of this machine's.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise InputError(f"host was {host!r}; it is an address of this machine, such as 127.0.0.1") from None
    try:
        # With SO_REUSEADDR, which lets a server start again at once; two at a time it does not allow.
        opened = socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise InputError(_why_not(error, host, port)) from None
    opened.setblocking(False)
    address, bound = opened.getsockname()[:2]
    return Listener(socket=opened, address=address, port=bound, secure=secure)


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use, perhaps by another `trad serve`; stop that, or take another "
            f"port: --port {port + 1 if port < 65_535 else 0}, or --port 0 for any free one"
        )
    if error.errno == errno.EACCES:
        return f"port {port} is for the system's own services; take one above 1023, such as --port 8400"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"host was {host!r}; it is an address of this machine, such as 127.0.0.1"
    return f"{host} port {port} cannot be listened on: {error.strerror}"


class AddressNote:
    """The file in which a server says where it is reached, for `trad serve --link` beside it.

    Args:
        home: The home folder.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "server"

    def write(self, url: str) -> None:
        """Note where this server is reached; the last one that started counts."""
        self._path.write_text(url + "\n", encoding="ascii")

    def remove(self, url: str) -> None:
        """Take the note away, unless it is another server's by now."""
        if self._url() == url:
            self._path.unlink(missing_ok=True)

    def read(self) -> str:
        """Return where a server of this home answers.

        Raises:
            InputError: None does.
        """
        url = self._url()
        if url is None or not _answers(url):
            raise InputError(f"no server of {self._path.parent} runs on this machine; start one: trad serve")
        return url

    def _url(self) -> str | None:
        try:
            return self._path.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None


def _answers(url: str) -> bool:
    try:
        parts = urlsplit(url)
        if parts.hostname is None or parts.port is None:
            return False
        socket.create_connection((parts.hostname, parts.port), _ANSWERS_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True
