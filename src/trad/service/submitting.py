"""Putting jobs into the queue, and telling the workers."""

from trad.service.hints import Hints
from trad.storage.opening import Storage
from trad.training.job import Job, JobSpec, Submission


def submit(
    storage: Storage, spec: JobSpec, priority: int, submission: Submission | None, hints: Hints
) -> Job:
    """Add a queued job, or find the one that `submission` created before, and wake a worker for it.

    Raises:
        SubmissionReused: The key stands for a job that was asked for with another digest.
        LedgerUnavailable: The database does not answer; nothing was written.
    """
    return _hinted(storage.ledger.create(spec, priority=priority, submission=submission), hints)


def resume(storage: Storage, job_id: str, hints: Hints) -> Job:
    """Put a job back into the queue, and wake a worker for it.

    Raises:
        JobNotFound: No such job.
        TransitionError: It is completed, or runs.
        LedgerUnavailable: The database does not answer; nothing was written.
    """
    return _hinted(storage.ledger.requeue(job_id), hints)


def _hinted(job: Job, hints: Hints) -> Job:
    if job.state == "queued":
        hints.send(job.id, job.attempt)
    return job
