"""Finds breakouts from Donchian channels, resumable at any candle."""

import numpy as np

from trad.kernels import kernel
from trad.strategies.arrays import Flags, Floats, Ints, Sides
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb
from trad.strategies.rolling_nb import BLOCK, window_maxima_nb


@kernel
def follow_channels_nb(
    close: Floats,
    tops: Floats,
    bottoms: Floats,
    exit_tops: Floats,
    exit_bottoms: Floats,
    entry: Sides,
    exit_: Flags,
    held: Sides,
    start: int,
    end: int,
) -> None:
    """Write the signals of candles `start` to `end`, where the channels begin; bottoms are negated.

    `held[0]` is the side that the signals so far lead to.
    """
    side = held[0]
    for j in range(end - start):
        price = close[start + j]
        wanted = np.int8(price > tops[j]) - np.int8(price < -bottoms[j])
        if wanted != 0 and wanted != side:
            side = np.int8(wanted)
            entry[start + j] = side
        elif (side > 0 and price < -exit_bottoms[j]) or (side < 0 and price > exit_tops[j]):
            side = np.int8(0)
            exit_[start + j] = True
    held[0] = side


@kernel
def donchian_breakouts_nb(
    high: Floats,
    low: Floats,
    close: Floats,
    entry_lookback: int,
    exit_lookback: int,
    entry: Sides,
    exit_: Flags,
    held: Sides,
    interval: int,
    cell: Ints,
    start: int,
    stop: int,
) -> int:
    """Write the entries and exits of candles `start` to `stop`.

    Args:
        high: float64, shape (n_candles,), like all columns.
        low: The candles' lows.
        close: The candles' closes.
        entry_lookback: Candles before the present one in the channel that is entered on.
        exit_lookback: Candles in the one that is left on.
        entry: Zeros, to be written to.
        exit_: Zeros, to be written to.
        held: int8, shape (1,): the state between calls; 0 at first.
        interval: After how many candles the position is stored.
        cell: Where it is stored, and the stop flag read.
        start: The first candle to go over.
        stop: The candle to go up to.

    Returns:
        The candle reached; below `stop` when the stop flag was seen.
    """
    longest = max(entry_lookback, exit_lookback)
    size = max(interval, min(longest, BLOCK))
    spaces = np.empty((8, size + longest))
    i = max(start, longest)
    while i < stop:
        end = min(i + size, stop)
        a, b = i - entry_lookback, i - exit_lookback
        tops = window_maxima_nb(high[a : end - 1], 1.0, entry_lookback, spaces[0], spaces[1])
        bottoms = window_maxima_nb(low[a : end - 1], -1.0, entry_lookback, spaces[2], spaces[3])
        exit_tops = window_maxima_nb(high[b : end - 1], 1.0, exit_lookback, spaces[4], spaces[5])
        exit_bottoms = window_maxima_nb(low[b : end - 1], -1.0, exit_lookback, spaces[6], spaces[7])
        follow_channels_nb(close, tops, bottoms, exit_tops, exit_bottoms, entry, exit_, held, i, end)
        i = end
        store_position_nb(cell, i)
        if stop_asked_nb(cell):
            return i
    return stop
