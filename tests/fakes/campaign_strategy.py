"""A strategy in plain Python, with a space large enough for thousands of episodes of some milliseconds."""

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


class Musing(Strategy):
    """Buys a close above the mean of the last candles and their spread, and sells after some patience."""

    lookback = Int(20, low=5, high=60)
    patience = Int(8, low=1, high=90)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        close, held = candles.close, 0
        for i in progress.track(range(self.lookback, len(candles))):
            window = close[i - self.lookback : i]
            held += 1
            if close[i] > window.mean() + window.std():
                signals.entry[i] = 1
                held = 0
            elif held > self.patience:
                signals.exit[i] = True
        return signals
