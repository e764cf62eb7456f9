"""The thread that watches the ledger for all clients together."""

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread
from time import monotonic

import structlog

from trad.errors import LedgerUnavailable
from trad.server.events.changes import Line, fitting
from trad.server.events.fold import Around, EventFold
from trad.server.events.hub import EventHub
from trad.server.outlook import Surroundings
from trad.training.browsing import Changes, JobBrowser

LOOK_SECONDS = 0.25
_RECONSIDER_SECONDS = 1.0
_START_SECONDS = 2.0
_CLOSE_SECONDS = 10.0
_QUEUED_AT_START = 500
_NEW_SECONDS = 5.0
"""A job that is not known, and older than the last look by more, was told of and forgotten before."""


class EventFeed:
    """Looks at the ledger four times a second, whatever the number of clients, and publishes what changed.

    A database that does not answer is told of once, and asked again at each look until it does; what
    changed meanwhile is told then. Nothing ends the thread but `close`. Use as a context manager, or
    call `start` and `close`.

    Args:
        browser: Where to look.
        surroundings: Tells what else the conditions of jobs depend on: `Outlook.surroundings`.
        hub: Where to publish.
        interval: Seconds from one look to the next.
    """

    def __init__(
        self,
        browser: JobBrowser,
        surroundings: Callable[[], Surroundings],
        hub: EventHub,
        *,
        interval: float = LOOK_SECONDS,
    ) -> None:
        self._browser = browser
        self._surroundings = surroundings
        self._hub = hub
        self._interval = interval
        self._fold = EventFold(browser)
        self._since: float | None = None
        self._around = Around(now=0.0)
        self._reconsidered = 0.0
        self._ailment: str | None = None
        self._fault: str | None = None
        self._looked, self._over = Signal(), Signal()
        self._thread = Thread(target=self._run, name="event feed", daemon=True)

    def __enter__(self) -> "EventFeed":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to look; return after the first look, or when it takes long.

        What happens from then on is told: who reads lists later than this misses nothing.
        """
        self._thread.start()
        self._looked.wait(_START_SECONDS)

    def close(self) -> None:
        """End the thread, and the streams of all clients."""
        self._over.set()
        self._hub.close()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        while not self._over.is_set():
            began = monotonic()
            try:
                self._look()
            except LedgerUnavailable as error:
                self._ail(str(error))
            except Exception as error:  # noqa: BLE001 - nothing may end the feed: all clients live on it
                self._note_fault(error)
            self._hub.publish(self._fold.take(), self._fold.standing)
            self._looked.set()
            self._over.wait(max(self._interval / 5, self._interval - (monotonic() - began)))

    def _look(self) -> None:
        changes = self._browser.changes(self._since)
        found = self._surroundings()
        self._around = Around(now=changes.now, workers=found.workers, ailment=found.ailment)
        self._note_ailment(found.ailment)
        if self._since is None:
            waiting = self._browser.jobs(states=("queued",), limit=_QUEUED_AT_START).jobs
            self._fold.prime([*waiting, *changes.jobs], self._around)
        else:
            self._tell(changes, self._since)
        self._since = changes.now

    def _tell(self, changes: Changes, since: float) -> None:
        """Fold one look; a job that cannot be told does not keep the others from it."""
        seen = frozenset(job.id for job in changes.jobs)
        fault: Exception | None = None
        for job in changes.jobs:
            try:
                self._fold.job(job, self._around, is_new=job.created_at >= since - _NEW_SECONDS)
            except LedgerUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - as in _run
                fault = error
        self._fold.backlog(seen)
        self._fold.removed(changes.removed)
        if monotonic() - self._reconsidered >= _RECONSIDER_SECONDS:
            self._reconsidered = monotonic()
            self._fold.reconsider(self._around)
        self._fold.forget(seen)
        if fault is not None:
            raise fault
        self._fault = None

    def _ail(self, ailment: str) -> None:
        """Tell that the database does not answer, and what that means for the jobs that are known."""
        self._note_ailment(ailment)
        self._around = Around(now=self._around.now, workers=self._around.workers, ailment=ailment)
        self._fold.reconsider(self._around)

    def _note_ailment(self, ailment: str | None) -> None:
        if ailment is not None and self._ailment is None:
            self._fold.say(Line(level="error", message=fitting(ailment)))
        elif ailment is None and self._ailment is not None:
            self._fold.say(Line(level="info", message="the database answers and can be written again"))
        self._ailment = ailment

    def _note_fault(self, error: Exception) -> None:
        fault = f"{type(error).__name__}: {error}"
        if fault != self._fault:
            structlog.get_logger("trad.server.events").error(
                "the event feed failed; it goes on", exc_info=error
            )
        self._fault = fault
