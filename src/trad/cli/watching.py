"""`trad jobs watch`: a job's rows, read over and over, shown as if it ran here."""

import json
import time

import typer
from rich.console import Console

from trad.cli.bars import TerminalBars
from trad.cli.lines import StderrLines
from trad.cli.report import job_report
from trad.cli.session import title
from trad.cli.surroundings import Surroundings
from trad.errors import LedgerUnavailable
from trad.progress import JobProgress, ProgressSink
from trad.service.documents import job_document
from trad.storage.opening import Storage
from trad.training.job import Job

_POLL_SECONDS = 0.25


def watch_job(storage: Storage, job_id: str, *, as_json: bool) -> None:
    """Show the job until it runs no more; with `as_json`, a document a line whenever something changed."""
    watch = _Watch(storage, storage.ledger.job(job_id))
    if as_json:
        _watch_lines(watch)
        return
    console = Console(stderr=True)
    heading = title(watch.job.spec, watch.job.id)
    sink: ProgressSink = TerminalBars(console, heading) if console.is_terminal else StderrLines()
    try:
        while watch.goes_on:
            sink.show(job_progress(watch.job, watch.note))
            watch.look_again()
        sink.show(job_progress(watch.job), final=True)
    finally:
        if isinstance(sink, TerminalBars):
            sink.close()
    job_report(Console(), storage.ledger, watch.job, watch.condition)


class _Watch:
    """Reads a job over and over, also while the database does not answer for a moment."""

    def __init__(self, storage: Storage, job: Job) -> None:
        self.job = job
        self._ledger = storage.ledger
        self._surroundings = Surroundings(storage)
        self._trouble: str | None = None
        self.condition = self._surroundings.condition(job)

    @property
    def goes_on(self) -> bool:
        """Whether there is something to wait for."""
        return self.job.state in ("queued", "running")

    @property
    def note(self) -> str | None:
        """Why nothing moves, where nothing does."""
        if self._trouble is not None:
            return f"{self._trouble}; trying again"
        if self.condition is not None:
            return f"{self.condition.cause}; {self.condition.remedy}"
        return "queued: a worker takes it in a moment" if self.job.state == "queued" else self.job.note

    def look_again(self) -> None:
        """Wait a moment, then read the job and what surrounds it."""
        time.sleep(_POLL_SECONDS)
        try:
            self.job = self._ledger.job(self.job.id)
            self.condition = self._surroundings.condition(self.job)
            self._trouble = None
        except LedgerUnavailable as error:
            self._trouble = str(error)


def _watch_lines(watch: _Watch) -> None:
    last = ""
    while True:
        line = json.dumps(job_document(watch.job, watch.condition), allow_nan=False)
        if line != last:
            typer.echo(line)
            last = line
        if not watch.goes_on:
            return
        watch.look_again()


def job_progress(job: Job, note: str | None = None) -> JobProgress:
    """Read a snapshot from a job's row, as its worker last wrote it."""
    return JobProgress(
        job_id=job.id,
        state=job.state,
        percent=job.progress,
        planned=job.total_episodes,
        finished=job.completed_episodes + job.failed_episodes,
        failed=job.failed_episodes,
        running=job.running,
        total_candles=job.total_candles,
        best_score=job.best_score,
        best_number=job.best_episode,
        candles_per_second=job.candles_per_second,
        eta_seconds=job.eta_seconds,
        elapsed_seconds=job.elapsed_seconds,
        taken_at=time.time(),
        note=note,
    )
