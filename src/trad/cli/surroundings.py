"""What a job's condition depends on besides the job: the time, the workers, the database's health."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trad.service.conditions import Condition, condition
from trad.settings import read_settings
from trad.storage.opening import Storage, open_storage
from trad.training.job import Job

if TYPE_CHECKING:
    from trad.training.workers import RegisteredWorker

_FRESH_SECONDS = 1.0


@contextmanager
def storage() -> Iterator[Storage]:
    """Open the database of the settings for the time of a block."""
    with open_storage(read_settings().database) as opened:
        yield opened


class Surroundings:
    """Reads what surrounds the jobs, once a second at most."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._read_at = -1e300
        self._ahead = 0.0
        self._workers: list[RegisteredWorker] = []
        self._ailment: str | None = None

    def condition(self, job: Job) -> Condition | None:
        """Say what keeps a job from going on; None when nothing does.

        Raises:
            LedgerUnavailable: The database cannot even be read.
        """
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            # The ledger's clock, not this machine's: leases are its own.
            self._ahead = self._storage.browser.changes(None).now - time.monotonic()
            self._workers = self._storage.register.workers()
            self._ailment = self._storage.ailment()
            self._read_at = time.monotonic()
        now = self._ahead + time.monotonic()
        return condition(job, now, workers=self._workers, ailment=self._ailment)

    def conditions(self, jobs: Sequence[Job]) -> dict[str, Condition]:
        """Return what keeps jobs from going on, by their ids, without those that nothing keeps."""
        found = {job.id: self.condition(job) for job in jobs}
        return {job_id: why for job_id, why in found.items() if why is not None}
