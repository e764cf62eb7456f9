"""A made-up minute market: the same candles for the same seed, on any machine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trad.market.columns import RawCandles

BLOCK = 1 << 14
"""Candles that are drawn together. A longer market begins with the candles of a shorter one."""

_START = np.datetime64("2020-01-05T22:00", "ms")  # a Sunday
_OPEN_MINUTES, _WEEK_MINUTES = 5 * 1440, 7 * 1440  # open from Sunday 22:00 to Friday 22:00
_FIRST_PRICE = 1_000.0
_LOW_PRICE, _HIGH_PRICE = 600.0, 1_700.0
_REGIMES = 5
_STRETCH = 512
_MINUTE_MS = 60_000

# The sum of four numbers of 16 bits has this mean and standard deviation.
_SUM_MEAN, _SUM_DEVIATION = 2 * 65_535.0, 37_837.227
_VOLATILITIES = np.array([0.6, 0.8, 1.0, 1.3, 1.8])
_BASE_VOLATILITY = 0.0007

Floats = NDArray[np.float64]


class _Dice:
    """Random numbers whose bits depend on the seed and the block alone.

    They come from PCG64's raw words, whose stream NumPy promises to keep, and from arithmetic that IEEE
    754 fixes to the last bit: no logarithm, no exponential, no sum whose order a processor may choose.
    """

    def __init__(self, seed: int, block: int) -> None:
        self._source = np.random.PCG64(np.random.SeedSequence([seed, block]))

    def even(self, n: int) -> Floats:
        """Draw evenly from 0 up to, not including, 1; shape (n,)."""
        return (self._source.random_raw(n) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def bell(self, n: int) -> Floats:
        """Draw from a bell curve with mean 0, deviation 1 and no values beyond 3.5; shape (n,)."""
        words = self._source.random_raw(n)
        low = np.uint64(0xFFFF)
        total = sum((words >> np.uint64(shift)) & low for shift in (0, 16, 32, 48))
        return (np.asarray(total, np.float64) - _SUM_MEAN) / _SUM_DEVIATION

    def heavy(self, n: int) -> Floats:
        """Draw from a curve that is mostly small and now and then very large; mean about 1; shape (n,)."""
        return 0.2543 / (self.even(n) + 0.02)


@dataclass(slots=True)
class _State:
    """Where the market stands between two blocks: minutes open so far, the last close."""

    minute: int = 0
    price: float = _FIRST_PRICE


def minute_market(candles: int, seed: int) -> RawCandles:
    """Make up a market of one-minute candles.

    It trends for hours and drifts for hours. Volatility comes in clusters, by regime and by time of day,
    and volume goes with it; large moves are commoner than a bell curve has them. Minutes without a trade
    are missing, an outage takes an hour now and then, and weekends are closed; the price jumps where the
    market reopens, and sometimes elsewhere. Prices stay between about 400 and 2,500, to the cent.

    It is a little kinder than a real market: within a regime of some two days the price is drawn back to
    the trend, and every 512 candles a wick sweeps a recent extreme, of which rather more than half are
    followed by a small move the other way within half an hour. At the default costs most configurations
    lose. What a strategy earns here says that it works as meant, and nothing about any market.

    Args:
        candles: How many.
        seed: From 0; another seed is another market.
    """
    blocks = -(-candles // BLOCK)
    timestamp = np.empty(blocks * BLOCK, "datetime64[ms]")
    columns = {name: np.empty(blocks * BLOCK) for name in ("open", "high", "low", "close", "volume")}
    state = _State()
    for block in range(blocks):
        rows = slice(block * BLOCK, (block + 1) * BLOCK)
        timestamp[rows], drawn = _block(_Dice(seed, block), state)
        for name, column in columns.items():
            column[rows] = drawn[name]
    if blocks * BLOCK == candles:
        return RawCandles(timestamp, columns)
    cut = {name: column[:candles].copy() for name, column in columns.items()}
    return RawCandles(timestamp[:candles].copy(), cut)


def _block(dice: _Dice, state: _State) -> tuple[NDArray[np.datetime64], dict[str, Floats]]:
    """Draw one block and move the state to its end."""
    minutes = state.minute + np.cumsum(_steps(dice))
    week, within = minutes // _OPEN_MINUTES, minutes % _OPEN_MINUTES
    clock = week * _WEEK_MINUTES + within
    reopened = np.diff(clock, prepend=clock[0]) > 30
    reopened |= dice.even(BLOCK) < 0.0004
    edges = _edges(dice)
    level = _levels(dice, state.price)
    activity = _activity(dice, edges, clock)
    path = _path(dice, edges, level, _BASE_VOLATILITY * activity * np.where(reopened, 6.0, 1.0))
    columns = _candles(dice, path, state.price, activity, reopened)
    state.minute, state.price = int(minutes[-1]), float(path[-1])
    return _START + clock * np.timedelta64(_MINUTE_MS, "ms"), columns


def _steps(dice: _Dice) -> NDArray[np.int64]:
    """Draw how many minutes each candle comes after the one before: mostly 1."""
    chance, length = dice.even(BLOCK), dice.even(BLOCK)
    steps = np.ones(BLOCK, np.int64)
    quiet, outage = chance < 0.015, chance < 0.0002
    steps[quiet] += 1 + (length[quiet] * length[quiet] * 5).astype(np.int64)
    steps[outage] += 30 + (length[outage] * 240).astype(np.int64)
    return steps


def _edges(dice: _Dice) -> NDArray[np.int64]:
    """Cut the block into regimes of uneven lengths; shape (regimes + 1,)."""
    shares = np.arange(1, _REGIMES) + 0.6 * (dice.even(_REGIMES - 1) - 0.5)
    inner = (shares * (BLOCK / _REGIMES)).astype(np.int64)
    return np.concatenate(([0], inner, [BLOCK]))


def _levels(dice: _Dice, price: float) -> Floats:
    """Draw the price at each regime's edge, kept within bounds by the trends' directions."""
    size, side, trending = dice.even(_REGIMES), dice.even(_REGIMES), dice.even(_REGIMES)
    levels = [price]
    for regime in range(_REGIMES):
        move = (0.01 + 0.04 * float(size[regime])) if trending[regime] < 0.65 else 0.01 * float(size[regime])
        falls = side[regime] < 0.5
        if not _LOW_PRICE < levels[-1] < _HIGH_PRICE:
            falls = levels[-1] >= _HIGH_PRICE
        levels.append(levels[-1] / (1 + move) if falls else levels[-1] * (1 + move))
    return np.array(levels)


def _activity(dice: _Dice, edges: NDArray[np.int64], clock: NDArray[np.int64]) -> Floats:
    """Draw how lively each minute is, about 1 on average: by regime, by cluster and by time of day."""
    regime = _VOLATILITIES[(dice.even(_REGIMES) * len(_VOLATILITIES)).astype(np.int64)]
    cluster = 0.25 + 0.45 * _smoothed(dice.heavy(BLOCK), 120) + 0.3 * _smoothed(dice.heavy(BLOCK), 15)
    by_day = 1.25 - np.abs(clock % 1440 - 720) / 1440
    return np.repeat(regime, np.diff(edges)) * cluster * by_day


def _smoothed(values: Floats, width: int) -> Floats:
    """Average over the last `width` values, the block's end standing before its beginning."""
    sums = np.cumsum(np.concatenate((values[-width:], values)))
    return (sums[width:] - sums[:-width]) / width


