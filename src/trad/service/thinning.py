"""Long series made short enough to draw, so that what a chart would show of them stays the same."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trad.market.candles import Candles
from trad.service.inspector_series import CandleBars, EquityPoints

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
    return bars_from(candles, _edges(n, min(n, points))[:-1], n)


def bars_from(candles: Candles, starts: NDArray[np.int64], stop: int) -> CandleBars:
    """Draw candles together from each of the rising `starts` up to the next one, the last up to `stop`."""
    span = slice(int(starts[0]), stop)
    places = starts - starts[0]
    lasts = np.append(starts[1:], stop) - 1
    return CandleBars(
        index=starts.tolist(),
        timestamp=_milliseconds(candles.timestamp[starts]),
        open=candles.open[starts].tolist(),
        high=np.maximum.reduceat(candles.high[span], places).tolist(),
        low=np.minimum.reduceat(candles.low[span], places).tolist(),
        close=candles.close[lasts].tolist(),
        volume=np.add.reduceat(candles.volume[span], places).tolist(),
    )


def grid_starts(start: int, stop: int, points: int) -> tuple[NDArray[np.int64], int]:
    """Cut `range(start, stop)`, not empty, at multiples of the least power of two that makes few enough bars.

    Returns:
        Where each of the at most `points` bars begins, and that power of two.
    """
    width = 1
    while -(-stop // width) - start // width > points:
        width *= 2
    starts = np.arange(start // width, -(-stop // width), dtype=np.int64) * width
    starts[0] = start
    return starts, width


def _edges(n: int, stretches: int) -> NDArray[np.int64]:
    """Cut `range(n)` into so many stretches, none empty; return where each begins, and `n`."""
    return np.arange(stretches + 1, dtype=np.int64) * n // stretches


def _milliseconds(timestamp: NDArray[np.datetime64]) -> list[int]:
    milliseconds: list[int] = timestamp.astype("datetime64[ms]").astype(np.int64).tolist()
    return milliseconds
