"""Sinks that need no terminal: the log, the ledger, a user's function."""

import time
from collections.abc import Callable

import structlog

from trad.progress import JobProgress
from trad.training.job import Claim, Request
from trad.training.ledger import JobLedger

LINE_SECONDS = 1.0


class Throttle:
    """Lets something through once in `seconds`, and always when the state changed or it is the last."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = -1e300
        self._state = ""

    def due(self, progress: JobProgress, *, final: bool) -> bool:
        """Say whether this snapshot is to be shown, and count it as shown."""
        now = time.monotonic()
        if not final and progress.state == self._state and now - self._last < self._seconds:
            return False
        self._last, self._state = now, progress.state
        return True


def progress_line(progress: JobProgress) -> str:
    """Say in one line where the job, its oldest running episode and that episode's candle are."""
    oldest = progress.oldest
    if oldest is None:
        head = f"Progress: {percentage(progress.percent)} (Episode {progress.finished}/{progress.planned})"
        return f"{head} - {progress.note or progress.state}"
    share = 100.0 * oldest.candles_processed / oldest.total_candles if oldest.total_candles else 0.0
    return (
        f"Progress: {percentage(progress.percent)} (Episode {oldest.number}/{progress.planned}) - "
        f"Processing candle {oldest.candles_processed}/{oldest.total_candles} ({percentage(share)}) "
        f"[{oldest.stage}]"
    )


def percentage(percent: float) -> str:
    """Write a percentage with one decimal, of which `100.0%` is only ever the whole."""
    return f"{percent:.1f}%" if percent >= 100 else f"{min(percent, 99.9):.1f}%"


class LogSink:
    """Writes a line a second to the log at INFO, and every snapshot at DEBUG."""

    def __init__(self) -> None:
        self._log = structlog.stdlib.get_logger("trad.progress")
        self._throttle = Throttle(LINE_SECONDS)

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Write the snapshot's line, with the job's id beside it."""
        write = self._log.info if self._throttle.due(progress, final=final) else self._log.debug
        write(progress_line(progress), job=progress.job_id)


class LedgerSink:
    """Writes the job's row every `interval` seconds, which renews the lease, and hears what the user asks.

    Args:
        on_request: Called in the monitor's thread when a cancel or a pause was asked for.
    """

    def __init__(
        self, ledger: JobLedger, claim: Claim, interval: float, on_request: Callable[[Request], None]
    ) -> None:
        self._ledger = ledger
        self._claim = claim
        self._throttle = Throttle(interval)
        self._on_request = on_request

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Write the snapshot; the last one is written by the job's end itself.

        Raises:
            LeaseLost: Another worker has the job.
        """
        if final or not self._throttle.due(progress, final=final):
            return
        request = self._ledger.save_progress(self._claim, progress)
        if request is not None:
            self._on_request(request)


class CallbackSink:
    """Hands each snapshot to a function, in the monitor's thread."""

    def __init__(self, function: Callable[[JobProgress], None]) -> None:
        self._function = function

    def show(self, progress: JobProgress, *, final: bool = False) -> None:  # noqa: ARG002 - the contract's
        """Call the function."""
        self._function(progress)
