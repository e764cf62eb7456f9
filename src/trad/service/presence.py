"""A worker's entry in the register, renewed for as long as the worker is there."""

import os
import socket
from importlib.metadata import version as installed
from threading import Event, Thread
from types import TracebackType
from typing import Self

from trad.errors import LedgerError, LedgerUnavailable
from trad.service.running import worker_identity
from trad.settings import Settings
from trad.training.outage import Outage
from trad.training.workers import WorkerRegister, WorkerReport


class Presence:
    """Enters this process in the register for the time of a block, from a thread of its own.

    Args:
        processes: How many episodes it runs at the same time.
        outage: Is told when the register does not answer.
    """

    def __init__(self, register: WorkerRegister, settings: Settings, processes: int, outage: Outage) -> None:
        self._register = register
        self._settings = settings
        self._processes = processes
        self._outage = outage
        self._job_id: str | None = None
        self._version = installed("trad")
        self._over = Event()
        self._changed = Event()
        self._thread = Thread(target=self._renew, name="trad-presence", daemon=True)

    def busy_with(self, job_id: str | None) -> None:
        """Say which job the worker runs; None: it waits for one."""
        self._job_id = job_id
        self._changed.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._changed.set()
        self._thread.join()

    def _renew(self) -> None:
        every = min(self._settings.heartbeat, self._settings.lease / 3)
        while not self._over.is_set():
            self._changed.clear()
            try:
                self._register.report(self._report(), lease_seconds=self._settings.lease)
                self._outage.mended("register")
            except LedgerUnavailable as error:
                self._outage.failed("register", error)
            self._changed.wait(every)
        if self._outage.fails("register"):
            return  # whoever ends it waits for no database: the entry's own lease ends it
        try:
            self._register.leave(worker_identity())
        except LedgerError:
            return  # as above

    def _report(self) -> WorkerReport:
        return WorkerReport(
            id=worker_identity(),
            host=socket.gethostname(),
            pid=os.getpid(),
            processes=self._processes,
            job_id=self._job_id,
            version=self._version,
        )
