"""One run of a job from the command line: progress on stderr while it runs, its result on stdout."""

import json
import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext
from types import TracebackType
from typing import Self

import typer
from rich.console import Console

from trad.cli.bars import TerminalBars
from trad.cli.edges import DONE, FAILED, INTERRUPTED, complain, exit_code
from trad.cli.lines import StderrLines
from trad.cli.report import job_report
from trad.errors import LedgerUnavailable, TradError
from trad.progress import ProgressSink
from trad.service.documents import first_failure, result_document
from trad.service.logs import configure_logging
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, claim_again, run_job
from trad.service.starting import name_output
from trad.service.visible import visible
from trad.settings import read_settings
from trad.storage.ledger import open_ledger
from trad.training.executor import Executor
from trad.training.job import Claim, Job, JobSpec
from trad.training.sinks import LogSink


class Session:
    """Opens what a run needs, and closes it however the run ends.

    Args:
        quiet: Show no progress.
        as_json: Print the result as a JSON document.
    """

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self._quiet = quiet
        self._as_json = as_json
        self._closing = ExitStack()
        self.settings = read_settings()
        self._console = Console(stderr=True)
        self._bars: TerminalBars | None = None

    def __enter__(self) -> Self:
        configure_logging(self.settings)
        self.ledger = self._closing.enter_context(open_ledger(self.settings.database))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def train(self, request: TrainRequest, executor: Executor) -> Job:
        """Plan a new job and run it."""
        with self._busy("reading data and strategy"):
            planned = plan_job(request, self.settings)
        return self._run(begin_job(self.ledger, planned, self.settings), executor)

    def resume(self, job_id: str, executor: Executor) -> Job:
        """Claim a stopped job again and run it to its end."""
        return self._run(claim_again(self.ledger, job_id, self.settings, self._say), executor)

    def _run(self, claim: Claim, executor: Executor) -> Job:
        name_output(executor, self.settings, claim.job_id)
        names = [executor.worker_name(slot) for slot in range(executor.workers)]
        sinks = [LogSink(), *self._shown(title(claim.spec, claim.job_id), names)]
        try:
            job = run_job(self.ledger, claim, self.settings, executor, sinks)
        except KeyboardInterrupt:
            self._say_resumable(claim.job_id, "interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except TradError as error:
            complain(str(error))
            self._say_resumable(claim.job_id, "stopped")
            raise typer.Exit(exit_code(error)) from None
        finally:
            if self._bars is not None:
                self._bars.close()
        return job

    def _shown(self, heading: str, workers: list[str]) -> list[ProgressSink]:
        if self._quiet:
            return []
        if not self._console.is_terminal:
            return [StderrLines()]
        self._bars = TerminalBars(self._console, heading, workers)
        return [self._bars]

    def _busy(self, doing: str) -> AbstractContextManager[object]:
        """Say on a terminal what is being done before the first bar can move."""
        if self._quiet or not self._console.is_terminal:
            return nullcontext()
        return self._console.status(doing)

    def _say_resumable(self, job_id: str, how: str) -> None:
        try:
            job = self.ledger.job(job_id)
        except LedgerUnavailable as error:
            self._say(f"{how}; {error}; go on with: trad jobs resume {job_id}")
            return
        done = job.completed_episodes + job.failed_episodes
        self._say(
            f"{how} after {done} of {job.total_episodes} episodes, all of them recorded; "
            f"go on with: trad jobs resume {job_id}"
        )

    def _say(self, text: str) -> None:
        if not self._quiet:
            sys.stderr.write(f"{text}\n")

    def finish(self, job: Job) -> None:
        """Print the result and leave with the exit code that it deserves."""
        if self._as_json:
            typer.echo(json.dumps(result_document(self.ledger, job), indent=2, allow_nan=False))
            if not job.completed_episodes and (failure := first_failure(self.ledger, job)) is not None:
                complain(f"no episode completed; episode {failure.number} failed: {failure.error}")
        else:
            job_report(Console(), self.ledger, job)
        scored = job.state == "completed" and job.completed_episodes > 0
        raise typer.Exit(DONE if scored or job.state in ("paused", "cancelled") else FAILED)


def title(spec: JobSpec, job_id: str) -> str:
    """Say what is trained, on what, how: the line above the bars."""
    strategy = spec.strategy.rsplit("/", 1)[-1]
    data = spec.data.rsplit("/", 1)[-1] + (" (synthetic)" if spec.synthetic else "")
    how = f"{spec.optimizer}, {spec.objective}, seed {spec.seed}"
    return visible(f"job {job_id}: {strategy} on {data}, {spec.candles:,} candles; {how}")