def _path(dice: _Dice, edges: NDArray[np.int64], level: Floats, volatility: Floats) -> Floats:
    """Draw the closes: a random walk that is tied to the regimes' levels at their edges."""
    steps = dice.bell(BLOCK) * (0.7 + 0.3 * dice.heavy(BLOCK)) * volatility
    walk = np.concatenate(([0.0], np.cumsum(steps)))
    lengths = np.diff(edges)
    done = (np.arange(1, BLOCK + 1) - np.repeat(edges[:-1], lengths)) / np.repeat(lengths, lengths)
    tied = walk[1:] - np.repeat(walk[edges[:-1]], lengths) - done * np.repeat(np.diff(walk[edges]), lengths)
    trend = np.repeat(level[:-1], lengths) + done * np.repeat(np.diff(level), lengths)
    tied_to_trend: Floats = trend * (1 + tied)
    return tied_to_trend


def _candles(
    dice: _Dice, path: Floats, before: float, activity: Floats, reopened: NDArray[np.bool_]
) -> dict[str, Floats]:
    """Draw what each minute did between its closes: opens, wicks, sweeps and volume."""
    swept, depth = _sweeps(dice, path, activity)
    close = path * (1 + swept)
    previous = np.concatenate(([before], close[:-1]))
    open_ = previous + np.where(reopened, 0.85, 0.02) * (close - previous)
    reach = _BASE_VOLATILITY * activity * path
    upper = np.maximum(open_, close) + reach * _wick(dice)
    lower = np.minimum(open_, close) - reach * _wick(dice)
    _pierce(upper, lower, depth, reach)
    moved = np.abs(close - previous) / (reach + 0.01)
    volume = 12 * activity * (0.4 + moved) * (0.3 + dice.heavy(BLOCK)) + np.abs(depth) * 40
    prices = {"open": open_, "close": close, "high": upper, "low": lower}
    columns = {name: np.rint(values * 100) / 100 for name, values in prices.items()}
    columns["high"] = np.maximum(columns["high"], np.maximum(columns["open"], columns["close"]))
    columns["low"] = np.minimum(columns["low"], np.minimum(columns["open"], columns["close"]))
    return columns | {"volume": np.rint(volume * 1000) / 1000}


