"""Long series made short enough to draw, so that what a chart would show of them stays the same."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trad.market.candles import Candles
from trad.service.inspector import CandleBars, EquityPoints

_KEPT_OF_EACH = 4
"""First, lowest, highest and last: with these a line drawn through a stretch looks as it would in full."""


def thinned_places(values: NDArray[np.float64], points: int) -> NDArray[np.int64]:
    """Choose at most `points` places of a series, its first, last, lowest and highest among them.

    The series is cut into stretches of equal length; of each its first, lowest, highest and last value
    stay. A series that is short enough stays whole.

    Args:
        values: Shape (n,), n at least 1.
        points: At least 4.

    Returns:
        Rising indices.
    """
    n = len(values)
    if n <= points:
        return np.arange(n)
    edges = _edges(n, points // _KEPT_OF_EACH)
    kept = [edges[:-1], edges[1:] - 1]
    for start, stop in pairwise(edges.tolist()):
        stretch = values[start:stop]
        kept.append(np.array([start + stretch.argmin(), start + stretch.argmax()]))
    return np.unique(np.concatenate(kept))


def equity_points(candles: Candles, equity: NDArray[np.float64], points: int) -> EquityPoints:
    """Thin an equity curve, shape (n_candles,), to at most `points` points."""
    places = thinned_places(equity, points)
    return EquityPoints(
        index=places.tolist(),
        timestamp=_milliseconds(candles.timestamp[places]),
        equity=equity[places].tolist(),
    )


def candle_bars(candles: Candles, points: int) -> CandleBars:
    """Draw neighbouring candles together into at most `points` bars: no high and no low is lost."""
    n = len(candles)
    starts = _edges(n, min(n, points))[:-1]
    stops = np.append(starts[1:], n) - 1
    return CandleBars(
        index=starts.tolist(),
        timestamp=_milliseconds(candles.timestamp[starts]),
        open=candles.open[starts].tolist(),
        high=np.maximum.reduceat(candles.high, starts).tolist(),
        low=np.minimum.reduceat(candles.low, starts).tolist(),
        close=candles.close[stops].tolist(),
        volume=np.add.reduceat(candles.volume, starts).tolist(),
    )


def _edges(n: int, stretches: int) -> NDArray[np.int64]:
    """Cut `range(n)` into so many stretches, none empty; return where each begins, and `n`."""
    return np.arange(stretches + 1, dtype=np.int64) * n // stretches


def _milliseconds(timestamp: NDArray[np.datetime64]) -> list[int]:
    milliseconds: list[int] = timestamp.astype("datetime64[ms]").astype(np.int64).tolist()
    return milliseconds
