"""Sinks that need no terminal: the log, the ledger, a user's function."""

import math
import time
from collections.abc import Callable

import structlog

from trad.errors import LedgerUnavailable
from trad.progress import JobProgress
from trad.training.job import Claim, Request
from trad.training.ledger import JobLedger
from trad.training.outage import FIRST_PAUSE, Backoff, Outage

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
    note = "" if progress.note is None else f" - {progress.note}"
    share = 100.0 * oldest.candles_processed / oldest.total_candles if oldest.total_candles else 0.0
    return (
        f"Progress: {percentage(progress.percent)} (Episode {oldest.number}/{progress.planned}) - "
        f"Processing candle {oldest.candles_processed}/{oldest.total_candles} ({percentage(share)}) "
        f"[{oldest.stage}]{note}"
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
    """Writes the job's row every `interval` seconds, renews the lease, and hears what the user asks.

    While the ledger does not answer it tries again and again, with pauses: a snapshot that was not
    written is no loss, the next one says more.

    Args:
        on_request: Called in the monitor's thread when a cancel or a pause was asked for.
        heartbeat: Seconds after which the lease is renewed, if no progress was written since.
        outage: Is told when the ledger does not answer.
    """

    def __init__(
        self,
        ledger: JobLedger,
        claim: Claim,
        interval: float,
        on_request: Callable[[Request], None],
        *,
        heartbeat: float,
        outage: Outage,
    ) -> None:
        self._ledger = ledger
        self._claim = claim
        self._throttle = Throttle(interval)
        self._on_request = on_request
        self._heartbeat = heartbeat
        self._outage = outage
        # A lease that is about to end should not wait for the end of a long pause.
        self._backoff = Backoff(longest=max(heartbeat, FIRST_PAUSE))
        self._renewed_at = -1e300
        self._not_before = -1e300

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Write the snapshot, or renew the lease; the last word is written by the job's end itself.

        Raises:
            LeaseLost: Another worker has the job.
        """
        now = time.monotonic()
        if final or now < self._not_before:
            return
        due = self._throttle.due(progress, final=False)
        if not due and now - self._renewed_at < self._heartbeat:
            return
        try:
            request = (
                self._ledger.save_progress(self._claim, progress)
                if due
                else self._ledger.heartbeat(self._claim)
            )
        except LedgerUnavailable as error:
            self._outage.failed("progress", error)
            self._not_before = time.monotonic() + self._backoff.pause()
            return
        self._renewed_at = now
        self._backoff.reset()
        self._outage.mended("progress")
        if request is not None:
            self._on_request(request)

    def rest(self) -> None:
        """Write nothing more: the job's end is being written, after which the claim holds no more."""
        self._not_before = math.inf


class CallbackSink:
    """Hands each snapshot to a function, in the monitor's thread."""

    def __init__(self, function: Callable[[JobProgress], None]) -> None:
        self._function = function

    def show(self, progress: JobProgress, *, final: bool = False) -> None:  # noqa: ARG002 - the contract's
        """Call the function."""
        self._function(progress)
