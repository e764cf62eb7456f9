"""Refuses signals that break their contract, and brings the others to their one form."""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trad.errors import SignalsError
from trad.market.candles import Candles
from trad.strategies.signals import Signals

Column = NDArray[Any]

_FORMS: dict[str, type[np.generic]] = {
    "entry": np.int8,
    "exit": np.bool_,
    "stop_loss": np.float64,
    "take_profit": np.float64,
}
_NO_PRICES = np.zeros(0)
_KINDS = {"entry": "biuf", "exit": "biuf", "stop_loss": "iuf", "take_profit": "iuf"}
"""The kinds of NumPy types whose values may be meant."""


def check_signals(signals: object, candles: Candles, who: str) -> Signals:
    """Return the signals as contiguous, writeable int8, bool and float64 columns.

    Columns that are so already are passed on uncopied. Prices of stops and targets matter, and are
    looked at, where there is an entry; 0 stands for none.

    Args:
        signals: What a strategy returned.
        candles: What it was given.
        who: Whose signals they are, for the message.

    Raises:
        SignalsError: It is no `Signals`; a column has not one row per candle, or no numbers; an entry is
            not -1, 0 or 1; an exit not 0 or 1; a price at an entry is NaN, infinite or negative.
    """
    if not isinstance(signals, Signals):
        forgotten = "; was the return forgotten?" if signals is None else ""
        raise SignalsError(
            f"{who} returned {_kind(signals)}; generate_signals returns Signals, or a pandas DataFrame "
            f"with the columns timestamp and signal{forgotten}"
        )
    columns = {name: _numbers(name, values, len(candles), who) for name, values in signals.columns().items()}
    if "entry" not in columns:
        raise SignalsError(
            f"{who} returned signals without entry; make them with Signals.empty(len(candles))"
        )
    if not _are_valid(columns):
        _refuse_bad_values(columns, candles, who)
    return Signals(**{name: _formed(column, _FORMS[name]) for name, column in columns.items()})


def moment(candles: Candles, index: int) -> str:
    """Name a candle: `candle 57 (2024-01-01 00:57 UTC)`."""
    text = str(np.datetime_as_string(candles.timestamp[index], unit="s")).replace("T", " ")
    return f"candle {index} ({text.removesuffix(':00')} UTC)"


def _are_valid(columns: Mapping[str, Column]) -> bool:
    """Whether columns of the usual form are seen at a glance to be valid; others need a closer look."""
    if "numba" not in sys.modules:
        return False  # to load it takes longer than the closer look
    from trad.strategies.signal_checks_nb import are_valid_nb

    usual = all(column.dtype == _FORMS[name] and column.flags.carray for name, column in columns.items())
    stop, target = columns.get("stop_loss", _NO_PRICES), columns.get("take_profit", _NO_PRICES)
    return usual and are_valid_nb(columns["entry"], stop, target)


def _refuse_bad_values(columns: Mapping[str, Column], candles: Candles, who: str) -> None:
    """Look at columns of any type, as they came, and name what is wrong."""

    def refuse(bad: Column, name: str, rule: str) -> None:
        if len(bad):
            first = int(bad[0])
            others = f" and at {len(bad) - 1:,} more" if len(bad) > 1 else ""
            value, place = columns[name][first], moment(candles, first)
            raise SignalsError(f"{who} returned {name} {value} at {place}{others}; {rule}")

    entry, leave = columns["entry"], columns.get("exit")
    wrong = (entry != 0) & (entry != 1) & (entry != -1)
    refuse(np.flatnonzero(wrong), "entry", "an entry is 1 (long), -1 (short) or 0: set one of these")
    if leave is not None and leave.dtype != np.bool_:
        refuse(
            np.flatnonzero((leave != 0) & (leave != 1)), "exit", "an exit is True or False: set one of these"
        )
    levels = [name for name in ("stop_loss", "take_profit") if name in columns]
    marked = np.flatnonzero(entry)
    for name in levels:
        prices = columns[name][marked]
        bad = marked[~((prices >= 0) & (prices < np.inf))]
        refuse(
            bad, name, "at an entry it is a price above zero, or 0 for none: enter once it can be computed"
        )


def _numbers(name: str, values: object, n: int, who: str) -> Column:
    try:
        column = np.asarray(values)
    except ValueError as error:  # rows of unequal length
        raise SignalsError(
            f"{who} returned signals whose {name} is no array: {error}; use NumPy's"
        ) from error
    if column.shape != (n,):
        raise SignalsError(
            f"{who} returned signals whose {name} has shape {column.shape} for {n:,} candles; "
            f"each column is one-dimensional with one row per candle, as Signals.empty(len(candles)) makes it"
        )
    if column.dtype.kind not in _KINDS[name]:
        raise SignalsError(
            f"{who} returned signals whose {name} has the type {column.dtype}; "
            f"a column holds numbers, as Signals.empty(len(candles)) makes it"
        )
    return column


def _formed(column: Column, dtype: type[np.generic]) -> Column:
    # A kernel is compiled anew, for seconds, for an array that is read-only or has gaps.
    return np.require(column, dtype, ("C", "A", "W"))


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
