"""Reversion to the middle of the Bollinger bands."""

import numpy as np

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.indicators import bollinger, crossed_above, crossed_below
from trad.strategies.parameters import Float, Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

TIE = 1e-11
"""A close that differs from the middle by no more than this fraction is on it: what is left is rounding."""


class BollingerReversion(Strategy):
    """Bets that a price outside its Bollinger bands comes back to the middle one.

    Rules:
        - Buy at a close below the lower band; sell short at a close above the upper one. Bands without
          width, after closes that were all equal, give no signal.
        - Close what is open where the close reaches or crosses the middle band. What was entered outside
          the bands meets the middle first on its way back, so one rule serves both sides.

    Parameters:
        period: Candles in the middle band, a simple moving average of closes.
        width: Distance of the outer bands, in population standard deviations of the same closes.
    """

    period = Int(20, low=2, high=400)
    width = Float(2.0, low=0.5, high=5.0, step=0.1)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:  # noqa: ARG002 - one step
        """Compute the bands with TA-Lib and compare, each in one vectorised step."""
        close = candles.close
        upper, middle, lower = bollinger(close, self.period, self.width)
        entry = np.zeros(len(candles), np.int8)
        wide = upper > lower  # bands of no width differ from the close by rounding alone
        entry[wide & (close < lower)] = 1
        entry[wide & (close > upper)] = -1
        distance = close - middle
        distance[np.abs(distance) <= TIE * close] = 0.0
        return Signals(entry=entry, exit=crossed_above(distance, 0.0) | crossed_below(distance, 0.0))
