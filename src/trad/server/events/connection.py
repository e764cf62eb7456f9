"""What a stream needs of the connection below it, and HTTP itself does not offer."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

from uvicorn.protocols.http.h11_impl import H11Protocol

_WRITE_BUFFER = 64 * 1024
_SEND_BUFFER = 128 * 1024
"""Bytes that wait in this process, and in the system, for a client to read them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """The connection of a request, found as `scope["state"]["connection"]`.

    Attributes:
        abort: Cuts the connection, and forgets what was not sent yet.
        stopping: Done when the server begins to stop.
    """

    abort: Callable[[], None]
    stopping: "asyncio.Future[None]"


class StreamingProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, for `uvicorn.Config(http=...)`: streams end with the server, or are cut.

    Without it streams work too, but a stop waits for `timeout_graceful_shutdown`, and a connection
    whose client never reads is left to the system.
    """

    stopping: "asyncio.Future[None]"

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Bound what waits to be sent, and tell requests of their connection."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_WRITE_BUFFER)
        raw: socket.socket | None = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.stopping = self.loop.create_future()
        connection = Connection(abort=transport.abort, stopping=self.stopping)
        self.app_state = {**self.app_state, "connection": connection}

    def shutdown(self) -> None:
        """Begin to stop: the stream of this connection, if there is one, ends."""
        if not self.stopping.done():
            self.stopping.set_result(None)
        super().shutdown()
