"""The statements that hand jobs to workers and keep them there: the same on SQLite and on Postgres."""

from sqlalchemy import Connection, Select, Update, case, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from trad.progress import JobProgress
from trad.storage.clock import Clock
from trad.storage.records import finite, snapshot
from trad.storage.rows import Values, snapshot_values
from trad.storage.tables import LIVE, training_jobs
from trad.training.job import Claim, Submission

_job = training_jobs.c


def claim_next(
    worker: str, lease_seconds: float, clock: Clock
) -> ReturningUpdate[tuple[str, int, object, str, int]]:
    """Take the next job that waits: one statement, which no two workers can win for the same job.

    On Postgres a row that another worker is just taking is passed over; on SQLite writers take turns.
    What was asked of a job whose worker was lost is left in its row; see `transitions.settled`.
    """
    queue = training_jobs.alias("queue")
    waiting = (
        select(queue.c.id)
        .where(text(LIVE), or_(queue.c.state == "queued", queue.c.lease_until <= clock()))
        .order_by(queue.c.priority.desc(), queue.c.created_at, queue.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return (
        update(training_jobs)
        .where(_job.id == waiting)
        .values(
            state="running",
            attempt=_job.attempt + 1,
            lost_attempts=case((_job.state == "running", _job.lost_attempts + 1), else_=0),
            worker=worker,
            lease_until=clock(lease_seconds),
            heartbeat_at=clock(),
            started_at=func.coalesce(_job.started_at, clock()),
            finished_at=None,
            error=None,
            current_stage="starting",
            backtest_stage=None,
            eta_seconds=None,
            candles_per_second=None,
            running=None,
            note=None,
            changed_at=clock(),
        )
        .returning(_job.id, _job.attempt, _job.spec, _job.request, _job.lost_attempts)
    )


def renew(claim: Claim, clock: Clock) -> ReturningUpdate[tuple[str]]:
    """Renew a claim's lease if it still holds; return what the user asks."""
    return _fenced(claim).values(**_renewed(claim, clock)).returning(_job.request)


def save(claim: Claim, progress: JobProgress, clock: Clock) -> ReturningUpdate[tuple[str]]:
    """Write a job's progress and renew the lease, if the claim still holds; return what the user asks."""
    percent = min(max(finite(progress.percent) or 0.0, 0.0), 100.0)
    return (
        _fenced(claim)
        .values(
            progress=case((_job.progress < percent, percent), else_=_job.progress),
            **snapshot_values(snapshot(progress)),
            **_renewed(claim, clock),
        )
        .returning(_job.request)
    )


def hold(claim: Claim) -> Select[tuple[int, int, int, float, int]]:
    """Lock the claim's job and read its tally; no row when the claim holds no more."""
    return (
        select(
            _job.recorded_episodes,
            _job.completed_episodes,
            _job.failed_episodes,
            _job.best_score,
            _job.best_episode,
        )
        .where(_job.id == claim.job_id, _job.attempt == claim.attempt, _job.state == "running")
        .with_for_update()
    )


def add_submitted(connection: Connection, job: Values, submission: Submission) -> ReturningInsert[tuple[str]]:
    """Insert a job under its submission's key; no row comes back when the key is there already."""
    values = {**job, "submission_key": submission.key, "submission_digest": submission.digest}
    key = ["submission_key"]
    if connection.dialect.name == "sqlite":
        on_sqlite = sqlite.insert(training_jobs).values(values)
        return on_sqlite.on_conflict_do_nothing(index_elements=key).returning(_job.id)
    on_postgres = postgresql.insert(training_jobs).values(values)
    return on_postgres.on_conflict_do_nothing(index_elements=key).returning(_job.id)


def _fenced(claim: Claim) -> Update:
    return update(training_jobs).where(
        _job.id == claim.job_id, _job.attempt == claim.attempt, _job.state == "running"
    )


def _renewed(claim: Claim, clock: Clock) -> dict[str, object]:
    return {"lease_until": clock(claim.lease_seconds), "heartbeat_at": clock()}
