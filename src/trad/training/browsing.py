"""The contract of whoever looks at jobs: lists, pages, and what changed since the last look."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from trad.training.job import Episode, EpisodeState, Job, JobState, Submission

EpisodeSort = Literal["number", "score"]
"""`number`: ascending. `score`: the best first, of equal ones the lower number, those without one last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodePage:
    """Some of a job's episodes; `cursor` leads to the next ones, None after the last."""

    episodes: tuple[Episode, ...]
    cursor: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobPage:
    """Some jobs, newest first; `cursor` leads to the next ones, None after the last."""

    jobs: tuple[Job, ...]
    cursor: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedEpisode:
    """An episode and its place in the order of recording.

    Places are 1, 2, 3 ... without a gap within a job: who knows the last one it saw has missed nothing.
    """

    place: int
    episode: Episode


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What happened to the jobs since an earlier look.

    Attributes:
        now: The ledger's time of this look; the next look passes it on.
        jobs: Every running job, and every other one whose row changed.
        removed: Ids of jobs that were deleted.
    """

    now: float
    jobs: tuple[Job, ...]
    removed: tuple[str, ...]


class JobBrowser(Protocol):
    """Reads jobs and episodes for people to look at; changes nothing.

    All methods may be called from any thread. Each costs the same however many jobs and episodes there
    are. An unknown id raises `JobNotFound`, a cursor that this method did not give `InputError`, a
    database that does not answer `LedgerUnavailable`.
    """

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, cursor: str | None = None
    ) -> JobPage:
        """Read a page of jobs, newest first; all states when none is named."""
        ...

    def episodes(
        self,
        job_id: str,
        *,
        sort: EpisodeSort = "number",
        states: Iterable[EpisodeState] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> EpisodePage:
        """Read a page of a job's episodes, in the order asked for."""
        ...

    def episode(self, job_id: str, number: int) -> Episode | None:
        """Read one episode; None where it is not recorded (yet)."""
        ...

    def ended(self, job_id: str, *, after: int, limit: int) -> list[EndedEpisode]:
        """Read episodes in the order in which they were recorded, from the place behind `after`."""
        ...

    def changes(self, since: float | None) -> Changes:
        """Read the running jobs and what else changed since `since`, a `Changes.now`.

        Looks a little further back than asked, for writes that were under way then: a job may be told
        again unchanged, but none is left out. None: the running jobs alone.
        """
        ...

    def counts(self) -> dict[JobState, int]:
        """Count the jobs in each state, the states without a job too."""
        ...

    def submitted(self, submission: Submission) -> Job | None:
        """Find the job that a submission created before.

        Raises:
            SubmissionReused: The key stands for a job that was asked for with another digest.
        """
        ...
