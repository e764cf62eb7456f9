"""What progress costs: episodes with board, monitor and ledger, against episodes with none of them."""

import multiprocessing
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
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

LENGTHS = {10_000: 20_000, 100_000: 4_000, 1_000_000: 500, 5_000_000: 100}
"""Candles, and how many pairs of episodes are timed, one watched and one not: five to ten seconds."""

ROUNDS = 25
"""Into how many parts the pairs are cut, of each of which the median counts."""

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
    print("worker: board and cell, an episode with them beside one without, in turn")
    print("trainer: 10 snapshots a second and 2 rows of the ledger, processor time in one second\n")
    with tempfile.TemporaryDirectory() as folder:
        for n, pairs in LENGTHS.items():
            candles = read_sample(f"sample:minute?candles={n}")
            for strategy in (SmaCross(), LiquiditySweep()):
                evaluate_metrics(candles, strategy, Costs(), Unwatched())  # compiles and loads
                for workers in (1, 2):
                    database = Path(folder) / f"{n}-{type(strategy).__name__}-{workers}.db"
                    ratios, trainer = measure(candles, strategy, pairs, workers, database)
                    goal = "" if n < 100_000 else "   goal: both together <= 1 %"
                    name = f"{type(strategy).__name__}, {workers} worker{'s' if workers > 1 else ''}"
                    shown = f"worker {percent(ratios)}  trainer {100 * trainer:.2f} %"
                    print(f"{n:>9,} candles  {name:25s} {shown}{goal}", flush=True)


def measure(
    candles: Candles, strategy: Strategy, pairs: int, workers: int, database: Path
) -> tuple[list[float], float]:
    """Run worker processes beside a trainer; return the ratios of their parts, and what the trainer took."""
    watched = Watched(workers)
    ends = [PROCESSES.Pipe(duplex=False) for _ in range(workers)]
    processes = [
        PROCESSES.Process(target=work, args=(candles, strategy, pairs, watched.board, k, end))
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
        began, spent = time.monotonic(), time.process_time()
        while not all(receiver.poll() for receiver, _ in ends):
            time.sleep(SAMPLE_SECONDS)
            monitor.show("running")
        trainer = (time.process_time() - spent) / (time.monotonic() - began)
    ratios = [ratio for receiver, _ in ends for ratio in receiver.recv()]
    for process in processes:
        process.join()
    return ratios, trainer


def work(
    candles: Candles, strategy: Strategy, pairs: int, board: ProgressBoard, number: int, answer: Connection
) -> None:
    """Time episodes in turn, one watched and one not, and answer with the medians of ROUNDS parts."""
    keep_freed_memory()
    slot, costs = board.slot(number), Costs()

    def off() -> None:
        evaluate_metrics(candles, strategy, costs, Unwatched())

    def on() -> None:
        slot.begin(1, 0, len(candles))
        evaluate_metrics(candles, strategy, costs, slot)
        slot.clear()

    off()
    on()
    ratios = []
    for pair in range(pairs):
        # What comes first alternates: the second of two finds the candles in the cache.
        if pair % 2:
            unwatched, watched = timed(off), timed(on)
        else:
            watched, unwatched = timed(on), timed(off)
        ratios.append(watched / unwatched)
    size = pairs // ROUNDS
    answer.send([statistics.median(ratios[k * size : (k + 1) * size]) for k in range(ROUNDS)])


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
