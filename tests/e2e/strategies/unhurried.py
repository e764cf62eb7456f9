"""A strategy in plain Python that takes its time, and leaves the processor to others meanwhile."""

import time

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

EVERY = 100
"""Candles between two pauses."""


class Unhurried(Strategy):
    """Buys highs, and rests `rest` milliseconds after every hundred candles."""

    lookback = Int(20, low=5, high=60)
    rest = Int(10, low=0, high=1_000)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        for i in progress.track(range(self.lookback, len(candles))):
            if candles.close[i] > candles.high[i - self.lookback : i].max():
                signals.entry[i] = 1
            if i % EVERY == 0:
                time.sleep(self.rest / 1_000)
        return signals
