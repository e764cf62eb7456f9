"""How a job's state may change: pure functions from the job that stands to the job that follows.

Every ledger reads a job under a lock, asks here what becomes of it, and writes that. `now` is the
ledger's own time in seconds since 1970.
"""

from dataclasses import replace

from trad.errors import InputError, JobBusy, LeaseLost, SubmissionReused, TransitionError
from trad.storage.records import plain, writable
from trad.training.job import ENDED, Claim, Job, JobSpec, JobState, Request, Submission
from trad.training.ledger import MOST_LOST_ATTEMPTS

AFTER: dict[Request, JobState] = {"cancel": "cancelled", "pause": "paused"}
"""The state that a request leads to."""

LEFT: frozenset[JobState] = ENDED | {"paused", "queued"}
"""The states that a worker may leave a job in."""


def new_job(job_id: str, spec: JobSpec, priority: int, now: float) -> Job:
    """Make the queued job that `spec` asks for.

    Raises:
        InputError, TypeError, ValueError: A number is too large for its column; the spec is no plain data.
    """
    return Job(
        id=job_id,
        state="queued",
        spec=JobSpec.from_json(plain(spec.as_json(), "the job's spec")),
        strategy=writable(spec.strategy) or "",
        optimizer=spec.optimizer,
        objective=spec.objective,
        seed=_fitting("seed", spec.seed, 63),
        priority=_fitting("priority", priority, 31),
        progress=0.0,
        current_episode=0,
        total_episodes=spec.episodes,
        current_stage="queued",
        candles_processed=0,
        total_candles=spec.candles,
        backtest_stage=None,
        best_score=None,
        best_episode=None,
        eta_seconds=None,
        candles_per_second=None,
        completed_episodes=0,
        failed_episodes=0,
        recorded_episodes=0,
        elapsed_seconds=0.0,
        running=(),
        note=None,
        attempt=0,
        lost_attempts=0,
        worker=None,
        lease_until=None,
        request=None,
        fingerprint=None,
        error=None,
        created_at=now,
        changed_at=now,
        started_at=None,
        heartbeat_at=None,
        finished_at=None,
    )


def lease_runs(job: Job, now: float) -> bool:
    """Tell whether a worker holds the job under a lease that has not ended."""
    return job.state == "running" and job.lease_until is not None and job.lease_until > now


def claimed(job: Job, worker: str, lease_seconds: float, now: float) -> Job | None:
    """Return the job in the hands of `worker`, asked for by its id; None when it is completed.

    Raises:
        JobBusy: It runs under a lease that has not ended.
    """
    if job.state == "completed":
        return None
    if lease_runs(job, now):
        left = (job.lease_until or now) - now
        raise JobBusy(
            f"job {job.id} is run by {job.worker}, whose lease lasts another {left:.1f} s; "
            f"watch it with `trad jobs watch {job.id}`, or cancel it first"
        )
    return replace(taken(job, worker, lease_seconds, now), request=None, lost_attempts=0)


def taken(job: Job, worker: str, lease_seconds: float, now: float) -> Job:
    """Return the job in the hands of `worker`, who still has to hear what the user asked."""
    return replace(
        job,
        state="running",
        attempt=job.attempt + 1,
        lost_attempts=job.lost_attempts + 1 if job.state == "running" else 0,
        worker=writable(worker),
        lease_until=now + lease_seconds,
        heartbeat_at=now,
        started_at=now if job.started_at is None else job.started_at,
        finished_at=None,
        error=None,
        current_stage="starting",
        backtest_stage=None,
        eta_seconds=None,
        candles_per_second=None,
        running=(),
        note=None,
        changed_at=now,
    )


def settled(job: Job, now: float) -> Job | None:
    """Return what becomes of a job that was just taken over instead of being run; None: it is run.

    Its worker may have been lost before it heard what the user asked for: that is done now. Or the job
    itself may be what ends its workers: a strategy whose import crashes, say.
    """
    if job.request is not None:
        return finished(job, AFTER[job.request], now)
    if job.lost_attempts < MOST_LOST_ATTEMPTS:
        return None
    cause = (
        f"its worker was lost {job.lost_attempts} times in a row, and no episode was recorded in between; "
        f"most likely it ends the whole process (an import that crashes, too little memory): see the last "
        f"lines of trad.log and {job.id}.log in the worker's log folder, then resume it"
    )
    return finished(job, "paused", now, error=cause)


