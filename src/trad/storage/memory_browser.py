"""Looking at the jobs of a ledger in memory."""

from collections import Counter
from collections.abc import Iterable

from trad.storage import ids
from trad.storage.cursors import (
    JobCursor,
    read_job,
    read_number,
    read_rank,
    read_score,
    strange,
    written_job,
    written_place,
)
from trad.storage.kept import Kept
from trad.storage.records import LOOK_BACK_SECONDS
from trad.storage.sort_values import Options, options_of, sort_value
from trad.training.browsing import (
    BEST_FIRST,
    BY_NUMBER,
    Changes,
    EndedEpisode,
    EpisodePage,
    EpisodeSort,
    JobPage,
)
from trad.training.job import JOB_STATES, Episode, EpisodeState, Job, JobState, Submission

Rank = tuple[bool, float, int]


class MemoryBrowser:
    """A `JobBrowser` for tests and short runs: it looks through everything each time.

    Args:
        kept: What the ledger holds: `MemoryLedger.kept`.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, cursor: str | None = None
    ) -> JobPage:
        """Read a page of jobs, newest first."""
        wanted, size = frozenset(states), max(limit, 1)
        behind = None if cursor is None else read_job(cursor)
        with self._kept.lock:
            newest = sorted(self._kept.jobs.values(), key=_age, reverse=True)
        found = [job for job in newest if not wanted or job.state in wanted]
        if behind is not None:
            found = [job for job in found if _age(job) < (behind.created_at, behind.id)]
        more = written_job(JobCursor(*_age(found[size - 1]))) if len(found) > size else None
        return JobPage(jobs=tuple(found[:size]), cursor=more)

    def episodes(
        self,
        job_id: str,
        *,
        sort: EpisodeSort = BY_NUMBER,
        states: Iterable[EpisodeState] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> EpisodePage:
        """Read a page of a job's episodes, in the order asked for."""
        wanted, size = frozenset(states), max(limit, 1)
        with self._kept.lock:
            every = self._episodes(job_id)
            options = options_of(self._kept.jobs[job_id].spec.space, sort.name)
        ranks = {episode.number: _rank(episode, sort, options) for episode in every.values()}
        behind = None if cursor is None else _behind(cursor, sort, ranks)
        found = [
            episode
            for episode in sorted(every.values(), key=lambda one: ranks[one.number])
            if (not wanted or episode.state in wanted) and (behind is None or ranks[episode.number] > behind)
        ]
        more = written_place(sort, found[size - 1]) if len(found) > size else None
        return EpisodePage(episodes=tuple(found[:size]), cursor=more)

    def episode(self, job_id: str, number: int) -> Episode | None:
        """Read one episode; None where it is not recorded (yet)."""
        return self._episodes(job_id).get(number)

    def ended(self, job_id: str, *, after: int, limit: int) -> list[EndedEpisode]:
        """Read episodes in the order in which they were recorded, from the place behind `after`."""
        placed = list(enumerate(self._episodes(job_id).values(), 1))[max(after, 0) :]
        return [EndedEpisode(place=place, episode=episode) for place, episode in placed[: max(limit, 0)]]

    def changes(self, since: float | None) -> Changes:
        """Read the running jobs and what else changed since `since`, a `Changes.now`."""
        with self._kept.lock:
            now = self._kept.clock()
            jobs, removed = list(self._kept.jobs.values()), list(self._kept.removed.items())
        if since is None:
            return Changes(now=now, jobs=tuple(job for job in jobs if job.state == "running"), removed=())
        look_back = since - LOOK_BACK_SECONDS
        return Changes(
            now=now,
            jobs=tuple(job for job in jobs if job.state == "running" or job.changed_at >= look_back),
            removed=tuple(job_id for job_id, at in removed if at >= look_back),
        )

    def counts(self) -> dict[JobState, int]:
        """Count the jobs in each state, the states without a job too."""
        with self._kept.lock:
            counted = Counter(job.state for job in self._kept.jobs.values())
        return {state: counted[state] for state in JOB_STATES}

    def submitted(self, submission: Submission) -> Job | None:
        """Find the job that a submission created before."""
        with self._kept.lock:
            return self._kept.submitted(submission)

    def _episodes(self, job_id: str) -> dict[int, Episode]:
        with self._kept.lock:
            if job_id not in self._kept.jobs:
                raise ids.unknown(job_id)
            return dict(self._kept.episodes[job_id])


def _age(job: Job) -> tuple[float, str]:
    return job.created_at, job.id


def _rank(episode: Episode, sort: EpisodeSort, options: Options | None) -> Rank:
    return _placed(sort_value(episode, sort, options), episode.number, sort)


def _placed(value: float | None, number: int, sort: EpisodeSort) -> Rank:
    if value is None:
        return True, 0.0, number
    return False, -value if sort.descending else value, number


def _behind(cursor: str, sort: EpisodeSort, ranks: dict[int, Rank]) -> Rank:
    if sort == BEST_FIRST:
        last = read_score(cursor)
        return _placed(last.score, last.number, sort)
    if sort.by == "number":
        number = read_number(cursor, descending=sort.descending).number
        return _placed(float(number), number, sort)
    number = read_rank(cursor, sort)
    if number not in ranks:
        raise strange(cursor)
    return ranks[number]
