"""One client's place in the events: what it gets next, with no gap that it is not told of."""

from collections import deque

from fastapi.sse import format_sse_event

from trad.server.events.hub import EventHub
from trad.server.events.payloads import reset_document

MOST_AT_ONCE = 64 * 1024
"""Bytes in one write: what a client that stops reading may leave behind in the server's memory."""

RETRY_MILLISECONDS = 1000

_UNKNOWN = "events that came since your last one are not kept any more"
_LATE = "this client read so slowly that events it had not read were dropped"


class EventReader:
    """Hands out, piece by piece, the bytes that one client is to receive.

    A client without a past begins with a snapshot of each running job; one that names the last event
    it saw gets all that follow it, each once; where that cannot be, a `reset` and then snapshots. These
    carry no id: the newest one's is set by a frame of its own behind the last of them, so that a
    client which loses its connection in between begins again.

    Args:
        last_event_id: The header `Last-Event-ID`; None or empty for a client without a past.
    """

    def __init__(self, hub: EventHub, last_event_id: str | None = None) -> None:
        self._hub = hub
        self._opening: deque[bytes] = deque([format_sse_event(retry=RETRY_MILLISECONDS)])
        self.number = 0
        known = hub.number(last_event_id) if last_event_id else None
        if known is not None:
            self.number = known
        else:
            self._begin_again(_UNKNOWN if last_event_id else None)

    @property
    def has_more(self) -> bool:
        """Whether there is something to hand out without waiting for an event."""
        return bool(self._opening)

    def next(self) -> bytes:
        """Return what the client is to receive next; empty when it has everything."""
        if self._opening:
            return self._next_of_opening()
        piece = self._hub.after(self.number, MOST_AT_ONCE)
        if piece is None:
            self._begin_again(_LATE)
            return self._next_of_opening()
        self.number = piece.last
        return piece.data

    def _begin_again(self, reason: str | None) -> None:
        if reason is not None:
            self._opening.append(format_sse_event(data_str=reset_document(reason), event="reset"))
        standing = self._hub.standing()
        self._opening.extend(standing.frames)
        self._opening.append(format_sse_event(id=self._hub.event_id(standing.number)))
        self.number = standing.number

    def _next_of_opening(self) -> bytes:
        frames = [self._opening.popleft()]
        length = len(frames[0])
        while self._opening and length + len(self._opening[0]) <= MOST_AT_ONCE:
            length += len(self._opening[0])
            frames.append(self._opening.popleft())
        return b"".join(frames)
