"""Sends hints again: whatever carries them may have lost any."""

from threading import Event, Thread
from types import TracebackType
from typing import Self

import structlog

from trad.errors import LedgerUnavailable
from trad.service.hints import Hints
from trad.training.browsing import JobBrowser

EVERY_SECONDS = 2.0
MOST_AT_ONCE = 200
"""Queued jobs that are looked at: hints wake workers, and there are fewer workers than that to wake."""


class Reconciler:
    """Gives every queued job the hint that it lacks, every two seconds, from a thread of its own.

    The jobs that wait are those of the table. A database that does not answer is asked again later.
    """

    def __init__(self, browser: JobBrowser, hints: Hints, every: float = EVERY_SECONDS) -> None:
        self._browser = browser
        self._hints = hints
        self._every = every
        self._over = Event()
        self._thread = Thread(target=self._tend, name="trad-reconciler", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def reconcile(self) -> None:
        """Send what is missing, once.

        Raises:
            LedgerUnavailable: The database does not answer.
        """
        self._hints.send_missing(self._browser.jobs(states=("queued",), limit=MOST_AT_ONCE).jobs)

    def _tend(self) -> None:
        while not self._over.wait(self._every):
            try:
                self.reconcile()
            except LedgerUnavailable as error:
                structlog.stdlib.get_logger("trad.hints").debug(str(error))
