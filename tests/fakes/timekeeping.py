"""A strategy in plain Python that notes, candle by candle, when it was there."""

import mmap
import os
import time
from pathlib import Path

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

CLOCKS = "candle-clocks"
"""The file in `$TRAD_HOME`: for each run, one after the other, a double for each candle."""


class Timekeeping(Strategy):
    """Buys highs; writes the monotonic clock at each candle into the home's file."""

    lookback = Int(20, low=5, high=60)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        with Path(os.environ["TRAD_HOME"], CLOCKS).open("a+b") as file:
            begin, length = file.seek(0, os.SEEK_END), 8 * len(candles)
            file.truncate(begin + length)
            # Offsets of maps are whole pages: the map begins with the file.
            with mmap.mmap(file.fileno(), begin + length) as mapped, memoryview(mapped) as view:
                clock = view[begin:].cast("d")
                for i in progress.track(range(self.lookback, len(candles))):
                    window = slice(i - self.lookback, i)
                    if candles.close[i] > candles.high[window].max() + candles.close[window].std():
                        signals.entry[i] = 1
                    clock[i] = time.monotonic()
                clock.release()
        return signals
