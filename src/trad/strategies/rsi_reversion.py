"""Reversion by the relative strength index."""

import numpy as np

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.indicators import crossed_above, crossed_below, rsi
from trad.strategies.parameters import Float, Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


class RsiReversion(Strategy):
    """Bets that a move that went too far turns back: buys as the RSI leaves the oversold zone, and mirrored.

    Rules:
        - Buy where Wilder's RSI of the closes rises through `oversold`: it was below it at the candle
          before, and is not now.
        - Sell short where it falls through `overbought`. Each signal reverses the position.

    Parameters:
        period: Candles in Wilder's average of gains and losses.
        oversold: RSI, 0 to 100; below `overbought`.
        overbought: RSI, 0 to 100.
    """

    period = Int(14, low=2, high=100)
    oversold = Float(30.0, low=5.0, high=50.0, step=1.0)
    overbought = Float(70.0, low=50.0, high=95.0, step=1.0)

    def valid(self) -> bool:
        """The oversold level lies below the overbought one."""
        return self.oversold < self.overbought

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:  # noqa: ARG002 - one step
        """Compute the RSI with TA-Lib and find its crosses, each in one vectorised step."""
        strength = rsi(candles.close, self.period)
        entry = np.zeros(len(candles), np.int8)
        entry[crossed_above(strength, self.oversold)] = 1
        entry[crossed_below(strength, self.overbought)] = -1
        return Signals(entry=entry)
