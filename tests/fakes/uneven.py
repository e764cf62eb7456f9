"""A strategy whose episodes differ forty times in length: they end in another order than they began."""

import numpy as np

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Choice, Float, Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


class Uneven(Strategy):
    """Follows the sign of the last change, with a stop; how long it thinks changes nothing else."""

    effort = Int(10, low=1, high=40)
    stop = Float(0.02, low=0.001, high=0.1)
    sides = Choice("both", ["long", "short", "both"])

    def valid(self) -> bool:
        return not (self.sides == "short" and self.effort == 40)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        change = np.sign(np.diff(candles.close, prepend=candles.close[0]))
        for i in progress.track(range(0, len(candles), self.effort)):
            sum(range(10 * self.effort**2))
            side = int(change[i])
            if self.sides == "both" or (self.sides == "long") == (side > 0):
                signals.entry[i] = side
                signals.stop_loss[i] = candles.close[i] * (1 - side * self.stop)
        return signals
