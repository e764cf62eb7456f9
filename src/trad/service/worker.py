"""A worker of the service: takes the jobs that wait, one after the other, and runs each to its end."""

import itertools
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import structlog

from trad.errors import ExecutorError, InputError, LeaseLost, LedgerUnavailable, TradError
from trad.progress import ProgressSink
from trad.service.hints import Hints
from trad.service.keeping import Keeping
from trad.service.presence import Presence
from trad.service.running import check_unchanged, left_resumable, run_job, worker_identity
from trad.service.starting import name_output, open_executor, output_file
from trad.settings import Settings
from trad.storage.opening import Storage
from trad.training.job import Claim, Job
from trad.training.outage import Backoff, Outage
from trad.training.sinks import LogSink

if TYPE_CHECKING:
    from trad.training.executor import Executor

IDLE_SECONDS = 0.25
"""How often an idle worker looks for a job that no hint told of."""

Watch = Callable[[Claim], Sequence[ProgressSink]]
"""Names who else is shown the progress of a job that was claimed."""


def unwatched(claim: Claim) -> Sequence[ProgressSink]:  # noqa: ARG001 - a `Watch`
    """Show the progress of a job to nobody but the ledger and the log."""
    return ()


class ServiceWorker:
    """Claims whatever waits and runs it; nothing that happens to one job ends the worker.

    Args:
        storage: Where the jobs are; shared with any number of other workers.
        processes: How many episodes run at the same time; 0 runs them in this thread.
        hints: Wake it when a job comes.
        watch: Who else is shown a job's progress.
    """

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        *,
        processes: int,
        hints: Hints,
        watch: Watch = unwatched,
    ) -> None:
        self._storage = storage
        self._settings = settings
        self._processes = processes
        self._hints = hints
        self._watch = watch
        self._log = structlog.stdlib.get_logger("trad.worker").bind(worker=worker_identity())
        self._outage = Outage()
        self._backoff = Backoff()
        self._warm: Executor | None = None
        self._starts = itertools.count(1)
        self._ending = False

    def stop(self) -> None:
        """End when the present job has; an interrupt (KeyboardInterrupt) ends it at once."""
        self._ending = True

    def run(self) -> None:
        """Run jobs until an interrupt or `stop`; what is under way then goes back into the queue.

        Raises:
            KeyboardInterrupt: The interrupt.
            LedgerError: The database is damaged.
        """
        presence = Presence(self._storage.register, self._settings, max(1, self._processes), self._outage)
        with presence:
            try:
                while not self._ending:
                    claim = self._claim() if self._warmed_up() else None
                    if claim is None:
                        self._hints.wait(IDLE_SECONDS)
                        continue
                    presence.busy_with(claim.job_id)
                    self._settle(claim)
                    presence.busy_with(None)
            finally:
                self._cool_down()

    def _warmed_up(self) -> bool:
        """Have processes ready that load their libraries before a job comes; False when none start."""
        if self._warm is not None:
            return True
        name = f"starting-{os.getpid()}-{next(self._starts)}"
        try:
            self._warm = open_executor(self._processes, output_file(self._settings, name))
        except (ExecutorError, OSError) as error:
            self._log.error(f"no job is taken: {error}; trying again")
            self._pause()
            return False
        return True

    def _claim(self) -> Claim | None:
        """Claim the next job; None when there is none, or the database does not answer."""
        try:
            claim = self._storage.ledger.claim(worker_identity(), lease_seconds=self._settings.lease)
        except LedgerUnavailable as error:
            self._outage.failed("claim", error)
            self._pause()
            return None
        except InputError as error:  # a job of a newer Trad, whose spec this one cannot read
            self._log.warning(f"no job is taken: {error}")
            self._pause()
            return None
        self._outage.mended("claim")
        self._backoff.reset()
        return claim

    def _pause(self) -> None:
        time.sleep(self._backoff.pause())

    def _settle(self, claim: Claim) -> None:
        """Run a job to where it ends; the ledger has the cause where that is an error."""
        log = self._log.bind(job=claim.job_id, attempt=claim.attempt)
        log.info("took the job")
        try:
            job = self._run(claim)
        except LeaseLost as lost:
            log.warning(f"left the job to others: {lost}")
        except TradError as error:
            log.warning(f"the job does not go on: {error}")
        except Exception:  # the edge of the worker: what is wrong with one job is no other job's fault
            log.exception("the job does not go on")
        else:
            log.info(f"the job is {job.state}")
        finally:
            self._cool_down()

    def _run(self, claim: Claim) -> Job:
        ledger, settings = self._storage.ledger, self._settings
        executor = self._warm
        assert executor is not None
        every = min(settings.heartbeat, settings.lease / 3)
        with left_resumable(ledger, claim, "queued"), Keeping(ledger, claim, every):
            name_output(executor, settings, claim.job_id)
            check_unchanged(claim.spec, settings)
            sinks = [LogSink(), *self._watch(claim)]
        return run_job(ledger, claim, settings, executor, sinks, leaving="queued")

    def _cool_down(self) -> None:
        """End the processes of the last job: the next one starts from nothing."""
        if self._warm is not None:
            self._warm.stop()
            self._warm = None
