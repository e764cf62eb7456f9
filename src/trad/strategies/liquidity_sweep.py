"""The liquidity sweep: stops are fetched beyond a key level, and the price turns back."""

import numpy as np

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Float, Int
from trad.strategies.signals import Signals
from trad.strategies.stepping import report_interval, run_kernel
from trad.strategies.strategy import Strategy


class LiquiditySweep(Strategy):
    """Buys where the price dips below a key level, where stops lie, and closes back above it; sells likewise.

    The key levels at a candle are the lowest low and the highest high of the `key_level_lookback`
    candles before it.

    Rules:
        - A candle sweeps the low level when its low lies below the level by at least `sweep_atr` x ATR,
          its close lies above the level, and its lower wick (from the low to the nearer of open and
          close) is at least `min_wick` of its range: buy.
        - The stop lies `stop_atr` x ATR below the candle's low, the target above its close by
          `reward_risk` times the distance from close to stop. Where either would not be above zero,
          which no price reaches, there is none.
        - Mirrored at the high level: sell short.
        - A candle that sweeps both levels gives no signal.
        - With a `volume_ratio` above zero, the candle's volume must also exceed that multiple of the
          mean volume of the `key_level_lookback` candles before it. Candles without any volume then
          give no signal.

    ATR is the simple mean of the true range over the last `atr_period` candles, the present one
    included; not Wilder's average, which remembers every candle back to the first: so a signal depends
    on the candles of its own window alone, wherever the data begins.

    Parameters:
        key_level_lookback: Candles before the present one that make the levels.
        sweep_atr: How far the level must be pierced, in ATR.
        min_wick: The wick's least share of the candle's range, a fraction.
        stop_atr: Distance of the stop beyond the candle's tip, in ATR.
        reward_risk: Distance of the target, in distances from close to stop.
        volume_ratio: Least multiple of the mean volume; 0 asks for none.
        atr_period: Candles in the ATR.
    """

    key_level_lookback = Int(50, low=5, high=500, step=5)
    sweep_atr = Float(0.1, low=0.0, high=2.0, step=0.05)
    min_wick = Float(0.5, low=0.0, high=0.9, step=0.05)
    stop_atr = Float(0.5, low=0.0, high=5.0, step=0.25)
    reward_risk = Float(2.0, low=0.25, high=10.0, step=0.25)
    volume_ratio = Float(0.0, low=0.0, high=5.0, step=0.25)
    atr_period = Int(14, low=2, high=100)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        """Find the sweeps in one compiled pass."""
        # Numba takes more than a second to load, and to list or to describe a strategy needs none of it.
        from trad.strategies.liquidity_sweep_nb import liquidity_sweeps_nb

        n = len(candles)
        # The kernel writes to every candle: nothing need be cleared before.
        entry, stop_loss, take_profit = np.empty(n, np.int8), np.empty(n), np.empty(n)
        rules = np.array([self.sweep_atr, self.min_wick, self.stop_atr, self.reward_risk, self.volume_ratio])
        interval = report_interval(n)

        def run(start: int, stop: int) -> int:
            return liquidity_sweeps_nb(
                candles.open,
                candles.high,
                candles.low,
                candles.close,
                candles.volume,
                self.key_level_lookback,
                self.atr_period,
                rules,
                entry,
                stop_loss,
                take_profit,
                interval,
                progress.cell,
                start,
                stop,
            )

        run_kernel(progress, n, run)
        return Signals(entry=entry, stop_loss=stop_loss, take_profit=take_profit)
