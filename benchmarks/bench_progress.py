"""What progress costs: episodes with board, monitor and ledger, against episodes with none of them."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.timing import machine, percent, ratio

from trad.backtest.costs import Costs
from trad.backtest.engine import evaluate_metrics
from trad.executors.limits import keep_freed_memory
from trad.market.candles import Candles
from trad.market.samples import read_sample
from trad.progress import Unwatched
from trad.storage.ledger import open_ledger
from trad.strategies.liquidity_sweep import LiquiditySweep
from trad.strategies.sma_cross import SmaCross
from trad.strategies.strategy import Strategy
from trad.training.board import ProgressBoard
from trad.training.job import JobSpec
from trad.training.monitor import SAMPLE_SECONDS, ProgressMonitor, Standing
from trad.training.outage import Outage
from trad.training.sinks import LedgerSink

LENGTHS = {10_000: 4_000, 100_000: 500, 1_000_000: 50, 5_000_000: 10}
"""Candles, and how many episodes are timed at a stretch: half a second and more, so that snapshots and
ledger come as often as in a job."""

ROUNDS = 25


class Watched:
    """The half of an executor that the monitor reads."""

    workers = 1
    note = None

    def __init__(self) -> None:
        self.board = ProgressBoard(1)

    def worker_name(self, slot: int) -> str:
        return f"worker {slot + 1}"


def main() -> None:
    """Print a line for each length and strategy."""
    keep_freed_memory()  # as a worker's process does
    print(f"progress on against off ({machine()})")
    print("on: board, cell, snapshots 10 times a second, a row of the ledger twice a second\n")
    with tempfile.TemporaryDirectory() as folder:
        for n, inner in LENGTHS.items():
            candles = read_sample(f"sample:minute?candles={n}")
            for strategy in (SmaCross(), LiquiditySweep()):
                ratios = measure(candles, strategy, inner, Path(folder) / f"{n}.db")
                goal = 2 if n < 100_000 else 1
                name = type(strategy).__name__
                print(
                    f"{n:>9,} candles  {name:15s} {percent(ratios)}   goal <= {goal} %",
                    flush=True,
                )


def measure(candles: Candles, strategy: Strategy, inner: int, database: Path) -> list[float]:
    """Run both ways, interleaved, and return the ratios."""
    watched = Watched()
    slot = watched.board.slot(0)
    costs = Costs()

    def off() -> None:
        evaluate_metrics(candles, strategy, costs, Unwatched())

    def on() -> None:
        slot.begin(1, 0, len(candles))
        evaluate_metrics(candles, strategy, costs, slot)
        slot.clear()

    with open_ledger(f"sqlite:///{database}") as ledger:
        job = ledger.create(spec(candles))
        claim = ledger.claim("bench", lease_seconds=3600, job_id=job.id)
        assert claim is not None
        outage = Outage()
        monitor = ProgressMonitor(
            job_id=job.id,
            executor=watched,  # type: ignore[arg-type]  # the monitor reads the board, names and note
            standing=Standing(planned=10**9),
            candles=len(candles),
            sinks=[LedgerSink(ledger, claim, 0.5, lambda _: None, heartbeat=1.0, outage=outage)],
            outage=outage,
        )
        with Watching(monitor) as watching:
            return ratio(off, on, rounds=ROUNDS, inner=inner, beside=watching.on)


class Watching:
    """The monitor's thread, which can be held still while the other half is timed."""

    def __init__(self, monitor: ProgressMonitor) -> None:
        self._monitor = monitor
        self._on, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._on.set()
        self._thread.join()

    def _watch(self) -> None:
        while self._on.wait() and not self._over.wait(SAMPLE_SECONDS):
            if self._on.is_set():
                self._monitor.show("running")

    @contextmanager
    def on(self) -> Iterator[None]:
        """Let the monitor run for the time of a block."""
        self._on.set()
        yield
        self._on.clear()


def spec(candles: Candles) -> JobSpec:
    """A job to write progress of."""
    return JobSpec(
        strategy="sma_cross",
        strategy_code="",
        data="sample:minute",
        data_hash="0" * 64,
        candles=len(candles),
        optimizer="random",
        objective="sharpe",
        episodes=10**6,
        seed=0,
        space={},
    )


if __name__ == "__main__":
    main()
