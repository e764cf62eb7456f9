"""Who may come in: the token, sessions that a login link began, and the names that the server answers to."""

import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock

from trad.errors import InputError
from trad.server.sessions import (
    CODE_SECONDS,
    SESSION_SECONDS,
    Clock,
    LoginCodes,
    Signer,
    derived_key,
    login_codes,
)

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
BEARER = "bearer"
"""The session of a request that brings the token itself."""

LINK_MINUTES = CODE_SECONDS // 60

_MOST_FAILURES = 10
_FAILURES_SECONDS = 60.0
_MOST_CLIENTS = 1_000

_HOST = re.compile(r"([A-Za-z0-9_.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:[0-9]{1,5})?", re.ASCII)


class FailedLogins:
    """Counts wrong tokens and codes of each client, and says when they become too many.

    Only answers to wrong ones slow down: the right token is never refused, whatever came before it. Safe for
    threads.

    Args:
        clock: Seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._clients: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, client: str) -> int | None:
        """Count one; return the seconds to wait where the client has had too many, else None."""
        now = self._clock()
        with self._lock:
            failures, since = self._clients.pop(client, (0, now))
            if now - since >= _FAILURES_SECONDS:
                failures, since = 0, now
            self._clients[client] = (failures + 1, since)
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.popitem(last=False)
        return None if failures < _MOST_FAILURES else int(since + _FAILURES_SECONDS - now) + 1


class Gate:
    """Tells whom a request comes from; its methods are safe for threads.

    Args:
        token: The token of the file.
        hosts: The `Host` headers that the server answers to, in lower case; see `allowed_hosts`.
        secure: Whether the server speaks TLS itself.
        proxied: Those of `hosts` that may stand behind a proxy which speaks TLS.
        clock: The time of day.
    """

    def __init__(
        self,
        token: str,
        *,
        hosts: Iterable[str],
        secure: bool = False,
        proxied: Iterable[str] = (),
        clock: Clock = time.time,
    ) -> None:
        self._token = token.encode("ascii")
        self._hosts = frozenset(hosts)
        self._proxied = frozenset(proxied)
        self._secure = secure
        self._sessions = Signer(token, "session", SESSION_SECONDS, clock)
        self._codes = LoginCodes(token, clock)
        self.failures = FailedLogins()
        # Cookies know no ports: each home's has a name of its own, so that servers side by side
        # on one machine do not overwrite each other's.
        name = derived_key(token, "cookie").hex()[:8]
        self.cookie_name = f"{'__Host-' if secure else ''}trad-{name}"

    def answers_to(self, host: str) -> bool:
        """Whether a `Host` header names this server, exactly."""
        return host.lower() in self._hosts

    def is_own(self, origin: str, host: str) -> bool:
        """Whether an `Origin` header names the very page that this server shows under `host`."""
        host = host.lower()
        schemes = {"https" if self._secure else "http"}
        if host in self._proxied:
            schemes.add("https")
        return self.answers_to(host) and origin.lower() in {f"{scheme}://{host}" for scheme in schemes}

    def knows(self, token: str) -> bool:
        """Whether this is the token; takes as long for a nearly right one as for a wrong one."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self._token)

    def session(self, cookies: Iterable[str]) -> str | None:
        """Return the session that one of the `Cookie` headers stands for; None where none holds."""
        for line in cookies:
            for pair in line.split(";"):
                name, _, value = pair.strip().partition("=")
                if name == self.cookie_name and (stamp := self._sessions.read(value)) is not None:
                    return stamp.name
        return None

    def login(self, code: str) -> str | None:
        """Use up a login code; return a `Set-Cookie` header that begins a session, or None."""
        if not self._codes.redeem(code):
            return None
        return self._cookie(self._sessions.issue(), SESSION_SECONDS)

    def logout(self) -> str:
        """Return a `Set-Cookie` header that makes a browser forget its session."""
        return self._cookie("", 0)

    def _cookie(self, value: str, seconds: int) -> str:
        text = f"{self.cookie_name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict"
        return f"{text}; Secure" if self._secure else text

    def new_code(self) -> str:
        """Return a login code: valid once, for ten minutes."""
        return self._codes.issue()


def login_link(address: str, code: str) -> str:
    """Return the link that logs in; `address` is such as `http://127.0.0.1:8400`."""
    return f"{address}/login?code={code}"


def new_link(address: str, token: str) -> str:
    """Make a login link for a server of the same home, from beside it."""
    return login_link(address, login_codes(token, time.time).issue())


def allowed_hosts(address: str, port: int, names: Iterable[str], *, secure: bool) -> frozenset[str]:
    """List the `Host` headers that mean this server.

    Args:
        address: What it listens on; a wildcard (`0.0.0.0`, `::`) names nothing.
        port: Where it listens.
        names: Further names; one without a port also stands for itself alone, as behind a proxy.
        secure: Whether it speaks TLS.

    Raises:
        InputError: A name is not such as a `Host` header holds.
    """
    own = set(LOOPBACK)
    if address not in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not listened on
        own.add(f"[{address}]" if ":" in address else address)
    hosts = {f"{name.lower()}:{port}" for name in own}
    if port == (443 if secure else 80):
        hosts |= {name.lower() for name in own}  # browsers leave a scheme's own port out
    for name in names:
        match = _HOST.fullmatch(name)
        if match is None:
            raise InputError(
                f"an allowed host was {name!r}; it is a name or address as browsers show it, with or without "
                f"a port, such as trad.example.org or trad.example.org:8443"
            )
        hosts.add(name.lower())
        if match[2] is None:
            hosts.add(f"{name.lower()}:{port}")
    return frozenset(hosts)
