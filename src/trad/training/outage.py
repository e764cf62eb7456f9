"""A ledger that does not answer for a while: waiting for it, and saying so meanwhile."""

import math
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import structlog

from trad.errors import LedgerUnavailable

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds between a call that found no answer and the next one."""

KEPT = "what ended is kept, trying again"
"""Ends every note about a ledger that does not answer."""

ANSWERS_AGAIN = "the database answers again"
_AFTERWARDS_SECONDS = 5.0
"""So long the end of an outage is told where it was seen: the ledger could not take a note before."""

Answer = TypeVar("Answer")


def tells_of_outage(note: str) -> bool:
    """Tell whether a job's note is about a ledger that does not answer, or did not until now."""
    return note.endswith(KEPT) or note.startswith(ANSWERS_AGAIN)


class Backoff:
    """Pauses that grow from one failure to the next."""

    def __init__(self, longest: float = LONGEST_PAUSE) -> None:
        self._longest = longest
        self._next = FIRST_PAUSE

    def pause(self) -> float:
        """Return how many seconds to wait before the next try."""
        pause = min(self._next, self._longest)
        self._next = min(2 * self._next, self._longest)
        return pause

    def reset(self) -> None:
        """Begin again with the shortest pause."""
        self._next = FIRST_PAUSE


class Outage:
    """Knows whether the ledger answers those who work for one job; callable from any thread.

    The log hears of the beginning and of the end, the note tells it in between.

    Args:
        job_id: Whose work it is, for the log; None where it is no job's.
    """

    def __init__(self, job_id: str | None = None) -> None:
        log = structlog.stdlib.get_logger("trad.ledger")
        self._log = log if job_id is None else log.bind(job=job_id)
        self._lock = Lock()
        self._failing: dict[str, str] = {}
        self._began = 0.0
        self._after: tuple[float, str] | None = None

    def failed(self, what: str, error: LedgerUnavailable) -> None:
        """Note that a call found no answer; `what` tells apart calls that fail and work on their own."""
        with self._lock:
            if not self._failing:
                self._began = time.monotonic()
                self._log.warning(f"{error}; {KEPT}")
            self._failing[what] = str(error)

    def mended(self, what: str) -> None:
        """Note that a call worked; the outage is over when no other one still fails."""
        with self._lock:
            if self._failing.pop(what, None) is None or self._failing:
                return
            now = time.monotonic()
            said = f"{ANSWERS_AGAIN}, after {now - self._began:.0f} s; nothing was lost"
            self._after = now + _AFTERWARDS_SECONDS, said
            self._log.warning(said)

    def fails(self, what: str) -> bool:
        """Tell whether such a call found no answer the last time."""
        with self._lock:
            return what in self._failing

    @property
    def note(self) -> str | None:
        """What keeps the ledger from answering, or that it answers again; None long after and before."""
        with self._lock:
            if self._failing:
                return f"{next(iter(self._failing.values()))}; {KEPT}"
            if self._after is not None and time.monotonic() < self._after[0]:
                return self._after[1]
            return None


def patiently(
    call: Callable[[], Answer],
    outage: Outage,
    what: str,
    *,
    meanwhile: Callable[[], object] = lambda: None,
    within: float = math.inf,
) -> Answer:
    """Call until the ledger answers, with growing pauses.

    Args:
        what: See `Outage.failed`.
        meanwhile: Called before each pause; what it raises ends the waiting.
        within: Seconds after which it is given up.

    Raises:
        LedgerUnavailable: Not within that time.
    """
    backoff, until = Backoff(), time.monotonic() + within
    while True:
        try:
            answer = call()
        except LedgerUnavailable as error:
            outage.failed(what, error)
            left = until - time.monotonic()
            if left <= 0:
                raise
            meanwhile()
            time.sleep(min(backoff.pause(), left))
        else:
            outage.mended(what)
            return answer
