"""The Donchian breakout, the turtles' way of following a trend."""

import numpy as np

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.stepping import report_interval, run_kernel
from trad.strategies.strategy import Strategy


class DonchianBreakout(Strategy):
    """Follows a price that leaves the channel of its last highs and lows, until a shorter channel gives way.

    Rules:
        - Buy at a close above the highest high of the `entry_lookback` candles before it; sell short at a
          close below their lowest low. The opposite breakout reverses the position.
        - Close a long at a close below the lowest low of the `exit_lookback` candles before it, a short
          at a close above their highest high.

    Parameters:
        entry_lookback: Candles in the channel that is entered on.
        exit_lookback: Candles in the channel that is left on; fewer than `entry_lookback`.
    """

    entry_lookback = Int(20, low=5, high=500, step=5)
    exit_lookback = Int(10, low=2, high=200, step=2)

    def valid(self) -> bool:
        """The channel that is left on is the shorter one."""
        return self.exit_lookback < self.entry_lookback

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        """Find breakouts and exits in one compiled pass."""
        # Numba takes more than a second to load, and to list or to describe a strategy needs none of it.
        from trad.strategies.donchian_breakout_nb import donchian_breakouts_nb

        n = len(candles)
        entry = np.zeros(n, np.int8)
        leave = np.zeros(n, np.bool_)
        held = np.zeros(1, np.int8)
        interval = report_interval(n)

        def run(start: int, stop: int) -> int:
            return donchian_breakouts_nb(
                candles.high,
                candles.low,
                candles.close,
                self.entry_lookback,
                self.exit_lookback,
                entry,
                leave,
                held,
                interval,
                progress.cell,
                start,
                stop,
            )

        run_kernel(progress, n, run)
        return Signals(entry=entry, exit=leave)
