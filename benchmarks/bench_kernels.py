"""How fast the engine is, against streaming the four price columns once through memory."""

import statistics
from typing import TYPE_CHECKING

import numba
import numpy as np
from benchmarks.timing import machine, timed

from trad.backtest.costs import Costs
from trad.backtest.engine import evaluate_metrics
from trad.backtest.simulation import Simulation
from trad.executors.limits import keep_freed_memory
from trad.market.candles import Candles
from trad.market.samples import read_sample
from trad.progress import StageReporter, Unwatched
from trad.strategies.arrays import Floats
from trad.strategies.generation import generate
from trad.strategies.liquidity_sweep import LiquiditySweep
from trad.strategies.sma_cross import SmaCross
from trad.strategies.strategy import Strategy

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15


@numba.njit(nogil=True, fastmath=True)
def stream(a: Floats, b: Floats, c: Floats, d: Floats) -> float:
    """Read four columns once: what memory allows."""
    total = 0.0
    for i in range(len(a)):
        total += a[i] + b[i] + c[i] + d[i]
    return total


def main() -> None:
    """Print nanoseconds a candle, and multiples of the stream."""
    keep_freed_memory()  # as a worker's process does
    print(f"kernels against the stream of four columns ({machine()})\n")
    for n in (100_000, 1_000_000):
        candles = read_sample(f"sample:minute?candles={n}")
        for strategy, goal in ((SmaCross(fast=10, slow=30), 3), (LiquiditySweep(), 5)):
            report(candles, strategy, goal)


def report(candles: Candles, strategy: Strategy, goal: int) -> None:
    """Measure the parts of one episode, interleaved with the stream."""
    n = len(candles)
    costs = Costs()
    signals = generate(strategy, candles, StageReporter(n))
    parts: dict[str, Callable[[], object]] = {
        "stream": lambda: stream(candles.open, candles.high, candles.low, candles.close),
        "signals": lambda: generate(strategy, candles, StageReporter(n)),
        "simulation": lambda: Simulation(candles, signals, costs).run(StageReporter(n)),
        "episode": lambda: evaluate_metrics(candles, strategy, costs, Unwatched()),
    }
    times: dict[str, list[float]] = {name: [] for name in parts}
    for call in parts.values():
        call()
    for _ in range(ROUNDS):
        for name, call in parts.items():
            times[name].append(timed(call, max(1, 1_000_000 // n)))
    base = np.array(times["stream"])
    shown = []
    for name, seconds in times.items():
        multiple = statistics.median(np.array(seconds) / base)
        shown.append(f"{name} {1e9 * statistics.median(seconds) / n:6.2f} ns ({multiple:4.1f}x)")
    print(f"{n:>9,} {type(strategy).__name__:15s} {'   '.join(shown)}   goal: episode <= {goal}x", flush=True)


if __name__ == "__main__":
    main()
