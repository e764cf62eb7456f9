"""A ledger that stops answering whenever a test wants."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tests.fakes.training import RecordingLedger

from trad.errors import LedgerUnavailable
from trad.progress import JobProgress
from trad.training.job import Claim, Episode, EpisodeState, Job, JobState, Request


class UnavailableLedger(RecordingLedger):
    """Refuses every call while it is down.

    Attributes:
        down: Whether it refuses.
        refused: How many calls were refused.
        refused_until: After so many refusals it is up again.
        back: Asked before each refusal whether it is up again.
        refusing: Called before each refusal.
        forgetful: What it refuses was written all the same: only the answer was lost.
        lose_word_of_end: The answer to the first `finish` is lost.
        ends: How many ends were written.
    """

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.refused = 0
        self.refused_until: int | None = None
        self.back: Callable[[], bool] = lambda: False
        self.refusing: Callable[[], object] = lambda: None
        self.forgetful = False
        self.lose_word_of_end = False
        self.ends = 0

    def lose(self, job_id: str) -> None:
        """Let another worker take a job, as if its own had been silent for too long."""
        self.kept.jobs[job_id] = replace(self.kept.jobs[job_id], lease_until=0.0)
        assert self.claim("w2", lease_seconds=60, job_id=job_id) is not None

    def _check(self) -> None:
        if not self.down:
            return
        if self.back() or self.refused == self.refused_until:
            self.down = False
            return
        self.refusing()
        self.refused += 1
        raise LedgerUnavailable("the database is locked")

    def job(self, job_id: str) -> Job:
        self._check()
        return super().job(job_id)

    def heartbeat(self, claim: Claim) -> Request | None:
        self._check()
        return super().heartbeat(claim)

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        self._check()
        return super().save_progress(claim, progress)

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        if self.forgetful and self.down:
            super().record_episodes(claim, episodes)
        self._check()
        super().record_episodes(claim, episodes)

    def finish(
        self, claim: Claim, state: JobState, *, fingerprint: str | None = None, error: str | None = None
    ) -> Job:
        if not (self.forgetful and self.down):
            self._check()
        job = super().finish(claim, state, fingerprint=fingerprint, error=error)
        self.ends += 1
        self._check()
        if self.lose_word_of_end:
            self.lose_word_of_end = False
            raise LedgerUnavailable("the database did not answer")
        return job

    def episodes(
        self,
        job_id: str,
        *,
        after: int = 0,
        limit: int | None = None,
        states: Iterable[EpisodeState] = (),
    ) -> list[Episode]:
        self._check()
        return super().episodes(job_id, after=after, limit=limit, states=states)
