"""Finds sweeps of key levels, resumable at any candle.

A sweep of the high is a sweep of the low in a market turned upside down. So each rule stands once, with
a `side` (+1 buys, -1 sells) that turns the prices; changing a sign loses no digit.
"""

import numpy as np

from trad.kernels import kernel
from trad.strategies.arrays import Floats, Ints, Sides
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb
from trad.strategies.rolling_nb import BLOCK, running_sums_nb, window_maxima_nb

SWEEP_ATR, MIN_WICK, STOP_ATR, REWARD_RISK, VOLUME_RATIO = range(5)
"""Places in `rules`."""

LOW, HIGH = np.int8(1), np.int8(2)
"""Marks of a candle: which level it was rejected from."""


@kernel
def mean_true_range_nb(high: Floats, low: Floats, close: Floats, period: int, i: int) -> float:
    """Compute the mean true range of the `period` candles that end with candle i."""
    total = 0.0
    for j in range(i - period + 1, i + 1):
        before = close[j - 1]
        total += max(high[j] - low[j], abs(high[j] - before), abs(low[j] - before))
    return total / period


@kernel
def place_orders_nb(
    side: int,
    atr: float,
    rules: Floats,
    tip: float,
    close: float,
    i: int,
    entry: Sides,
    stop_loss: Floats,
    take_profit: Floats,
) -> None:
    """Write the entry at candle i with its stop and its target.

    A price at or below zero is never reached: it is written as 0, which means none.
    """
    stop = tip - side * rules[STOP_ATR] * atr
    entry[i] = side
    stop_loss[i] = max(stop, 0.0)
    take_profit[i] = max(close + rules[REWARD_RISK] * (close - stop), 0.0)


@kernel
def mark_rejections_nb(
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    lows: Floats,
    highs: Floats,
    min_wick: float,
    start: int,
    end: int,
    marks: Sides,
) -> None:
    """Mark which levels candles `start` to `end` pierced, closed back from, and left a wick beyond.

    Marks are 0 for none, LOW, HIGH, or the sum of both. `lows` are the low levels, negated; `highs` the
    high ones.
    """
    n = end - start
    first, top, bottom, price = open_[start:end], high[start:end], low[start:end], close[start:end]
    for j in range(n):
        wick = min_wick * (top[j] - bottom[j])
        lower, upper = min(first[j], price[j]) - bottom[j], top[j] - max(first[j], price[j])
        at_low = (bottom[j] < -lows[j]) & (price[j] > -lows[j]) & (lower >= wick)
        at_high = (top[j] > highs[j]) & (price[j] < highs[j]) & (upper >= wick)
        marks[j] = np.int8(at_low) * LOW + np.int8(at_high) * HIGH


@kernel
def clear_nb(entry: Sides, stop_loss: Floats, take_profit: Floats, start: int, end: int) -> None:
    """Write to candles `start` to `end` that nothing is done."""
    sides, stops, targets = entry[start:end], stop_loss[start:end], take_profit[start:end]
    for j in range(len(sides)):
        sides[j] = 0
    for j in range(len(stops)):
        stops[j] = targets[j] = 0.0


@kernel
def take_sweeps_nb(
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
    lows: Floats,
    highs: Floats,
    marks: Sides,
    volumes: Floats,
    lookback: int,
    atr_period: int,
    rules: Floats,
    entry: Sides,
    stop_loss: Floats,
    take_profit: Floats,
    start: int,
    end: int,
) -> None:
    """Place the orders of the marked candles among `start` to `end` that pass the remaining rules.

    `lows`, `highs` and `marks` begin at candle `start`. `volumes` are the running sums of the volume,
    less that of candle `start - start % BLOCK`, from `lookback` candles before that one on; unused
    without a volume rule.
    """
    anchor = start - start % BLOCK
    first = max(anchor - lookback, 0)
    for i in range(start, end):
        mark = marks[i - start]
        if mark == 0:
            continue
        if rules[VOLUME_RATIO] > 0.0:
            usual = volume[anchor] + (volumes[i - first] - volumes[i - lookback - first]) / lookback
            if not volume[i] > rules[VOLUME_RATIO] * usual:
                continue
        atr = mean_true_range_nb(high, low, close, atr_period, i)
        depth = rules[SWEEP_ATR] * atr
        buy = mark & LOW and -lows[i - start] - low[i] >= depth
        sell = mark & HIGH and high[i] - highs[i - start] >= depth
        if buy and not sell:
            place_orders_nb(1, atr, rules, low[i], close[i], i, entry, stop_loss, take_profit)
        elif sell and not buy:
            place_orders_nb(-1, atr, rules, high[i], close[i], i, entry, stop_loss, take_profit)


@kernel
def liquidity_sweeps_nb(
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
    lookback: int,
    atr_period: int,
    rules: Floats,
    entry: Sides,
    stop_loss: Floats,
    take_profit: Floats,
    interval: int,
    cell: Ints,
    start: int,
    stop: int,
) -> int:
    """Write an entry with its stop and its target for every sweep among candles `start` to `stop`.

    Blocks begin at the multiples of BLOCK candles, counted from the first candle of all, and what is
    computed of a candle does not depend on where a call began: there is no state to carry.

    Args:
        open_: float64, shape (n_candles,), like all columns.
        high: The candles' highs.
        low: The candles' lows.
        close: The candles' closes.
        volume: The candles' volumes.
        lookback: Candles before the present one that make the key levels and the average volume.
        atr_period: Candles in the mean true range.
        rules: float64, shape (5,): the fractions and multiples, see the places above.
        entry: int8, shape (n_candles,), to be written to.
        stop_loss: Likewise, float64: at an entry its price, elsewhere 0.
        take_profit: Likewise.
        interval: After how many candles the position is stored.
        cell: Where it is stored, and the stop flag read.
        start: The first candle to go over.
        stop: The candle to go up to.

    Returns:
        The candle reached; below `stop` when the stop flag was seen.
    """
    spaces = np.empty((5, BLOCK + lookback + 1))
    marks = np.empty(BLOCK, np.int8)
    i = min(max(start, lookback, atr_period), stop)
    clear_nb(entry, stop_loss, take_profit, start, i)
    while i < stop:
        begin = i
        anchor = i - i % BLOCK
        end = min(anchor + BLOCK, stop)
        lows = window_maxima_nb(low[i - lookback : end - 1], -1.0, lookback, spaces[0], spaces[1])
        highs = window_maxima_nb(high[i - lookback : end - 1], 1.0, lookback, spaces[2], spaces[3])
        clear_nb(entry, stop_loss, take_profit, i, end)
        mark_rejections_nb(open_, high, low, close, lows, highs, rules[MIN_WICK], i, end, marks)
        if rules[VOLUME_RATIO] > 0.0:
            running_sums_nb(volume[max(anchor - lookback, 0) : end - 1], volume[anchor], spaces[4])
        while i < end:
            reached = min(i + interval, end)
            take_sweeps_nb(
                high, low, close, volume, lows[i - begin :], highs[i - begin :], marks[i - begin :],
                spaces[4], lookback, atr_period, rules, entry, stop_loss, take_profit, i, reached,
            )  # fmt: skip
            i = reached
            store_position_nb(cell, i)
            if stop_asked_nb(cell):
                return i
    return stop
