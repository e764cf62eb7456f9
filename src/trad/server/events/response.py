"""The stream as HTTP: one response that goes on until either side ends it."""

import asyncio
from typing import TYPE_CHECKING

from fastapi.sse import KEEPALIVE_COMMENT
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from trad.server.events.hub import EventHub
from trad.server.events.limits import StreamLimits
from trad.server.events.reader import EventReader

if TYPE_CHECKING:
    from trad.server.events.connection import Connection

PING_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
"""How long a client may read nothing while something waits for it."""

_END_SECONDS = 0.5


class EventStreamResponse(Response):
    """Sends what a reader hands out until the client leaves or reads no more, or the server stops.

    Writes follow the client's pace: while one waits, nothing further is taken from the hub.

    Args:
        session: Whose stream it is, for the limits.
        ping_seconds: After so long without an event a comment shows that the stream lives.
        patience_seconds: How long a write may wait for the client.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        hub: EventHub,
        reader: EventReader,
        limits: StreamLimits,
        session: str,
        *,
        ping_seconds: float = PING_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._reader = reader
        self._limits = limits
        self._session = session
        self._ping_seconds = ping_seconds
        self._patience_seconds = patience_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the stream."""
        connection: Connection | None = scope.get("state", {}).get("connection")
        with self._limits.held(self._session):
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            sending = asyncio.create_task(self._send_events(send))
            leaving = asyncio.create_task(_left(receive))
            ends: list[asyncio.Future[None]] = [sending, leaving]
            if connection is not None:
                ends.append(connection.stopping)
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                left = leaving.done()
            finally:
                sending.cancel()
                leaving.cancel()
                outcome, _ = await asyncio.gather(sending, leaving, return_exceptions=True)
            if isinstance(outcome, Exception) and not isinstance(outcome, TimeoutError):
                raise outcome
            stuck = isinstance(outcome, TimeoutError)
            if not left and (stuck or not await _ended(send)) and connection is not None:
                connection.abort()
                await _left(receive)

    async def _send_events(self, send: Send) -> None:
        while not self._hub.closed:
            data = self._reader.next() or await self._wait()
            if data:
                async with asyncio.timeout(self._patience_seconds):
                    await send(_body(data, more=True))
                await asyncio.sleep(0)  # a write that need not wait gives way to nobody

    async def _wait(self) -> bytes:
        """Wait for an event; return a ping when none comes."""
        try:
            async with asyncio.timeout(self._ping_seconds):
                await self._hub.wait(self._reader.number)
        except TimeoutError:
            return KEEPALIVE_COMMENT
        return b""


async def _ended(send: Send) -> bool:
    """End the response; say whether the client took it."""
    try:
        async with asyncio.timeout(_END_SECONDS):
            await send(_body(b"", more=False))
    except TimeoutError:
        return False
    return True


def _body(data: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
