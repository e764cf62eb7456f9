"""Strategies that cheat on purpose, each in one way that is common, and honest ones that look alike."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Float, Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

Sides = np.ndarray[Any, np.dtype[np.int8]]


def ruled(rule: Callable[[pd.DataFrame], Any]) -> type[Strategy]:
    """A strategy that enters long where `rule` says True of the frame of candles."""

    class Ruled(Strategy):
        def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
            return Signals(entry=np.asarray(rule(candles.frame)).astype(np.int8))

    return Ruled


Shifted = ruled(lambda frame: frame.close.shift(-1) > frame.close * 1.001)
Centred = ruled(lambda frame: frame.close < frame.close.rolling(21, center=True).mean() * 0.999)
WholeMaximum = ruled(lambda frame: frame.close > 0.97 * frame.close.max())
Scaled = ruled(lambda frame: (frame.close - frame.close.mean()) / frame.close.std() < -1.0)
Filled = ruled(lambda frame: frame.close > frame.close.where(frame.volume > 20).bfill() * 1.001)


def _hourly(frame: pd.DataFrame) -> Any:
    """The mean of each hour, known from its first minute on."""
    series = frame.set_index("timestamp").close
    hours = series.resample("1h").mean().reindex(series.index, method="ffill")
    return (series > hours * 1.001).to_numpy()


LateClose = ruled(_hourly)


class PeekingExit(Strategy):
    """Enters honestly, and leaves before the price falls."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        close = candles.close
        entry = np.zeros(len(candles), np.int8)
        entry[20:] = close[20:] > close[:-20] * 1.002
        leave = np.zeros(len(candles), np.bool_)
        leave[:-1] = close[1:] < close[:-1] * 0.999
        return Signals(entry=entry, exit=leave)


class PeekingEntry(Strategy):
    """Enters before the price rises, and leaves honestly and often."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        close = candles.close
        entry = np.zeros(len(candles), np.int8)
        entry[:-1] = (close[1:] > close[:-1] * 1.001) & (close[:-1] < close[0] * 0.999)
        return Signals(entry=entry, exit=close > close[0])


class PeekingStop(Strategy):
    """Enters honestly, with a stop below the lowest low of the ten candles to come."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        signals = Signals.empty(len(candles))
        for i in range(20, len(candles), 50):
            signals.entry[i] = 1
            signals.stop_loss[i] = candles.low[i : i + 10].min()
        return signals


class Chance(Strategy):
    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return Signals(entry=np.random.default_rng().integers(0, 2, len(candles)).astype(np.int8))


class Remembering(Strategy):
    """Learns a level from the first candles it ever sees, and keeps it in its class."""

    seen: ClassVar[list[float]] = []

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        if not self.seen:
            self.seen.append(float(candles.close[50]))
        return Signals(entry=(candles.close > self.seen[0]).astype(np.int8))


class Level:
    """Learns once, and does not show it."""

    learned: float | None = None

    def __repr__(self) -> str:
        return "Level()"

    def of(self, candles: Candles) -> float:
        if self.learned is None:
            self.learned = float(candles.close.mean())
        return self.learned


class FittedOnce(Strategy):
    """Fits an object of its class on the first candles it ever sees."""

    level = Level()

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return Signals(entry=(candles.close > self.level.of(candles)).astype(np.int8))


_levels: list[float] = []


class RememberingModule(Strategy):
    """Keeps a level in its file."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        if not _levels:
            _levels.append(float(candles.close[50]))
        return Signals(entry=(candles.close > _levels[0]).astype(np.int8))


class RememberingInstance(Strategy):
    """The same, kept in the instance."""

    level = 0.0

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        self.level = self.level or float(candles.close[-1] * 0 + candles.close[0])
        return Signals(entry=(candles.close > self.level).astype(np.int8))


class Caching(Strategy):
    """Keeps what it computed by the candles' hash: nobody can tell by its signals."""

    cache: ClassVar[dict[str, Signals]] = {}

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        if candles.content_hash not in self.cache:
            entry = np.zeros(len(candles), np.int8)
            entry[5:] = candles.close[5:] > candles.close[:-5]
            self.cache[candles.content_hash] = Signals(entry=entry)
        return self.cache[candles.content_hash]


class LastCandleOut(Strategy):
    """Closes what is open at the last candle: that it is the last is no news of the future."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        signals = Signals.empty(len(candles))
        signals.entry[5:] = candles.close[5:] > candles.close[:-5] * 1.001
        signals.exit[-1] = True
        return signals


class FragileEdges(Strategy):
    """Divides by nothing at the low end, and never trades at the high one."""

    window = Int(5, low=0, high=100_000)
    share = Float(0.5, low=0.1, high=0.9)

    def valid(self) -> bool:
        return self.share < 0.8

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        signals = Signals.empty(len(candles))
        every = 100 // self.window
        for i in range(self.window, len(candles)):
            signals.entry[i] = candles.close[i] > candles.close[i - self.window] and every >= 0
        return signals


class Breakout(Strategy):
    """Buys a close above the highest high of the last `lookback` candles."""

    lookback = Int(20, low=5, high=200)
    stop_pct = Float(0.02, low=0.005, high=0.10)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        for i in progress.track(range(self.lookback, len(candles))):
            if candles.close[i] > candles.high[i - self.lookback : i].max():
                signals.entry[i] = 1
                signals.stop_loss[i] = candles.close[i] * (1 - self.stop_pct)
        return signals
