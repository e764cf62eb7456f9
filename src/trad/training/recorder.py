"""Records ended episodes in groups, and keeps them while the ledger does not answer."""

import math
import time
from collections.abc import Callable

from trad.errors import LedgerUnavailable
from trad.training.job import Claim, Episode
from trad.training.ledger import JobLedger
from trad.training.outage import Backoff, Outage, patiently

RECORD_SECONDS = 0.25
"""Ended episodes are recorded together, at the latest after this time."""

MOST_TOGETHER = 500
MOST_KEPT = 5_000
"""With more episodes than this unrecorded, no new one is begun."""

_WHAT = "episodes"


class EpisodeRecorder:
    """Takes ended episodes and writes them down, each once, in the order in which they ended.

    Args:
        ledger: Where the job is.
        claim: The right to run it.
        outage: Is told when the ledger does not answer.
    """

    def __init__(self, ledger: JobLedger, claim: Claim, outage: Outage) -> None:
        self._ledger = ledger
        self._claim = claim
        self._outage = outage
        self._kept: list[Episode] = []
        self._backoff = Backoff()
        self._next_at = 0.0

    @property
    def full(self) -> bool:
        """Whether so much is unrecorded that no new episode should begin."""
        return len(self._kept) > MOST_KEPT

    def add(self, episode: Episode) -> None:
        """Take an ended episode."""
        if not self._kept:
            self._next_at = max(self._next_at, time.monotonic() + RECORD_SECONDS)
        self._kept.append(episode)

    def record_due(self) -> None:
        """Write what has waited long enough; without an answer it is kept, and tried again later.

        Raises:
            LeaseLost: Another worker has the job.
        """
        if not self._kept:
            return
        failing = self._outage.fails(_WHAT)
        if time.monotonic() < self._next_at and (failing or len(self._kept) < MOST_TOGETHER):
            return
        try:
            while self._kept:
                self._write()
        except LedgerUnavailable as error:
            self._outage.failed(_WHAT, error)
            self._next_at = time.monotonic() + self._backoff.pause()

    def record_all(self, *, meanwhile: Callable[[], object], within: float = math.inf) -> None:
        """Write everything, waiting for the ledger to answer; arguments as `patiently` takes them.

        Raises:
            LeaseLost: Another worker has the job.
            LedgerUnavailable: Not within that time.
        """
        while self._kept:
            patiently(self._write, self._outage, _WHAT, meanwhile=meanwhile, within=within)

    def _write(self) -> None:
        """Write the first group; one that was written, though no answer came, counts once."""
        group = self._kept[:MOST_TOGETHER]
        self._ledger.record_episodes(self._claim, group)
        del self._kept[: len(group)]
        self._outage.mended(_WHAT)
        self._backoff.reset()
