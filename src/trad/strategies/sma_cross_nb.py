"""Finds where one simple moving average crosses another, resumable at any candle."""

import numpy as np

from trad.kernels import kernel
from trad.strategies.arrays import Floats, Ints, Sides
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb
from trad.strategies.rolling_nb import BLOCK, running_sums_nb

TIE = 1e-12
"""Averages that differ by no more than this fraction of the close are equal: what is left is rounding."""


@kernel
def mark_crosses_nb(
    sums: Floats,
    first: int,
    close: Floats,
    fast: int,
    slow: int,
    entry: Sides,
    last: Sides,
    start: int,
    end: int,
) -> None:
    """Mark the crosses among candles `start` to `end`.

    `sums` are the running sums from candle `first` on; `last[0]` is the side of the fast average when
    they last differed.
    """
    n = end - start
    at = start + 1 - first
    now = sums[at : at + n]
    before_fast = sums[at - fast : at - fast + n]
    before_slow = sums[at - slow : at - slow + n]
    price = close[start:end]
    # sides[0] is the side before, so that each change is seen by comparing neighbours.
    sides = np.empty(n + 1, np.int8)
    sides[0] = last[0]
    now_on = sides[1:]
    for j in range(n):
        gap = (now[j] - before_fast[j]) * (1.0 / fast) - (now[j] - before_slow[j]) * (1.0 / slow)
        tie = price[j] * TIE
        now_on[j] = np.int8(gap > tie) - np.int8(gap < -tie)
    fill_ties_nb(sides)
    crosses = entry[start:end]
    for j in range(n):
        crosses[j] = now_on[j] * np.int8((now_on[j] != sides[j]) & (sides[j] != 0))
    last[0] = sides[n]


@kernel
def fill_ties_nb(sides: Sides) -> None:
    """Give each candle of equal averages the side of the one before it; most blocks have none."""
    ties = 0
    for j in range(len(sides)):
        ties += sides[j] == 0
    if ties:
        for j in range(1, len(sides)):
            if sides[j] == 0:
                sides[j] = sides[j - 1]


@kernel
def sma_crosses_nb(
    close: Floats,
    fast: int,
    slow: int,
    entry: Sides,
    last: Sides,
    interval: int,
    cell: Ints,
    start: int,
    stop: int,
) -> int:
    """Write +1 to `entry` where the fast average rises above the slow one, -1 where it falls below.

    Sums begin anew at every multiple of BLOCK candles, counted from the first candle of all: they are
    the same wherever a call begins, and never grow long enough to lose digits.

    Args:
        close: float64, shape (n_candles,).
        fast: Candles in the fast average.
        slow: Candles in the slow average.
        entry: int8, shape (n_candles,): zeros, to be written to.
        last: int8, shape (1,): the state between calls; 0 at first.
        interval: After how many candles the position is stored.
        cell: Where it is stored, and the stop flag read.
        start: The first candle to go over.
        stop: The candle to go up to.

    Returns:
        The candle reached; below `stop` when the stop flag was seen.
    """
    width = max(fast, slow)
    sums = np.empty(BLOCK + width)
    i = max(start, width - 1)
    while i < stop:
        anchor = i - i % BLOCK
        end = min(anchor + BLOCK, stop)
        first = max(anchor + 1 - width, 0)
        running_sums_nb(close[first:end], close[anchor], sums)
        while i < end:
            reached = min(i + interval, end)
            mark_crosses_nb(sums, first, close, fast, slow, entry, last, i, reached)
            i = reached
            store_position_nb(cell, i)
            if stop_asked_nb(cell):
                return i
    return stop
