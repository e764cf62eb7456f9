"""The contract of whoever looks at jobs: lists, pages, and what changed since the last look."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from trad.errors import InputError
from trad.training.job import Episode, EpisodeState, Job, JobState, Submission

SortedBy = Literal["number", "score", "metric", "param"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeSort:
    """An order of a job's episodes.

    Either way the lower number comes first of those that are equal, and those without a value last.

    Attributes:
        by: What is compared. Of a parameter that takes other options than numbers it is their order.
        name: The metric's or the parameter's name.
        descending: Whether the largest come first.

    Raises:
        InputError: A metric or a parameter without a name, or something else with one.
    """

    by: SortedBy
    name: str = ""
    descending: bool = False

    def __post_init__(self) -> None:
        named = self.by in ("metric", "param")
        if named and not self.name.isidentifier():
            raise InputError(f"the {self.by} to sort by was {self.name!r}; it is a name such as `sharpe`")
        if not named and self.name:
            raise InputError(f"{self.by} to sort by was named {self.name!r}; a metric and a param have names")


BY_NUMBER = EpisodeSort(by="number")
BEST_FIRST = EpisodeSort(by="score", descending=True)


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
    are, but for the first page in an order that the ledger does not keep: that looks once at every
    episode. An unknown id raises `JobNotFound`, a cursor that this method did not give `InputError`, a
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
        sort: EpisodeSort = BY_NUMBER,
        states: Iterable[EpisodeState] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> EpisodePage:
        """Read a page of a job's episodes, in the order asked for.

        While the job runs, whoever follows the cursors meets no episode twice, and every one that was
        there at the beginning; one that ends meanwhile is met if its place is still ahead.
        """
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
