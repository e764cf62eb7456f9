"""The moving-average cross, the plainest of all trend followers."""

import numpy as np

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.stepping import report_interval, run_kernel
from trad.strategies.strategy import Strategy


class SmaCross(Strategy):
    """Follows the trend: long while the fast average of closes is above the slow one, short while below.

    Rules:
        - Buy at the candle where the mean of the last `fast` closes rises above that of the last `slow`.
        - Sell short where it falls below. Each signal reverses the position, so that after the first
          cross the strategy is always in the market.
        - Averages nearer to each other than 1e-12 of the price count as equal, and to become equal is
          not to cross: in a market that stands still nothing happens.

    Parameters:
        fast: Candles in the fast average.
        slow: Candles in the slow average; more than `fast`.
    """

    fast = Int(20, low=2, high=200)
    slow = Int(50, low=3, high=500)

    def valid(self) -> bool:
        """The fast average is the shorter one."""
        return self.fast < self.slow

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        """Find the crosses in one compiled pass."""
        # Numba takes more than a second to load, and to list or to describe a strategy needs none of it.
        from trad.strategies.sma_cross_nb import sma_crosses_nb

        n = len(candles)
        signals = Signals(entry=np.zeros(n, np.int8))
        last = np.zeros(1, np.int8)
        interval = report_interval(n)

        def run(start: int, stop: int) -> int:
            return sma_crosses_nb(
                candles.close, self.fast, self.slow, signals.entry, last, interval, progress.cell, start, stop
            )

        run_kernel(progress, n, run)
        return signals
