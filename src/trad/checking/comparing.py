"""Compares the signals of two runs, candle by candle."""

import numpy as np
from numpy.typing import NDArray

from trad.strategies.arrays import Flags
from trad.strategies.signals import Signals

EXACT = 1e-9
"""Stops and targets that differ by no more than this fraction are the same: what is left is rounding."""
CONVERGED = 1e-6
"""The same, for indicators that come closer to each other the longer they run, as exponential means do."""

_WORDS = {1: "BUY", -1: "SELL", 0: "HOLD"}
_PRICES = ("stop_loss", "take_profit")


def span(signals: Signals, start: int, stop: int) -> Signals:
    """Cut out the rows from `start` up to `stop`."""
    return Signals(**{name: column[start:stop] for name, column in signals.columns().items()})


def differences(one: Signals, other: Signals, tolerance: float) -> Flags:
    """Mark the candles at which two runs want something different; both have n rows.

    A column that is not there wants nothing. Stops and targets count where both enter alike: elsewhere
    nothing reads them.

    Args:
        one: Checked signals.
        other: Checked signals for the same candles.
        tolerance: By which fraction prices may differ.

    Returns:
        bool, shape (n,).
    """
    marked: Flags = one.entry != other.entry
    marked |= exits(one) != exits(other)
    both = np.flatnonzero((one.entry != 0) & ~marked)
    for name in _PRICES:
        a, b = _prices(one, name)[both], _prices(other, name)[both]
        apart = np.abs(a - b) > tolerance * np.maximum(np.abs(a), np.abs(b))
        marked[both[apart]] = True
    return marked


def exits(signals: Signals) -> Flags:
    """Return the exits; none where the column is not there."""
    return np.zeros(len(signals), np.bool_) if signals.exit is None else signals.exit


def signalled(signals: Signals) -> NDArray[np.intp]:
    """List the candles that enter or exit."""
    return np.flatnonzero((signals.entry != 0) | exits(signals))


def words(signals: Signals, index: int, other: Signals, there: int) -> tuple[str, str]:
    """Say in words what two signals that differ want, each in as few as tell them apart.

    Args:
        signals: One run's.
        index: The candle in it.
        other: The other's.
        there: The candle in that.
    """
    one, two = _said(signals, index), _said(other, there)
    if one != two:
        return one, two
    for name in _PRICES:
        a, b = _prices(signals, name)[index], _prices(other, name)[there]
        if abs(a - b) > EXACT * max(abs(a), abs(b)):
            label = name.replace("_", "-")
            return f"{one} with {label} {a:.10g}", f"{two} with {label} {b:.10g}"
    return one, two


def _said(signals: Signals, index: int) -> str:
    word = _WORDS[int(signals.entry[index])]
    if not exits(signals)[index]:
        return word
    return "EXIT" if word == "HOLD" else f"{word} and EXIT"


def _prices(signals: Signals, name: str) -> NDArray[np.float64]:
    column: NDArray[np.float64] | None = getattr(signals, name)
    return np.zeros(len(signals)) if column is None else column
