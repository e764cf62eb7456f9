"""`trad jobs watch`: a job's rows, read over and over, shown as if it ran here."""

import json
import time

import typer
from rich.console import Console

from trad.cli.bars import TerminalBars
from trad.cli.lines import StderrLines
from trad.cli.report import job_report
from trad.cli.session import title
from trad.progress import STAGES, JobProgress, ProgressSink, RunningEpisode
from trad.service.documents import job_document
from trad.training.job import Job
from trad.training.ledger import JobLedger

_POLL_SECONDS = 0.25


def watch_job(ledger: JobLedger, job_id: str, *, as_json: bool) -> None:
    """Show the job until it runs no more; with `as_json`, a document a line whenever something changed."""
    job = ledger.job(job_id)
    if as_json:
        _watch_lines(ledger, job)
        return
    sink: ProgressSink
    console = Console(stderr=True)
    sink = TerminalBars(console, title(job.spec, job.id)) if console.is_terminal else StderrLines()
    try:
        while job.state in ("queued", "running"):
            sink.show(job_progress(job))
            time.sleep(_POLL_SECONDS)
            job = ledger.job(job.id)
        sink.show(job_progress(job), final=True)
    finally:
        if isinstance(sink, TerminalBars):
            sink.close()
    job_report(Console(), ledger, job)


def _watch_lines(ledger: JobLedger, job: Job) -> None:
    last = ""
    while True:
        line = json.dumps(job_document(job), allow_nan=False)
        if line != last:
            typer.echo(line)
            last = line
        if job.state not in ("queued", "running"):
            return
        time.sleep(_POLL_SECONDS)
        job = ledger.job(job.id)


def job_progress(job: Job) -> JobProgress:
    """Read a snapshot from a job's row, which names its oldest running episode alone."""
    running: tuple[RunningEpisode, ...] = ()
    stage = next((stage for stage in STAGES if stage == job.backtest_stage), None)
    if job.state == "running" and stage is not None and job.current_episode:
        share = job.candles_processed / max(1, job.total_candles)
        running = (
            RunningEpisode(
                number=job.current_episode,
                worker="worker",
                stage=stage,
                candles_processed=job.candles_processed,
                total_candles=job.total_candles,
                fraction=(STAGES.index(stage) + share) / len(STAGES),
                age_seconds=0.0,
            ),
        )
    return JobProgress(
        job_id=job.id,
        state=job.state,
        percent=job.progress,
        planned=job.total_episodes,
        finished=job.completed_episodes + job.failed_episodes,
        failed=job.failed_episodes,
        running=running,
        total_candles=job.total_candles,
        best_score=job.best_score,
        best_number=job.best_episode,
        candles_per_second=job.candles_per_second,
        eta_seconds=job.eta_seconds,
        elapsed_seconds=job.elapsed_seconds,
        taken_at=time.time(),
        note=_note(job),
    )


def _note(job: Job) -> str | None:
    """Say why nothing moves, when nothing does."""
    if job.state == "queued":
        return "queued: waiting for a worker; run it here with `trad jobs resume`"
    if job.state == "running" and job.lease_until is not None and job.lease_until < time.time():
        silent = time.time() - (job.heartbeat_at or job.lease_until)
        return f"not heard of its worker for {silent:.0f} s; go on with `trad jobs resume {job.id}`"
    return None
