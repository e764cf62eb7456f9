"""A strategy whose words would do harm on a page that took them for more than words."""

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

HOSTILE = "<img src=x onerror=\"window.harmed='hostile'\"><script>window.harmed='hostile'</script>"
UNSEEN = "\x1b[2J\x07\x00\u202e"
"""What clears a terminal, rings, ends a text in C, and turns the direction of writing round."""


class Hostile(Strategy):
    __doc__ = f"Begins {HOSTILE}{UNSEEN} and ends."

    lookback = Int(20, low=5, high=60)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        if self.lookback % 2:
            raise ValueError(f"fails {HOSTILE}{UNSEEN} and ends")
        return Signals.empty(len(candles))
