"""Strategies without signals, for the optimizers' tests: what counts is what they declare."""

from trad import Candles, Choice, Float, Int, Signals, Strategy
from trad.strategies.space import ParameterSpace


class Declared(Strategy):
    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return Signals.empty(len(candles))


class Cross(Declared):
    """Small enough to be listed, too large to be walked whole by the number of episodes of a test."""

    fast = Int(10, low=2, high=46)
    slow = Int(30, low=2, high=200)

    def valid(self) -> bool:
        return self.fast < self.slow


class Tiny(Declared):
    fast = Int(1, low=1, high=4)
    slow = Int(2, low=1, high=4)
    kind = Choice(["sma", "ema"])

    def valid(self) -> bool:
        return self.fast < self.slow


class Wide(Declared):
    """Endless, with every kind of parameter and a constraint."""

    lookback = Int(50, low=5, high=500, log=True)
    period = Int(14, low=2, high=30, step=4)
    stop = Float(0.02, low=0.005, high=0.1, log=True)
    target = Float(0.04, low=0.005, high=0.2)
    share = Float(0.5, low=0.1, high=1.0, step=0.1)
    kind = Choice(["sma", "ema", True, 3])

    def valid(self) -> bool:
        return self.stop < self.target


class Impossible(Declared):
    fast = Int(3, low=1, high=5)

    def valid(self) -> bool:
        return False


class ImpossibleWide(Impossible):
    stop = Float(0.5, low=0, high=1)


class Broken(Declared):
    fast = Int(3, low=0, high=5)

    def valid(self) -> bool:
        return 1 / (self.fast - 3) > 0


def space_of(**parameters: Int | Float | Choice) -> ParameterSpace:
    """The space of a strategy that declares these parameters."""
    return ParameterSpace.of(type("Made", (Declared,), dict(parameters)))
