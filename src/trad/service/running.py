"""Runs a job here, from its claim to its end: the one place that puts the concrete parts together."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from trad.errors import ChangedSince, InputError, JobBusy, LedgerError, TransitionError
from trad.market.cache import open_cached, store
from trad.market.candles import Candles
from trad.market.library import find_candles
from trad.optimizers.optimizer import Optimizer, make_optimizer
from trad.progress import ProgressSink
from trad.service.planning import NO_FILE, PlannedJob
from trad.settings import Settings
from trad.strategies.loading import load_strategy
from trad.strategies.space import ParameterSpace
from trad.strategies.strategy import Strategy
from trad.training.ending import aftermath, end_attempt, patience_after
from trad.training.episode import EpisodePlan
from trad.training.executor import Executor
from trad.training.job import Claim, Job, JobSpec, JobState
from trad.training.ledger import JobLedger
from trad.training.outage import Outage
from trad.training.strategy_code import load_unchanged
from trad.training.trainer import Trainer

_LEASE_POLL_SECONDS = 0.2


def worker_identity() -> str:
    """Name this process among those that claim jobs."""
    return f"{socket.gethostname()}:{os.getpid()}"


def begin_job(ledger: JobLedger, planned: PlannedJob, settings: Settings, *, priority: int = 0) -> Claim:
    """Add a job to the ledger and claim it for this process."""
    job = ledger.create(planned.spec, priority=priority)
    claim = ledger.claim(worker_identity(), lease_seconds=settings.lease, job_id=job.id)
    if claim is None:
        raise JobBusy(
            f"job {job.id} was taken by another worker before this one could; see `trad jobs watch {job.id}`"
        )
    return claim


@contextmanager
def left_resumable(ledger: JobLedger, claim: Claim, leaving: JobState = "paused") -> Iterator[None]:
    """Leave a claimed job paused or failed, with the cause, when an error comes before its trainer runs.

    Args:
        leaving: What Ctrl-C leaves the job in.
    """
    try:
        yield
    except BaseException as error:
        state, cause = aftermath(error, leaving)
        try:
            outage = Outage(claim.job_id)
            end_attempt(ledger, claim, state, outage, error=cause, within=patience_after(error))
        except LedgerError:
            if not isinstance(error, KeyboardInterrupt):
                raise
            # The user wants out; the lease ends by itself.
        raise


def run_job(
    ledger: JobLedger,
    claim: Claim,
    settings: Settings,
    executor: Executor,
    sinks: Sequence[ProgressSink] = (),
    *,
    strategy: type[Strategy] | None = None,
    leaving: JobState = "paused",
) -> Job:
    """Run a claimed job with the executor, and stop the executor, however it ends.

    Args:
        strategy: The class, where it is at hand; otherwise it is loaded by the spec's reference.
        leaving: What Ctrl-C leaves the job in.

    Raises:
        KeyboardInterrupt: Ctrl-C; the job is left in `leaving`.
        TradError: The job cannot go on; it is paused or failed, with the cause.
    """
    try:
        with left_resumable(ledger, claim, leaving):
            optimizer = _optimizer(claim.spec, settings, strategy)
        trainer = Trainer(
            ledger=ledger,
            claim=claim,
            executor=executor,
            optimizer=optimizer,
            plan=EpisodePlan.of(claim.spec, cache=settings.cache, strategies=settings.strategies),
            sinks=sinks,
            interval=settings.progress_interval,
            heartbeat=min(settings.heartbeat, settings.lease / 3),
            stall=settings.stall,
            leaving=leaving,
        )
        return trainer.run()
    finally:
        executor.stop()


def _optimizer(spec: JobSpec, settings: Settings, strategy: type[Strategy] | None) -> Optimizer:
    found = strategy or load_strategy(spec.strategy, settings.strategies)
    return make_optimizer(
        spec.optimizer,
        ParameterSpace.from_json(found, spec.space),
        seed=spec.seed,
        episodes=spec.episodes,
        window=spec.window,
    )


def claim_again(
    ledger: JobLedger, job_id: str, settings: Settings, waiting: Callable[[str], None] = lambda _: None
) -> Claim:
    """Claim a job that was stopped, after making sure that it would still give the same result.

    A run that was killed holds its lease for a moment longer: this waits for it to end.

    Args:
        waiting: Told, once, why there is a wait.

    Raises:
        JobNotFound: No such job.
        TransitionError: It is completed.
        JobBusy: A living worker has it.
        ChangedSince: Strategy or data changed, or are gone.
    """
    job = ledger.job(job_id)
    check_unchanged(job.spec, settings)
    patience = time.monotonic() + 2 * settings.lease + 1
    told = False
    while True:
        try:
            claim = ledger.claim(worker_identity(), lease_seconds=settings.lease, job_id=job.id)
        except JobBusy as busy:
            if time.monotonic() > patience:
                raise
            if not told:
                waiting(str(busy))
                told = True
            time.sleep(_LEASE_POLL_SECONDS)
            continue
        if claim is None:
            raise TransitionError(f"job {job.id} is completed; there is nothing left to resume")
        return claim


def check_unchanged(spec: JobSpec, settings: Settings) -> None:
    """Make sure that strategy and data are what they were when the job was made.

    The candles are taken from the cache, or read from where they came from.

    Raises:
        ChangedSince: They changed or are gone; the message says what to do.
        StrategyNotFound: The same strategy does not load.
    """
    if spec.strategy.startswith(NO_FILE):
        name = spec.strategy.removeprefix(NO_FILE)
        raise ChangedSince(
            f"the strategy {name} lives in no file, so it cannot be loaded again; "
            f"train it from the program or notebook that defines it"
        )
    load_unchanged(spec.strategy, spec.strategy_code, settings.strategies)
    _bring_back_candles(spec, settings)


def _bring_back_candles(spec: JobSpec, settings: Settings) -> None:
    try:
        open_cached(settings.cache, spec.data_hash)
    except InputError:
        store(_unchanged_candles(spec, settings), settings.cache)


def _unchanged_candles(spec: JobSpec, settings: Settings) -> Candles:
    try:
        candles = find_candles(spec.data, settings)
    except InputError as error:
        missing = str(error).partition("; ")[0]
        raise ChangedSince(
            f"{missing}; put back the data that the job was made with, then resume it"
        ) from error
    if candles.content_hash != spec.data_hash:
        raise ChangedSince(
            f"the data {spec.data} changed since the job was made; bring back the old file, or start a "
            f"new job with `trad train`"
        )
    return candles