def _wick(dice: _Dice) -> Floats:
    """Draw wicks in units of volatility: most short, a few long; shape (BLOCK,)."""
    share = dice.even(BLOCK)
    return share * share * (0.5 + 0.5 * dice.heavy(BLOCK))


def _sweeps(dice: _Dice, path: Floats, activity: Floats) -> tuple[Floats, Floats]:
    """Place one sweep of a recent extreme in each stretch of candles.

    Returns:
        How far the close is lifted by what follows a sweep, as a fraction, shape (BLOCK,); and at each
        sweep its depth in units of volatility, above zero below a low and below zero above a high, 0
        elsewhere, shape (BLOCK,).
    """
    stretches = BLOCK // _STRETCH
    side = np.where(dice.even(stretches) < 0.5, 1.0, -1.0)
    follows = dice.even(stretches) < 0.55
    amount = 1 + dice.even(stretches)
    # The extreme lies in the first half, the sweep soon after it, and its effect ends with the stretch.
    part = (path.reshape(stretches, _STRETCH) * side[:, None])[:, 100:200]
    extreme = 100 + np.argmin(part, axis=1)
    place = extreme + 6 + (dice.even(stretches) * 20).astype(np.int64)
    at = np.arange(stretches) * _STRETCH + place
    since = np.arange(_STRETCH)[None, :] - place[:, None]
    left = (_STRETCH - 1 - np.arange(_STRETCH))[None, :] / (_STRETCH - 31 - place)[:, None]
    shape = np.where(since <= 0, 0.0, np.minimum(np.minimum(since / 30, 1.0), left))
    lift = side * follows * amount * _BASE_VOLATILITY * activity[at]
    depth = np.zeros(BLOCK)
    depth[at] = side * (1.5 + 3 * dice.even(stretches))
    return (shape * lift[:, None]).reshape(BLOCK), depth


def _pierce(upper: Floats, lower: Floats, depth: Floats, reach: Floats) -> None:
    """Let the wick of each sweep reach beyond the extreme of the hundred candles before it."""
    for at in np.flatnonzero(depth):
        recent = slice(max(0, at - 100), at)
        if depth[at] > 0:
            lower[at] = min(lower[at], lower[recent].min() - depth[at] * reach[at])
        else:
            upper[at] = max(upper[at], upper[recent].max() - depth[at] * reach[at])