def finished(
    job: Job, state: JobState, now: float, *, fingerprint: str | None = None, error: str | None = None
) -> Job:
    """Return the job as its worker leaves it; one that is handed back, as its user asked meanwhile.

    Raises:
        TransitionError: A worker cannot leave a job in this state.
    """
    if state not in LEFT:
        allowed = ", ".join(sorted(LEFT))
        raise TransitionError(f"job {job.id} was to be left {state}; a worker leaves a job {allowed}")
    if state == "queued" and job.request is not None:
        state = AFTER[job.request]
    return replace(
        _released(job, state, now),
        worker=None if state == "queued" else job.worker,
        progress=100.0 if state == "completed" else job.progress,
        heartbeat_at=now,
        fingerprint=fingerprint,
        error=writable(error),
    )


def asked(job: Job, request: Request, now: float) -> Job:
    """Return the job after a user asked for a cancel or a pause.

    Raises:
        TransitionError: It has ended.
    """
    if job.state in ENDED:
        raise TransitionError(
            f"job {job.id} is {job.state} already; only a job that has not ended can be asked to {request}"
        )
    if lease_runs(job, now):
        stronger: Request = "cancel" if job.request == "cancel" else request
        return job if job.request == stronger else replace(job, request=stronger, changed_at=now)
    # A cancel that the lost worker never heard of still stands before a later pause.
    state = AFTER["cancel" if job.request == "cancel" else request]
    return job if job.state == state else _released(job, state, now)


def requeued(job: Job, now: float) -> Job:
    """Return the job back in the queue; a queued one as it is.

    Raises:
        TransitionError: It is completed, or runs under a lease that has not ended.
    """
    if job.state == "queued":
        return job
    if job.state == "completed":
        raise TransitionError(f"job {job.id} is completed; start a new one to run it again")
    if lease_runs(job, now):
        raise TransitionError(f"job {job.id} is run by {job.worker}; it needs no resuming")
    return replace(_released(job, "queued", now), worker=None, error=None)


def check_deletable(job: Job, now: float) -> None:
    """Make sure that no worker holds the job.

    Raises:
        TransitionError: It runs under a lease that has not ended.
    """
    if lease_runs(job, now):
        raise TransitionError(
            f"job {job.id} is run by {job.worker}; cancel it first with `trad jobs cancel {job.id}`"
        )


def lease_lost(claim: Claim, job: Job | None) -> LeaseLost:
    """Make the error for a claim that holds no more; `job` is None when it was deleted."""
    if job is None:
        what = "was deleted"
    elif job.attempt != claim.attempt:
        what = f"is at attempt {job.attempt}, of {job.worker}"
    else:
        what = f"is {job.state}"
    return LeaseLost(
        f"job {claim.job_id} {what}; attempt {claim.attempt} of {claim.worker} must stop; nothing was written"
    )


def reused(submission: Submission, job_id: str) -> SubmissionReused:
    """Make the error for a key that came back with another request."""
    return SubmissionReused(
        f"the idempotency key {submission.key!r} created job {job_id} from another request; "
        "a new request needs a key of its own"
    )


def _released(job: Job, state: JobState, now: float) -> Job:
    return replace(
        job,
        state=state,
        current_stage=state,
        finished_at=now if state in ENDED else None,
        lease_until=None,
        request=None,
        eta_seconds=None,
        candles_per_second=job.candles_per_second if state in ENDED else None,
        running=(),
        note=None,
        changed_at=now,
    )


def _fitting(name: str, value: int, bits: int) -> int:
    if not -(2**bits) < value < 2**bits:
        raise InputError(f"{name} was {value}; a {name} is a whole number of at most {bits} bits, such as 7")
    return value
