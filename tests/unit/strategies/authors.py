"""Strategies as users write them, right and wrong."""

from collections.abc import Callable
from typing import Any

from trad.market.candles import Candles
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


def returning(make: Callable[[Candles], Any]) -> Strategy:
    """A strategy called Mine that returns what `make` makes of its candles."""

    class Mine(Strategy):
        def generate_signals(self, candles: Candles) -> Any:  # type: ignore[override]
            return make(candles)

    return Mine()


def edited(edit: Callable[[Any], object]) -> Callable[[Candles], Signals]:
    """Make empty signals of which `edit` changes something."""

    def make(candles: Candles) -> Signals:
        signals = Signals.empty(len(candles))
        edit(signals)
        return signals

    return make
