"""The contract of the register of workers: who is there to run jobs."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerReport:
    """What a worker says of itself.

    Attributes:
        id: Its name in `Job.worker`, unlike that of any other process on any machine.
        processes: How many episodes it runs at the same time.
        job_id: The job it runs; None: it waits for one.
        version: The version of Trad it runs.
    """

    id: str
    host: str
    pid: int
    processes: int
    job_id: str | None
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredWorker:
    """A worker as the register has it; times are seconds since 1970, UTC, by the database's clock.

    Attributes:
        alive: Whether it was heard of within the lease that it reported with.
    """

    report: WorkerReport
    started_at: float
    heartbeat_at: float
    alive: bool


class WorkerRegister(Protocol):
    """Keeps the service's workers: those that claim whatever waits.

    All methods may be called from any thread; each is one transaction. A database that does not answer
    raises `LedgerUnavailable`.
    """

    def report(self, worker: WorkerReport, *, lease_seconds: float) -> None:
        """Enter a worker, or renew what it said of itself: it counts as alive for `lease_seconds`."""
        ...

    def leave(self, worker_id: str) -> None:
        """Strike a worker off; one that is not there is no error."""
        ...

    def workers(self) -> list[RegisteredWorker]:
        """Read the workers, the longest serving first; those silent for an hour are forgotten."""
        ...
