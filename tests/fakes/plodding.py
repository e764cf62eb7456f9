"""A strategy as users write their first: plain Python, candle by candle, ten microseconds each or more."""

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


class Plodding(Strategy):
    """Buys a close above the highest high of the last candles, with a stop that follows their spread."""

    lookback = Int(20, low=5, high=60)
    patience = Int(8, low=1, high=30)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        since = 0
        for i in progress.track(range(self.lookback, len(candles))):
            window = slice(i - self.lookback, i)
            spread = candles.close[window].std()
            since += 1
            if candles.close[i] > candles.high[window].max():
                signals.entry[i] = 1
                signals.stop_loss[i] = candles.close[i] - 2 * spread
                since = 0
            elif since > self.patience:
                signals.exit[i] = True
        return signals
