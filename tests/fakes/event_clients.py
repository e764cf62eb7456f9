"""Clients of the event stream: a parser as the standard describes it, and a browser's half of the wire."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PATIENCE = 30.0
"""Seconds that a test waits for what must come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One event as a page's listener gets it; `id` is the last one that the stream has set."""

    kind: str
    data: Any
    id: str


class EventParser:
    """Reads a stream as `EventSource` does: whatever pieces it comes in.

    Attributes:
        last_id: What the client would send as `Last-Event-ID`.
        retry: The reconnection time that the stream asked for, in milliseconds.
        comments: How many comment lines came.
    """

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self.retry: int | None = None
        self.comments = 0
        self._text = b""
        self._kind, self._id = "", last_id
        self._data: list[str] = []

    def feed(self, data: bytes) -> list[Received]:
        """Take the next bytes; return the events that they complete."""
        *whole, self._text = (self._text + data).split(b"\n")
        return [event for line in whole if (event := self._line(line.decode("utf-8"))) is not None]

    def _line(self, line: str) -> Received | None:
        if not line:
            return self._dispatch()
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "":
            self.comments += 1
        elif field == "event":
            self._kind = value
        elif field == "data":
            self._data.append(value)
        elif field == "id":
            self._id = value
        elif field == "retry":
            self.retry = int(value)
        return None

    def _dispatch(self) -> Received | None:
        self.last_id = self._id
        kind, data = self._kind, self._data
        self._kind, self._data = "", []
        if not data:
            return None
        return Received(kind=kind, data=json.loads("\n".join(data)), id=self.last_id)


class Dechunker:
    """Takes HTTP/1.1's chunks apart.

    Attributes:
        ended: Whether the last chunk has come.
    """

    def __init__(self) -> None:
        self.ended = False
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes; return what the whole chunks among them hold."""
        self._rest += data
        body = b""
        while not self.ended:
            head, found, rest = self._rest.partition(b"\r\n")
            if not found:
                break
            length = int(head, 16)
            if len(rest) < length + 2:
                break
            assert rest[length : length + 2] == b"\r\n"
            body, self._rest = body + rest[:length], rest[length + 2 :]
            self.ended = length == 0
        return body


class EventClient:
    """A client on a bare socket: it reads when it is told to, and not before.

    Args:
        port: Of the server on 127.0.0.1.
        last_id: Sent as `Last-Event-ID`, if not empty.
        token: Sent as `Authorization`, if not empty.
        receive_buffer: Bytes that the system takes in for a client which does not read.
    """

    def __init__(
        self, port: int, *, last_id: str = "", token: str = "", receive_buffer: int | None = None
    ) -> None:
        self.parser = EventParser(last_id)
        self._dechunker = Dechunker()
        self._pending: list[Received] = []
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(("127.0.0.1", port))
        asked = f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n"
        if token:
            asked += f"Authorization: Bearer {token}\r\n"
        if last_id:
            asked += f"Last-Event-ID: {last_id}\r\n"
        self._socket.sendall(f"{asked}\r\n".encode())
        self.status = 0
        self.headers: dict[str, str] = {}

    def __enter__(self) -> "EventClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Go away."""
        self._socket.close()

    def open(self) -> "EventClient":
        """Read the head of the answer."""
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._read()
        first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
        self._take(head.partition(b"\r\n\r\n")[2])
        return self

    def events(self, until: Callable[[Received], bool]) -> list[Received]:
        """Read events up to and with the first one for which `until` holds."""
        taken: list[Received] = []
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            while self._pending:
                taken.append(self._pending.pop(0))
                if until(taken[-1]):
                    return taken
            if not self.read_some():
                break
        raise AssertionError(f"it did not come; {len(taken)} events did, at last {taken[-5:]}")

    def __iter__(self) -> Iterator[Received]:
        """Yield events until the stream ends; one must come before patience does."""
        deadline = time.monotonic() + PATIENCE
        while True:
            while self._pending:
                yield self._pending.pop(0)
                deadline = time.monotonic() + PATIENCE
            if not self.read_some():
                return
            assert time.monotonic() < deadline, "comments came, and no event"

    def take(self) -> list[Received]:
        """Return the events that have come, without waiting."""
        taken, self._pending = self._pending, []
        return taken

    def read_some(self) -> bool:
        """Take in what has come, waiting for something; whether the stream goes on."""
        data = b"" if self._dechunker.ended else self._read()
        self._take(data)
        return bool(data)

    def read_to_end(self) -> float:
        """Read until the stream ends; return the seconds that took."""
        began = time.monotonic()
        while self.read_some():
            pass
        return time.monotonic() - began

    @property
    def ended_well(self) -> bool:
        """Whether the last chunk has come: the server ended the answer, it did not just cut it."""
        return self._dechunker.ended

    def _read(self) -> bytes:
        return self._socket.recv(1 << 16)

    def _take(self, data: bytes) -> None:
        self._pending += self.parser.feed(self._dechunker.feed(data))


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for what must become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not become true"
        time.sleep(0.005)
