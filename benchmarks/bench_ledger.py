"""What the ledger costs: the share of a job of 10,000 short episodes that goes into its writes."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.timing import machine

from trad.progress import JobProgress
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, open_executor, run_job
from trad.settings import Settings
from trad.storage.ledger import SqlLedger, open_ledger
from trad.training.job import Claim, Episode, Request

EPISODES = 10_000
WORKERS = 2
GOAL = 2.0
JOBS = (("sma_cross", 10_000), ("sma_cross", 100_000), ("sma_cross", 400_000))
"""Strategies and candles: episodes of about 0.3, 3 and 12 milliseconds."""


@dataclass
class Clock:
    """Seconds of processor time that calls of one kind took."""

    cpu: float = 0.0
    calls: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of a block."""
        cpu = time.thread_time()
        try:
            yield
        finally:
            self.cpu += time.thread_time() - cpu
            self.calls += 1


@dataclass
class Clocks:
    """What a job's writes took: by the trainer's thread, and by the monitor's beside it."""

    bulk: Clock = field(default_factory=Clock)
    progress: Clock = field(default_factory=Clock)


class TimedLedger(SqlLedger):
    """A ledger that takes the time of its writes."""

    clocks: Clocks

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        """Add ended episodes."""
        with self.clocks.bulk.running():
            super().record_episodes(claim, episodes)

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        """Write the progress columns."""
        with self.clocks.progress.running():
            return super().save_progress(claim, progress)


def main() -> None:
    """Print a line for each job, and leave with 1 when one misses the goal."""
    print(f"the ledger's share of a job of {EPISODES:,} episodes, {WORKERS} workers ({machine()})")
    print("processor time of its calls, over all that the cores had while the job ran\n")
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with open_ledger(settings.database) as opened:
            ledger = TimedLedger(opened._engine)
            for strategy, candles in JOBS:
                missed = measure(ledger, settings, strategy, candles) > GOAL or missed
    sys.exit(1 if missed else 0)


def measure(ledger: TimedLedger, settings: Settings, strategy: str, candles: int) -> float:
    """Run one job, print what its writes took, and return their share in percent."""
    request = TrainRequest(
        strategy=strategy, data=f"sample:minute?candles={candles}", optimizer="random", episodes=EPISODES
    )
    ledger.clocks = Clocks()
    executor = open_executor(WORKERS, None)
    claim = begin_job(ledger, plan_job(request, settings), settings)
    began = time.perf_counter()
    job = run_job(ledger, claim, settings, executor)
    took = time.perf_counter() - began
    assert job.completed_episodes + job.failed_episodes == EPISODES
    bulk, progress = ledger.clocks.bulk, ledger.clocks.progress
    shares = [100 * clock.cpu / (took * WORKERS) for clock in (bulk, progress)]
    print(
        f"{strategy} {candles:>8,} candles  job {took:5.1f} s   "
        f"bulk insert {shares[0]:.2f} % ({1e6 * bulk.cpu / EPISODES:.0f} us an episode)   "
        f"progress {shares[1]:.2f} % ({1e3 * progress.cpu / progress.calls:.1f} ms a write)   "
        f"both {sum(shares):.2f} %   goal <= {GOAL:g} %",
        flush=True,
    )
    return sum(shares)


if __name__ == "__main__":
    main()
