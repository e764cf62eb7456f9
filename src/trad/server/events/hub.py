"""Where events are published once and read by every client: one shared ring, and a cursor for each."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from fastapi.sse import format_sse_event

from trad.server.events.ring import EventRing, Piece

EventKind = Literal["job", "episode", "log", "reset"]

MOST_EVENTS = 20_000
MOST_BYTES = 8 * 2**20
"""What the ring keeps for clients that come back: a minute and more of twenty busy jobs."""

_EVENT_ID = re.compile(r"([0-9a-f]{12})-([0-9]{1,18})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event to publish; `data` is one JSON document."""

    kind: EventKind
    data: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a client needs who comes without a past.

    Attributes:
        number: The newest event of that moment: what follows it follows these snapshots.
        frames: A `job` event for each running job, without an id.
    """

    number: int
    frames: tuple[bytes, ...]


class EventHub:
    """Takes events from any thread and hands them to any number of readers on one event loop.

    An event is encoded once and kept once, in a ring bounded by count and by bytes. Readers are cursors:
    one that reads slowly, or not at all, costs the hub nothing, and finds itself behind the ring's end.
    Events are numbered from 1 in the order of publishing; their ids are `<boot>-<number>`, where `boot`
    is another one in each process, so that an id never means two events.

    Args:
        most_events, most_bytes: How much is kept for readers that come back.
    """

    def __init__(self, *, most_events: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self.boot = secrets.token_hex(6)
        self._lock = Lock()  # guards ring, standing, closed and loop
        self._ring = EventRing(most_events=most_events, most_bytes=most_bytes)
        self._standing: tuple[bytes, ...] = ()
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether streams should end."""
        return self._closed

    def publish(self, events: Sequence[Event], standing: Mapping[str, str] | None = None) -> None:
        """Add events and wake whoever waits; callable from any thread, never blocks for readers.

        Args:
            events: In their order.
            standing: The newest `job` document of each running job, by id; None: as before.
        """
        snapshots = None if standing is None else tuple(map(_snapshot, standing.values()))
        with self._lock:
            for event in events:
                self._ring.append(
                    format_sse_event(
                        data_str=event.data, event=event.kind, id=self.event_id(self._ring.newest + 1)
                    )
                )
            if snapshots is not None:
                self._standing = snapshots
        if events:
            self._wake()

    def close(self) -> None:
        """Let every stream end; callable from any thread, and again."""
        with self._lock:
            self._closed = True
        self._wake()

    def event_id(self, number: int) -> str:
        """Name an event on the wire."""
        return f"{self.boot}-{number}"

    def number(self, event_id: str) -> int | None:
        """Read an id; None where everything behind it cannot be told: too old, or not of this process."""
        match = _EVENT_ID.fullmatch(event_id)
        if match is None or match[1] != self.boot:
            return None
        with self._lock:
            return int(match[2]) if self._ring.holds_after(int(match[2])) else None

    def standing(self) -> Standing:
        """Return the running jobs as they stood at the newest event."""
        with self._lock:
            return Standing(number=self._ring.newest, frames=self._standing)

    def after(self, number: int, most_bytes: int) -> Piece | None:
        """Return what was published behind `number`; None when a part of it is gone."""
        with self._lock:
            return self._ring.after(number, most_bytes) if self._ring.holds_after(number) else None

    async def wait(self, number: int) -> None:
        """Wait for an event behind `number`, or for the hub's end."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._loop is not loop:
                self._loop, self._news = loop, asyncio.Event()
            # Publishing rings after it has appended, and on this very loop: an event that is not seen
            # here rings a bell that is taken here.
            news = self._news
            if self._closed or self._ring.newest != number:
                return
        await news.wait()

    def _wake(self) -> None:
        with self._lock:
            loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self._tell)
        except RuntimeError:
            # The loop was closed: none of its readers is left.
            with self._lock:
                if self._loop is loop:
                    self._loop = None

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _snapshot(data: str) -> bytes:
    return format_sse_event(data_str=data, event="job")
