"""The ledger in a database."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import time

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    delete,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from trad.progress import JobProgress
from trad.storage import claims, ids, rows, transitions
from trad.storage.clock import Clock, UtcTime, database_clock
from trad.storage.database import open_database, transaction
from trad.storage.finding import check_job, row_of, submitted_job
from trad.storage.recording import add_episodes, recorded_numbers
from trad.storage.records import REMEMBERED_SECONDS, first_told, writable
from trad.storage.tables import episodes as episode_table
from trad.storage.tables import removed_jobs, training_jobs
from trad.training.job import Claim, Episode, EpisodeState, Job, JobSpec, JobState, Request, Submission
from trad.training.ledger import MOST_LOST_ATTEMPTS


@contextmanager
def open_ledger(url: str) -> Iterator["SqlLedger"]:
    """Open the database at `url` for the time of a block, see `open_database`."""
    engine = open_database(url)
    try:
        yield SqlLedger(engine)
    finally:
        engine.dispose()


class SqlLedger:
    """A `JobLedger` in SQLite or Postgres, shared by any number of threads, processes and machines.

    A database that stays locked, is full or is gone raises `LedgerUnavailable`, which says so; the
    operation wrote nothing, and may be tried again. What a heartbeat or a progress write left behind
    survives the death of any process, everything else the loss of power too.

    Args:
        engine: From `open_database`.
        clock: What time it is in the database.
    """

    def __init__(self, engine: Engine, clock: Clock = database_clock) -> None:
        self._engine = engine
        self._clock = clock

    def create(self, spec: JobSpec, *, priority: int = 0, submission: Submission | None = None) -> Job:
        """Add a queued job under a new id, or return the one that `submission` created before."""
        with transaction(self._engine, "lasting") as connection:
            job = transitions.new_job(ids.new_job_id(time()), spec, priority, self._now(connection))
            values = rows.job_values(job)
            if submission is None:
                connection.execute(insert(training_jobs).values(values))
                return job
            statement = claims.add_submitted(connection, values, submission)
            # Who lost to another insertion finds its job; unless that was deleted since: then again.
            while connection.execute(statement).first() is None:
                if earlier := submitted_job(connection, submission):
                    return earlier
        return job

    def claim(self, worker: str, *, lease_seconds: float, job_id: str | None = None) -> Claim | None:
        """Take a job to run: `job_id`, or else the next that waits."""
        with transaction(self._engine, "lasting") as connection:
            if job_id is not None:
                return self._claim_named(connection, worker, lease_seconds, job_id)
            return self._claim_next(connection, worker, lease_seconds)

    def heartbeat(self, claim: Claim) -> Request | None:
        """Renew the lease; return what the user asks of the job, if anything."""
        with transaction(self._engine, "passing") as connection:
            row = connection.execute(claims.renew(claim, self._clock)).mappings().first()
            asked: Request | None = self._held(connection, claim, row)["request"]
            return asked

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        """Write the job's progress columns and renew the lease: one UPDATE."""
        with transaction(self._engine, "passing") as connection:
            row = connection.execute(claims.save(claim, progress, self._clock)).mappings().first()
            asked: Request | None = self._held(connection, claim, row)["request"]
            return asked

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        """Add ended episodes and bring counts and best score up to date."""
        told = first_told(episodes)
        with transaction(self._engine, "lasting") as connection:
            row = connection.execute(claims.hold(claim)).mappings().first()
            tally = rows.tally_from(self._held(connection, claim, row))
            known = recorded_numbers(connection, claim.job_id, list(told))
            fresh = [episode for number, episode in told.items() if number not in known]
            if not fresh:
                return
            add_episodes(connection, claim.job_id, fresh, tally.recorded_episodes + 1)
            changed = {
                "changed_at": self._clock(),
                "lost_attempts": 0,
                **rows.tally_values(tally.plus(fresh)),
            }
            self._write(connection, claim.job_id, changed)

    def finish(
        self, claim: Claim, state: JobState, *, fingerprint: str | None = None, error: str | None = None
    ) -> Job:
        """End this attempt; `completed` makes progress 100, `queued` hands the job back."""
        with transaction(self._engine, "lasting") as connection:
            row = connection.execute(claims.hold(claim)).mappings().first()
            self._held(connection, claim, row)
            job, now = self._locked(connection, claim.job_id)
            after = transitions.finished(job, state, now, fingerprint=fingerprint, error=error)
            return self._change(connection, job, after)

    def request(self, job_id: str, request: Request) -> Job:
        """Ask for a cancel or a pause."""
        with transaction(self._engine, "lasting") as connection:
            job, now = self._locked(connection, job_id)
            return self._change(connection, job, transitions.asked(job, request, now))

    def requeue(self, job_id: str) -> Job:
        """Put a paused, failed or cancelled job, or one whose worker was lost, back in the queue."""
        with transaction(self._engine, "lasting") as connection:
            job, now = self._locked(connection, job_id)
            return self._change(connection, job, transitions.requeued(job, now))

    def delete(self, job_id: str) -> None:
        """Remove the job and its episodes."""
        with transaction(self._engine, "lasting") as connection:
            transitions.check_deletable(*self._locked(connection, job_id))
            connection.execute(delete(training_jobs).where(training_jobs.c.id == job_id))
            removed = removed_jobs.c
            old = delete(removed_jobs).where(removed.removed_at < self._clock(-REMEMBERED_SECONDS))
            connection.execute(old)
            connection.execute(insert(removed_jobs).values(id=job_id, removed_at=self._clock()))

    def job(self, job_id: str) -> Job:
        """Read one job, by its id or a unique beginning of it."""
        column = training_jobs.c.id
        query = select(training_jobs).where(column.between(*ids.span(job_id))).order_by(column)
        with transaction(self._engine, "read") as connection:
            found = [rows.job_from(row) for row in connection.execute(query.limit(2)).mappings()]
        if not found:
            raise ids.unknown(job_id)
        if len(found) > 1:
            raise ids.ambiguous(job_id, *(job.id for job in found))
        return found[0]

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, before: str | None = None
    ) -> list[Job]:
        """Read jobs, newest first."""
        column = training_jobs.c
        query = (
            select(training_jobs).order_by(column.created_at.desc(), column.id.desc()).limit(max(limit, 0))
        )
        if wanted := list(states):
            query = query.where(column.state.in_(wanted))
        with transaction(self._engine, "read") as connection:
            if before is not None:
                last = row_of(connection, before, select(training_jobs))
                place = tuple_(literal(last["created_at"], UtcTime()), literal(last["id"]))
                query = query.where(tuple_(column.created_at, column.id) < place)
            return [rows.job_from(row) for row in connection.execute(query).mappings()]

    def episodes(
        self, job_id: str, *, after: int = 0, limit: int | None = None, states: Iterable[EpisodeState] = ()
    ) -> list[Episode]:
        """Read a job's episodes with a number above `after`, in order of their numbers."""
        column = episode_table.c
        query = (
            select(episode_table)
            .where(column.job_id == job_id, column.number > after)
            .order_by(column.number)
        )
        if limit is not None:
            query = query.limit(max(limit, 0))
        if wanted := list(states):
            query = query.where(column.state.in_(wanted))
        with transaction(self._engine, "read") as connection:
            check_job(connection, job_id)
            return [rows.episode_from(row) for row in connection.execute(query).mappings()]

    def _claim_named(
        self, connection: Connection, worker: str, lease_seconds: float, job_id: str
    ) -> Claim | None:
        job, now = self._locked(connection, job_id)
        after = transitions.claimed(job, worker, lease_seconds, now)
        if after is None:
            return None
        self._change(connection, job, after)
        return Claim(
            job_id=job_id, attempt=after.attempt, worker=worker, lease_seconds=lease_seconds, spec=job.spec
        )

    def _claim_next(self, connection: Connection, worker: str, lease_seconds: float) -> Claim | None:
        statement = claims.claim_next(writable(worker) or worker, lease_seconds, self._clock)
        while row := connection.execute(statement).mappings().first():
            if row["request"] is None and row["lost_attempts"] < MOST_LOST_ATTEMPTS:
                return Claim(
                    job_id=row["id"],
                    attempt=row["attempt"],
                    worker=worker,
                    lease_seconds=lease_seconds,
                    spec=JobSpec.from_json(row["spec"]),
                )
            job, now = self._locked(connection, row["id"])
            if (instead := transitions.settled(job, now)) is not None:
                self._change(connection, job, instead)
        return None

    def _now(self, connection: Connection) -> float:
        return connection.execute(select(self._clock())).scalar_one()

    def _locked(self, connection: Connection, job_id: str) -> tuple[Job, float]:
        """Read a job and the time, and let nobody else change it until the transaction ends."""
        row = row_of(connection, job_id, select(training_jobs).with_for_update())
        return rows.job_from(row), self._now(connection)

    def _change(self, connection: Connection, before: Job, after: Job) -> Job:
        if values := rows.changes(before, after):
            self._write(connection, before.id, values)
        return after

    def _write(self, connection: Connection, job_id: str, values: rows.Values) -> None:
        connection.execute(update(training_jobs).where(training_jobs.c.id == job_id).values(values))

    def _held(self, connection: Connection, claim: Claim, row: RowMapping | None) -> RowMapping:
        """Return what a fenced statement gave; nothing means that the claim holds no more."""
        if row is not None:
            return row
        found = (
            connection.execute(select(training_jobs).where(training_jobs.c.id == claim.job_id))
            .mappings()
            .first()
        )
        raise transitions.lease_lost(claim, None if found is None else rows.job_from(found))
