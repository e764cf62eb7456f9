"""From a request to a job in the queue, once for each key."""

from dataclasses import dataclass

from trad.errors import (
    CandlesError,
    DataFileError,
    InputError,
    ParameterError,
    SpaceError,
    StrategyNotFound,
    TermsError,
)
from trad.server.problems import Refusal
from trad.server.schemas_request import JobIn
from trad.server.state import ServerState
from trad.server.validation import field_problem
from trad.service.submitting import submit
from trad.training.job import Job, JobSpec, Submission

MOST_QUEUED = 10_000

_FIELDS: tuple[tuple[type[InputError], str], ...] = (
    (StrategyNotFound, "strategy"),
    (DataFileError, "data"),
    (CandlesError, "data"),
    (ParameterError, "params"),
    (SpaceError, "params"),
    (TermsError, "terms"),
)
"""Which field of a request an error of planning speaks of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmittedJob:
    """A job, and whether this request made it."""

    job: Job
    is_new: bool


def submitted_job(state: ServerState, asked: JobIn, key: str | None) -> SubmittedJob:
    """Make the job that is asked for, or find the one that the same request made before.

    Raises:
        SubmissionReused: The key came before with another request.
        Refusal: The queue is full, or what is asked for does not exist or breaks a rule.
        InspectionFailed, LedgerUnavailable: The request may be sent again.
    """
    submission = None if key is None else Submission(key=key, digest=asked.digest())
    with state.keys.held(key):
        if submission is not None and (job := state.storage.browser.submitted(submission)) is not None:
            return SubmittedJob(job=job, is_new=False)
        waiting = state.storage.browser.counts()["queued"]
        if waiting >= MOST_QUEUED:
            raise Refusal(
                429,
                "queue-full",
                f"{waiting:,} jobs are in the queue, the most there may be; cancel some, or wait for workers",
            )
        spec = _planned(state, asked)
        job = submit(state.storage, spec, asked.priority, submission, state.hints)
        return SubmittedJob(job=job, is_new=True)


def _planned(state: ServerState, asked: JobIn) -> JobSpec:
    try:
        return state.inspector.plan(asked.request())
    except InputError as error:
        name = next((name for kind, name in _FIELDS if isinstance(error, kind)), None)
        if name is None:
            raise
        problem = field_problem(f"body.{name}", str(error), getattr(asked, name))
        raise Refusal(422, "invalid", str(error), errors=[problem]) from None
