"""What a worker's memory grows by over its start, on the longest real series (1,685,648 candles)."""

import os
import sys
import tempfile
import time
from pathlib import Path

import psutil
from benchmarks.timing import machine

from trad.executors.processes import ProcessExecutor
from trad.market.cache import store
from trad.market.files import read_candles
from trad.market.samples import read_sample
from trad.strategies.loading import load_strategy
from trad.training.episode import EpisodePlan, EpisodeSpec

SHARED = Path(os.environ.get("TRAD_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
EPISODES = 40
GOAL_MB = 150


def main() -> None:
    """Print the growth of each worker for each strategy."""
    path = SHARED / "btcusd-1m.parquet"
    candles = read_candles(path) if path.exists() else read_sample("sample:minute?candles=1685648")
    print(f"memory of a worker, {len(candles):,} candles of {candles.name} ({machine()})")
    print(
        "start: libraries loaded, kernels compiled, candles mapped; growth: the most seen during episodes\n"
    )
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        store(candles, Path(folder))
        for name in (
            "sma_cross",
            "liquidity_sweep",
            "donchian_breakout",
            "rsi_reversion",
            "bollinger_reversion",
        ):
            worst = max(worst, measure(name, candles.content_hash, folder))
    print(f"\nworst {worst:.0f} MB, goal < {GOAL_MB} MB")
    sys.exit(0 if worst < GOAL_MB else 1)


def measure(name: str, content_hash: str, folder: str) -> float:
    """Run episodes on two workers; return the larger growth in MB."""
    executor = ProcessExecutor(2)
    plan = EpisodePlan(
        strategy=name,
        strategies_folder=None,
        cache_folder=folder,
        data_hash=content_hash,
        objective="sharpe",
        fee=0.001,
        slippage=0.0005,
        position_size=1.0,
        initial_cash=10_000.0,
    )
    try:
        executor.load(plan)
        while not all(process.ready for process in executor._processes):
            executor.collect(0.05)
        processes = [psutil.Process(process.process.pid) for process in executor._processes]
        start = [process.memory_info().rss for process in processes]
        params = load_strategy(name)().params
        executor.submit([EpisodeSpec(number=k + 1, params=params) for k in range(EPISODES)])
        ended, most = 0, list(start)
        while ended < EPISODES:
            ended += len(executor.collect(0.005))
            most = [max(m, process.memory_info().rss) for m, process in zip(most, processes, strict=True)]
            time.sleep(0.002)
        growth = [(m - s) / 2**20 for m, s in zip(most, start, strict=True)]
        at_start = "  ".join(f"{s / 2**20:.0f} MB" for s in start)
        print(f"{name:22s} start {at_start}   growth {'  '.join(f'{g:.0f} MB' for g in growth)}", flush=True)
        return max(growth)
    finally:
        executor.stop()


if __name__ == "__main__":
    main()
