"""What progress costs: episodes with board, monitor and ledger, against episodes with none of them."""

import multiprocessing
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.timing import machine, percent, timed

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
"""Candles, and how many episodes are timed at a stretch: half a second about, so that snapshots and
ledger come as often as in a job."""

ROUNDS = 25
ORDER = (False, True, True, False)
"""Whether it is watched, in one round: what drifts meets both alike."""

# A worker is a copy of this process, with everything loaded.
PROCESSES = multiprocessing.get_context("fork")


class Watched:
    """The half of an executor that the monitor reads."""

    note = None

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.board = ProgressBoard(workers)

    def worker_name(self, slot: int) -> str:
        return f"worker {slot + 1}"


def main() -> None:
    """Print a line for each length, strategy and number of workers."""
    print(f"progress on against off ({machine()})")
    print("on: board, cell, snapshots 10 times a second, a row of the ledger twice a second\n")
    with tempfile.TemporaryDirectory() as folder:
        for n, inner in LENGTHS.items():
            candles = read_sample(f"sample:minute?candles={n}")
            for strategy in (SmaCross(), LiquiditySweep()):
                evaluate_metrics(candles, strategy, Costs(), Unwatched())  # compiles and loads
                for workers in (1, 2):
                    database = Path(folder) / f"{n}-{type(strategy).__name__}-{workers}.db"
                    ratios = measure(candles, strategy, inner, workers, database)
                    goal = "" if n < 100_000 else "   goal <= 1 %"
                    name = f"{type(strategy).__name__}, {workers} worker{'s' if workers > 1 else ''}"
                    print(f"{n:>9,} candles  {name:25s} {percent(ratios)}{goal}", flush=True)


def measure(candles: Candles, strategy: Strategy, inner: int, workers: int, database: Path) -> list[float]:
    """Run both ways in worker processes, interleaved, and return the ratios of each round and worker."""
    watched = Watched(workers)
    barrier = PROCESSES.Barrier(workers + 1)
    ends = [PROCESSES.Pipe(duplex=False) for _ in range(workers)]
    processes = [
        PROCESSES.Process(target=work, args=(candles, strategy, inner, watched.board, k, barrier, end))
        for k, (_, end) in enumerate(ends)
    ]
    for process in processes:
        process.start()
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
            for _ in range(ROUNDS):
                for on in ORDER:
                    with watching.on() if on else nullcontext():
                        barrier.wait()
                        barrier.wait()
    ratios = [ratio for receiver, _ in ends for ratio in receiver.recv()]
    for process in processes:
        process.join()
    return ratios


def work(
    candles: Candles,
    strategy: Strategy,
    inner: int,
    board: ProgressBoard,
    number: int,
    barrier: Barrier,
    answer: Connection,
) -> None:
    """Time stretches of episodes, each begun together with the other workers' and ended with them."""
    keep_freed_memory()
    slot, costs = board.slot(number), Costs()

    def off() -> None:
        evaluate_metrics(candles, strategy, costs, Unwatched())

    def on() -> None:
        slot.begin(1, 0, len(candles))
        evaluate_metrics(candles, strategy, costs, slot)
        slot.clear()

    ratios = []
    for _ in range(ROUNDS):
        spent = {False: 0.0, True: 0.0}
        for watched in ORDER:
            barrier.wait()
            spent[watched] += timed(on if watched else off, inner)
            barrier.wait()
        ratios.append(spent[True] / spent[False])
    answer.send(ratios)


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
