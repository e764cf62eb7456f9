"""`/api/health`: how the service is."""

from fastapi import APIRouter

from trad.errors import LedgerUnavailable
from trad.server.problems import documented
from trad.server.schemas_health import DatabaseOut, HealthOut, QueueOut, WorkerOut
from trad.server.state import ServerState, State
from trad.service.documents import moment
from trad.training.workers import RegisteredWorker

router = APIRouter(tags=["service"])


@router.get("/api/health", operation_id="health", responses=documented())
def health(state: State) -> HealthOut:
    """Say how the service is: its database, its workers, its queue. Answers 200 also where something ails."""
    try:
        return _health(state)
    except LedgerUnavailable as error:
        database = DatabaseOut(ok=False, ailment=str(error))
        return HealthOut(status="ailing", version=state.version, database=database, workers=[], jobs=None)


def _health(state: ServerState) -> HealthOut:
    around = state.outlook.surroundings()
    counts = state.storage.browser.counts()
    return HealthOut(
        status="ok" if around.ailment is None else "ailing",
        version=state.version,
        database=DatabaseOut(ok=around.ailment is None, ailment=around.ailment),
        workers=[_worker(worker) for worker in around.workers],
        jobs=QueueOut(**counts),
    )


def _worker(worker: RegisteredWorker) -> WorkerOut:
    report = worker.report
    return WorkerOut(
        id=report.id,
        host=report.host,
        pid=report.pid,
        processes=report.processes,
        alive=worker.alive,
        job_id=report.job_id,
        version=report.version,
        started_at=moment(worker.started_at) or "",
        heartbeat_at=moment(worker.heartbeat_at) or "",
    )
