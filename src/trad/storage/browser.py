"""Looking at the jobs in a database."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from trad.storage import pages, rows
from trad.storage.clock import Clock, database_clock
from trad.storage.cursors import (
    JobCursor,
    NumberCursor,
    read_job,
    read_number,
    read_score,
    written_job,
    written_place,
)
from trad.storage.database import transaction
from trad.storage.finding import check_job, submitted_job
from trad.storage.ranked_pages import RankedPages
from trad.storage.rankings import Rankings
from trad.storage.records import LOOK_BACK_SECONDS
from trad.storage.tables import episodes as episode_table
from trad.storage.tables import removed_jobs, training_jobs
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


class SqlBrowser:
    """A `JobBrowser` in SQLite or Postgres. Every list walks an index and stops at the page's end.

    Orders of episodes that no index holds are remembered here, in a bounded piece of memory.

    Args:
        engine: From `open_database`.
        clock: What time it is in the database.
    """

    def __init__(self, engine: Engine, clock: Clock = database_clock) -> None:
        self._engine = engine
        self._clock = clock
        self._ranked = RankedPages(engine, Rankings())

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, cursor: str | None = None
    ) -> JobPage:
        """Read a page of jobs, newest first."""
        behind = None if cursor is None else read_job(cursor)
        size = max(limit, 1)
        query = pages.jobs(frozenset(states), behind, size + 1)
        with transaction(self._engine, "read") as connection:
            found = [rows.job_from(row) for row in connection.execute(query).mappings()]
        shown, last = found[:size], found[size - 1 : size]
        more = written_job(JobCursor(last[0].created_at, last[0].id)) if len(found) > size else None
        return JobPage(jobs=tuple(shown), cursor=more)

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
        if sort == BEST_FIRST:
            queries = pages.best_first(job_id, wanted, None if cursor is None else read_score(cursor))
        elif sort.by == "number":
            queries = pages.by_number(job_id, wanted, _number_in(sort, cursor), sort.descending)
        else:
            return self._ranked.page(job_id, sort, wanted, size, cursor)
        found: list[Episode] = []
        with transaction(self._engine, "read") as connection:
            check_job(connection, job_id)
            for query in queries:
                if (missing := size + 1 - len(found)) > 0:
                    page = connection.execute(query(missing)).mappings()
                    found.extend(rows.episode_from(row) for row in page)
        more = written_place(sort, found[size - 1]) if len(found) > size else None
        return EpisodePage(episodes=tuple(found[:size]), cursor=more)

    def episode(self, job_id: str, number: int) -> Episode | None:
        """Read one episode; None where it is not recorded (yet)."""
        column = episode_table.c
        query = select(episode_table).where(column.job_id == job_id, column.number == number)
        with transaction(self._engine, "read") as connection:
            check_job(connection, job_id)
            row = connection.execute(query).mappings().first()
        return None if row is None else rows.episode_from(row)

    def ended(self, job_id: str, *, after: int, limit: int) -> list[EndedEpisode]:
        """Read episodes in the order in which they were recorded, from the place behind `after`."""
        column = episode_table.c
        query = (
            select(episode_table)
            .where(column.job_id == job_id, column.place > after)
            .order_by(column.place)
            .limit(max(limit, 0))
        )
        with transaction(self._engine, "read") as connection:
            check_job(connection, job_id)
            found = connection.execute(query).mappings()
            return [EndedEpisode(place=row["place"], episode=rows.episode_from(row)) for row in found]

    def changes(self, since: float | None) -> Changes:
        """Read the running jobs and what else changed since `since`, a `Changes.now`."""
        column = training_jobs.c
        with transaction(self._engine, "read") as connection:
            # The clock first: what is written between the two is told now or the next time, or both.
            now: float = connection.execute(select(self._clock())).scalar_one()
            found = _jobs_by_id(connection, select(training_jobs).where(column.state == "running"))
            if since is None:
                return Changes(now=now, jobs=tuple(found.values()), removed=())
            look_back = since - LOOK_BACK_SECONDS
            changed = select(training_jobs).where(column.changed_at >= look_back)
            found |= _jobs_by_id(connection, changed.order_by(column.changed_at))
            gone = select(removed_jobs.c.id).where(removed_jobs.c.removed_at >= look_back)
            removed = connection.scalars(gone.order_by(removed_jobs.c.removed_at)).all()
        jobs = tuple(job for job in found.values() if job.id not in removed)
        return Changes(now=now, jobs=jobs, removed=tuple(removed))

    def counts(self) -> dict[JobState, int]:
        """Count the jobs in each state, the states without a job too."""
        query = select(training_jobs.c.state, func.count().label("jobs")).group_by(training_jobs.c.state)
        with transaction(self._engine, "read") as connection:
            counted = {row.state: row.jobs for row in connection.execute(query)}
        return {state: counted.get(state, 0) for state in JOB_STATES}

    def submitted(self, submission: Submission) -> Job | None:
        """Find the job that a submission created before."""
        with transaction(self._engine, "read") as connection:
            return submitted_job(connection, submission)


def _number_in(sort: EpisodeSort, cursor: str | None) -> NumberCursor | None:
    return None if cursor is None else read_number(cursor, descending=sort.descending)


def _jobs_by_id(connection: Connection, query: Select[Any]) -> dict[str, Job]:
    found = map(rows.job_from, connection.execute(query).mappings())
    return {job.id: job for job in found}
