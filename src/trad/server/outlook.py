"""Jobs with what there is to say about them at the moment: who could run them, and what ails the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from trad.server.schemas import JobOut, job_out
from trad.service.conditions import Condition, condition
from trad.storage.opening import Storage
from trad.training.job import Job
from trad.training.workers import RegisteredWorker

FRESH_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a job's condition depends on besides the job.

    Attributes:
        ahead: How many seconds the ledger's clock is ahead of this process's monotonic one.
        ailment: What keeps the database from being written; None when nothing does.
    """

    ahead: float
    workers: tuple[RegisteredWorker, ...]
    ailment: str | None
    taken_at: float

    @property
    def now(self) -> float:
        """The ledger's time."""
        return self.ahead + monotonic()


class Outlook:
    """Reads the surroundings at most once a second, however many ask; callable from any thread."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._reading = Lock()
        self._last: Surroundings | None = None

    def surroundings(self) -> Surroundings:
        """Return the surroundings, read now or a moment ago.

        While one caller reads, the others get the last ones: a database that is slow to answer holds up
        one of them.

        Raises:
            LedgerUnavailable: The database does not answer.
        """
        last = self._last
        if last is not None and monotonic() - last.taken_at < FRESH_SECONDS:
            return last
        if not self._reading.acquire(blocking=last is None):
            assert last is not None
            return last
        try:
            self._last = self._read()
            return self._last
        finally:
            self._reading.release()

    def _read(self) -> Surroundings:
        storage = self._storage
        ahead = storage.browser.changes(None).now - monotonic()
        return Surroundings(
            ahead=ahead,
            workers=tuple(storage.register.workers()),
            ailment=storage.ailment(),
            taken_at=monotonic(),
        )

    def jobs(self, jobs: Iterable[Job]) -> list[JobOut]:
        """Return jobs as the API shows them, each with its condition."""
        around = self.surroundings()
        return [job_out(job, _condition(job, around)) for job in jobs]

    def job(self, job: Job) -> JobOut:
        """Return a job as the API shows it, with its condition."""
        return self.jobs([job])[0]


def _condition(job: Job, around: Surroundings) -> Condition | None:
    return condition(job, now=around.now, workers=around.workers, ailment=around.ailment)
