"""Indicators for authors of strategies, on float64 arrays of shape (n_candles,).

Each returns float64 of the same shape, NaN where there are not enough candles yet, and knows at
candle i nothing of what comes after it. NaN may lead the values given, as it does in what an indicator
returned; anywhere else NaN or infinity is refused, for it would spread to every candle after it.

    fast = sma(candles.close, 20)
    above = crossed_above(candles.close, highest(candles.high, 50))

What TA-Lib has is TA-Lib's; what it has not is compiled here, linear in the candles whatever the window.
"""

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trad.errors import InputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Bands(NamedTuple):
    """Bollinger bands: float64, shape (n_candles,) each."""

    upper: Floats
    middle: Floats
    lower: Floats


def sma(values: ArrayLike, period: int) -> Floats:
    """Compute the simple moving average of the last `period` values."""
    _check_window(period, 1)
    return _from_first(values, lambda array: _talib().SMA(array, period))


def ema(values: ArrayLike, period: int) -> Floats:
    """Compute the exponential moving average with weight 2 / (period + 1), begun with a simple one."""
    _check_window(period, 1)
    return _from_first(values, lambda array: _talib().EMA(array, period))


def rsi(values: ArrayLike, period: int = 14) -> Floats:
    """Compute Wilder's relative strength index, 0 to 100, over `period` (2 or more) changes."""
    _check_window(period, 2)
    return _from_first(values, lambda array: _talib().RSI(array, period))


def atr(high: ArrayLike, low: ArrayLike, close: ArrayLike, period: int = 14) -> Floats:
    """Compute Wilder's average true range over `period` candles, in units of price."""
    _check_window(period, 1)
    prices = [_checked(column) for column in (high, low, close)]
    if len({len(column) for column in prices}) > 1:
        lengths = ", ".join(str(len(column)) for column in prices)
        raise InputError(f"high, low and close have {lengths} values; they are as long as each other")
    warm_up = max(_first(column) for column in prices)
    result = np.full(len(prices[0]), np.nan)
    result[warm_up:] = _talib().ATR(*(np.ascontiguousarray(column[warm_up:]) for column in prices), period)
    return result


def bollinger(values: ArrayLike, period: int = 20, width: float = 2.0) -> Bands:
    """Compute the bands `width` population standard deviations about the mean of the last `period` values.

    `period` is 2 or more.
    """
    _check_window(period, 2)
    array = _checked(values)
    warm_up = _first(array)
    bands = Bands(*(np.full(len(array), np.nan) for _ in range(3)))
    computed = _talib().BBANDS(array[warm_up:], period, float(width), float(width))
    for band, part in zip(bands, computed, strict=True):
        band[warm_up:] = part
    return bands


def highest(values: ArrayLike, lookback: int) -> Floats:
    """Compute the highest of the `lookback` values BEFORE each: a level that candle i may break."""
    return _extremes(values, lookback, 1.0)


def lowest(values: ArrayLike, lookback: int) -> Floats:
    """Compute the lowest of the `lookback` values BEFORE each."""
    return _extremes(values, lookback, -1.0)


def mean_before(values: ArrayLike, lookback: int) -> Floats:
    """Compute the mean of the `lookback` values BEFORE each, such as the volume that is usual here."""
    # Numba takes more than a second to load, and other indicators do without it.
    from trad.strategies.rolling_nb import mean_before_nb

    _check_window(lookback, 1)

    def compute(array: Floats) -> Floats:
        result = np.empty(len(array))
        mean_before_nb(array, lookback, result)
        return result

    return _from_first(values, compute)


def crossed_above(values: ArrayLike, level: ArrayLike) -> Flags:
    """Say where `values` came from below `level` (a number, or as many values) to it or above it.

    Candles whose own or previous value is NaN did not cross.
    """
    distance = np.subtract(values, level, dtype=np.float64)
    crossed = np.zeros(distance.shape, np.bool_)
    crossed[1:] = (distance[:-1] < 0) & (distance[1:] >= 0)
    return crossed


def crossed_below(values: ArrayLike, level: ArrayLike) -> Flags:
    """Say where `values` came from above `level` to it or below it."""
    return crossed_above(np.negative(values), np.negative(level))


def _extremes(values: ArrayLike, lookback: int, sign: float) -> Floats:
    # Numba takes more than a second to load, and other indicators do without it.
    from trad.strategies.rolling_nb import extremes_before_nb

    _check_window(lookback, 1)

    def compute(array: Floats) -> Floats:
        result = np.empty(len(array))
        extremes_before_nb(array, sign, lookback, result)
        return result

    return _from_first(values, compute)


def _talib() -> ModuleType:
    # TA-Lib loads pandas with it, which takes seconds.
    import talib

    return talib


def _from_first(values: ArrayLike, compute: Callable[[Floats], Floats]) -> Floats:
    """Compute from the first value that is there; NaN before it."""
    array = _checked(values)
    warm_up = _first(array)
    if not warm_up:
        return compute(array)
    result = np.full(len(array), np.nan)
    result[warm_up:] = compute(array[warm_up:])
    return result


def _first(array: Floats) -> int:
    """Find the first value that is not NaN; the length when there is none."""
    if not len(array) or not np.isnan(array[0]):
        return 0
    there = ~np.isnan(array)
    return int(there.argmax()) if there.any() else len(array)


def _checked(values: ArrayLike) -> Floats:
    array = np.ascontiguousarray(values, dtype=np.float64)
    if np.ndim(values) != 1:
        raise InputError(
            f"an indicator was given the shape {np.shape(values)}; it takes one value per candle"
        )
    warm_up = _first(array)
    bad = ~np.isfinite(array[warm_up:])
    if bad.any():
        at = warm_up + int(bad.argmax())
        raise InputError(
            f"an indicator was given {array[at]} at index {at}; values are finite once they have begun, "
            f"for one that is not would spread to all after it: fill it or leave it out first"
        )
    return array


def _check_window(period: int, least: int) -> None:
    if isinstance(period, bool) or not isinstance(period, (int, np.integer)) or period < least:
        raise InputError(f"an indicator's window was {period!r}; it is a whole number of {least} or more")
