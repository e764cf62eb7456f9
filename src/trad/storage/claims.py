"""The statements that hand jobs to workers and keep them there: the same on SQLite and on Postgres."""

from collections.abc import Sequence

from sqlalchemy import Connection, Insert, Select, Update, case, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from trad.progress import JobProgress
from trad.storage.clock import Clock
from trad.storage.records import finite, snapshot
from trad.storage.tables import LIVE, episodes, training_jobs
from trad.training.job import Claim

_job = training_jobs.c


def claim_next(
    worker: str, lease_seconds: float, clock: Clock
) -> ReturningUpdate[tuple[str, int, object, str]]:
    """Take the next job that waits: one statement, which no two workers can win for the same job.

    On Postgres a row that another worker is just taking is passed over; on SQLite writers take turns.
    What was asked of a job whose worker was lost is left in its row and returned.
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
        )
        .returning(_job.id, _job.attempt, _job.spec, _job.request)
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
            **snapshot(progress),
            **_renewed(claim, clock),
        )
        .returning(_job.request)
    )


def hold(claim: Claim) -> Select[tuple[int, int, float, int]]:
    """Lock the claim's job and read its tally; no row when the claim holds no more."""
    return (
        select(_job.completed_episodes, _job.failed_episodes, _job.best_score, _job.best_episode)
        .where(_job.id == claim.job_id, _job.attempt == claim.attempt, _job.state == "running")
        .with_for_update()
    )


def recorded_numbers(job_id: str, numbers: Sequence[int]) -> Select[tuple[int]]:
    """Read which of these episodes are recorded already."""
    return select(episodes.c.number).where(episodes.c.job_id == job_id, episodes.c.number.in_(numbers))


def add_episodes(connection: Connection) -> Insert:
    """Insert episodes; those that are there already stay as they are."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(episodes).on_conflict_do_nothing()
    return postgresql.insert(episodes).on_conflict_do_nothing()


def _fenced(claim: Claim) -> Update:
    return update(training_jobs).where(
        _job.id == claim.job_id, _job.attempt == claim.attempt, _job.state == "running"
    )


def _renewed(claim: Claim, clock: Clock) -> dict[str, object]:
    return {"lease_until": clock(claim.lease_seconds), "heartbeat_at": clock()}
