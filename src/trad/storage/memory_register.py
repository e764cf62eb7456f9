"""The register of workers in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import time

from trad.storage.records import FORGOTTEN_SECONDS, reportable
from trad.training.workers import RegisteredWorker, WorkerReport


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    report: WorkerReport
    started_at: float
    heartbeat_at: float
    lease_until: float


class MemoryWorkerRegister:
    """A `WorkerRegister` that one process keeps to itself.

    Args:
        clock: What time it is: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self._lock = Lock()
        self._entries: dict[str, _Entry] = {}

    def report(self, worker: WorkerReport, *, lease_seconds: float) -> None:
        """Enter a worker, or renew what it said of itself."""
        said = reportable(worker)
        with self._lock:
            now = self._clock()
            earlier = self._remembered(now).get(said.id)
            self._entries[said.id] = _Entry(
                report=said,
                started_at=now if earlier is None else earlier.started_at,
                heartbeat_at=now,
                lease_until=now + lease_seconds,
            )

    def leave(self, worker_id: str) -> None:
        """Strike a worker off; one that is not there is no error."""
        with self._lock:
            self._entries.pop(worker_id, None)

    def workers(self) -> list[RegisteredWorker]:
        """Read the workers, the longest serving first."""
        with self._lock:
            now = self._clock()
            entries = list(self._remembered(now).values())
        entries.sort(key=lambda entry: (entry.started_at, entry.report.id))
        return [
            RegisteredWorker(
                report=entry.report,
                started_at=entry.started_at,
                heartbeat_at=entry.heartbeat_at,
                alive=entry.lease_until > now,
            )
            for entry in entries
        ]

    def _remembered(self, now: float) -> dict[str, _Entry]:
        heard_of = self._entries.items()
        self._entries = {name: one for name, one in heard_of if one.heartbeat_at > now - FORGOTTEN_SECONDS}
        return self._entries
