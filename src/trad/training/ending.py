"""How an attempt at a job ends, and how an error leaves it."""

import math
from collections.abc import Callable

from trad.errors import ChangedSince, InputError, LeaseLost, LedgerUnavailable, TradError
from trad.training.job import Claim, Job, JobState
from trad.training.ledger import JobLedger
from trad.training.outage import Outage, patiently

FAREWELL_SECONDS = 1.5
"""So long an interrupted process tries to leave word in a ledger that does not answer."""


def aftermath(error: BaseException, leaving: JobState = "paused") -> tuple[JobState, str | None]:
    """Say in which state an error leaves its job, and the cause to write down: none for Ctrl-C.

    Args:
        leaving: What Ctrl-C leaves the job in.
    """
    if isinstance(error, KeyboardInterrupt):
        return leaving, None
    cause = str(error) if isinstance(error, TradError) else f"{type(error).__name__}: {error}"
    # What the user gave stays wrong however often it is resumed; everything else may pass.
    wrong = isinstance(error, InputError) and not isinstance(error, ChangedSince)
    return ("failed" if wrong else "paused"), cause


def patience_after(error: BaseException) -> float:
    """Return for how many seconds an error's process may wait for the ledger before it gets out."""
    return FAREWELL_SECONDS if isinstance(error, KeyboardInterrupt) else math.inf


def end_attempt(
    ledger: JobLedger,
    claim: Claim,
    state: JobState,
    outage: Outage,
    *,
    fingerprint: str | None = None,
    error: str | None = None,
    meanwhile: Callable[[], object] = lambda: None,
    within: float = math.inf,
) -> Job:
    """End a claim's attempt, waiting for the ledger to answer; see `JobLedger.finish` and `patiently`.

    An end that was written though no answer came is found, not written again.

    Raises:
        LeaseLost: Another worker has the job.
        LedgerUnavailable: Not within that time.
    """
    unanswered = False

    def finish() -> Job:
        nonlocal unanswered
        try:
            return ledger.finish(claim, state, fingerprint=fingerprint, error=error)
        except LedgerUnavailable:
            unanswered = True
            raise
        except LeaseLost:
            job = ledger.job(claim.job_id) if unanswered else None
            if job is None or job.attempt != claim.attempt:
                raise
            return job  # nobody but this attempt, or its user, has ended it

    return patiently(finish, outage, "end", meanwhile=meanwhile, within=within)
