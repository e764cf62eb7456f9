"""`/api/jobs`: make jobs, look at them, stop and resume them."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from trad.server.problems import documented
from trad.server.routes.parameters import Cursor, JobId, Limit
from trad.server.schemas import JobOut, JobPageOut
from trad.server.schemas_request import JobIn
from trad.server.state import State
from trad.server.submissions import submitted_job
from trad.service.submitting import resume
from trad.training.job import JobState

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

_LOCATION = {"Location": {"description": "Where the job is.", "schema": {"type": "string"}}}
_KEY = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,255}$",
        description="A name for this request, made up by the client: sent again, it makes no second job.",
    ),
]


@router.post(
    "",
    operation_id="create_job",
    status_code=201,
    responses={
        **documented(408, 413, 415, 422),
        200: {"model": JobOut, "description": "The job that this request made before.", "headers": _LOCATION},
        201: {"description": "A new job, in the queue.", "headers": _LOCATION},
    },
)
def create_job(asked: JobIn, state: State, response: Response, key: _KEY = None) -> JobOut:
    """Make a job, and put it in the queue.

    Strategy and data are found and checked first; with an `Idempotency-Key` the same request may be sent
    again and makes one job.
    """
    made = submitted_job(state, asked, key)
    response.status_code = 201 if made.is_new else 200
    response.headers["Location"] = f"/api/jobs/{made.job.id}"
    return state.outlook.job(made.job)


@router.get("", operation_id="list_jobs", responses=documented(422))
def list_jobs(
    state: State,
    states: Annotated[
        list[JobState], Query(alias="state", max_length=6, description="Only in these; may be repeated.")
    ] = [],  # noqa: B006 - read only; FastAPI's way to say that none is needed
    cursor: Cursor = None,
    limit: Limit = 100,
) -> JobPageOut:
    """List jobs, newest first."""
    page = state.storage.browser.jobs(states=states, limit=limit, cursor=cursor)
    return JobPageOut(jobs=state.outlook.jobs(page.jobs), cursor=page.cursor)


@router.get("/{job_id}", operation_id="get_job", responses=documented(404, 422))
def get_job(job_id: JobId, state: State) -> JobOut:
    """Show one job."""
    return state.outlook.job(state.storage.ledger.job(job_id))


@router.delete("/{job_id}", operation_id="delete_job", status_code=204, responses=documented(404, 409, 422))
def delete_job(job_id: JobId, state: State) -> None:
    """Delete a job and its episodes; one that runs must be cancelled first."""
    state.storage.ledger.delete(job_id)


@router.post("/{job_id}/cancel", operation_id="cancel_job", responses=documented(404, 409, 422))
def cancel_job(job_id: JobId, state: State) -> JobOut:
    """Stop a job for good; what it recorded stays.

    A running one stops when its worker hears of it, within a second or two: until then `request` says so.
    """
    return state.outlook.job(state.storage.ledger.request(job_id, "cancel"))


@router.post("/{job_id}/pause", operation_id="pause_job", responses=documented(404, 409, 422))
def pause_job(job_id: JobId, state: State) -> JobOut:
    """Stop a job for now; what it recorded stays.

    A running one stops when its worker hears of it, within a second or two: until then `request` says so.
    """
    return state.outlook.job(state.storage.ledger.request(job_id, "pause"))


@router.post("/{job_id}/resume", operation_id="resume_job", responses=documented(404, 409, 422))
def resume_job(job_id: JobId, state: State) -> JobOut:
    """Put a stopped job back in the queue: it goes on where it stopped, to the same result."""
    return state.outlook.job(resume(state.storage, job_id, state.hints))
