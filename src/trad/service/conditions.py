"""What keeps a job from going on: the kind of thing, its cause, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trad.training.job import Job
from trad.training.outage import tells_of_outage
from trad.training.stalls import is_stalled
from trad.training.workers import RegisteredWorker

ConditionKind = Literal[
    "no_worker", "busy_workers", "lost_worker", "stalled", "database", "paused", "stopped", "failed"
]

AS_WANTED: frozenset[ConditionKind] = frozenset({"busy_workers", "paused"})
"""Kinds in which nothing is wrong: somebody wanted it so, or only time is needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Why a job does not go on.

    Attributes:
        kind: `no_worker` and `busy_workers`: it waits. `lost_worker`: its worker is silent. `stalled`: an
            episode does not move. `database`: it cannot be written. `paused`: its user wanted it.
            `stopped` and `failed`: an error ended it, for now or for good.
        cause: What happened.
        remedy: What to do, or what happens by itself.
    """

    kind: ConditionKind
    cause: str
    remedy: str


def condition(
    job: Job, now: float, *, workers: Sequence[RegisteredWorker], ailment: str | None = None
) -> Condition | None:
    """Say what keeps a job from going on; None when nothing does, or it is over.

    Args:
        job: As it was read.
        now: The ledger's time.
        workers: The register, with those that are gone.
        ailment: What keeps the database from being written.
    """
    if job.state in ("queued", "running"):
        if ailment is not None:
            return _database(ailment)
        return _queued(job, workers) if job.state == "queued" else _running(job, now, workers)
    if job.state == "paused":
        return _paused(job)
    if job.state == "failed":
        return Condition(
            kind="failed",
            cause=job.error or "it failed",
            remedy=f"mend the cause, then go on with `trad jobs resume {job.id}`, or start a new job",
        )
    return None


def _queued(job: Job, workers: Sequence[RegisteredWorker]) -> Condition | None:
    alive = [worker for worker in workers if worker.alive]
    if not alive:
        return Condition(
            kind="no_worker",
            cause="no worker is running",
            remedy=f"start `trad serve` or `trad worker`, or run it here with `trad jobs resume {job.id}`",
        )
    if all(worker.report.job_id is not None for worker in alive):
        busy = "the only worker is" if len(alive) == 1 else f"all {len(alive)} workers are"
        return Condition(
            kind="busy_workers",
            cause=f"{busy} busy with another job" if len(alive) == 1 else f"{busy} busy with other jobs",
            remedy="wait for its turn, or start another `trad worker`",
        )
    return None


def _running(job: Job, now: float, workers: Sequence[RegisteredWorker]) -> Condition | None:
    if job.lease_until is not None and job.lease_until < now:
        others = any(worker.alive and worker.report.id != job.worker for worker in workers)
        silent = now - (job.heartbeat_at or job.lease_until)
        return Condition(
            kind="lost_worker",
            cause=f"its worker {job.worker} has not been heard of for {silent:.0f} s",
            remedy="another worker takes it over when it is free"
            if others
            else f"start `trad worker`, or go on here with `trad jobs resume {job.id}`",
        )
    if job.note is None:
        return None
    if tells_of_outage(job.note):
        return _database(job.note)
    if is_stalled(job.note):
        cause, _, remedy = job.note.partition("; ")
        return Condition(kind="stalled", cause=cause, remedy=remedy)
    return None


def _paused(job: Job) -> Condition:
    go_on = f"go on with `trad jobs resume {job.id}`, or `--detach` to leave it to a worker"
    if job.error is None:
        return Condition(kind="paused", cause="it was paused", remedy=go_on)
    return Condition(kind="stopped", cause=job.error, remedy=f"mend the cause, then {go_on}")


def _database(trouble: str) -> Condition:
    """Take the cause and what to do apart: `the database X was locked for 2 s; close the program ...`."""
    cause, _, remedy = trouble.partition("; ")
    by_itself = "the job goes on by itself when the database can be written again"
    return Condition(kind="database", cause=cause, remedy=f"{remedy}; {by_itself}" if remedy else by_itself)
