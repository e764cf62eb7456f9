"""Finds the candles at which something happens, so that the walk need not visit the others."""

import numpy as np

from trad.kernels import inlined, kernel
from trad.strategies.arrays import Flags, Floats, Ints, Sides

OPENS, STOPS, TARGETS = range(3)
"""Rows of the prices that are fetched for a block's events."""


@kernel
def find_events_nb(entry: Sides, exit_: Flags, events: Ints, start: int, end: int) -> int:
    """Write the candles from `start` to `end` at whose open a signal acts, then `end`; return their number.

    Each candle is written and only counted when it is one: no branch, so none is foretold wrongly.
    """
    first = max(start, 1)
    signals = entry[first - 1 : end - 1]
    found = 0
    if len(exit_) == 0:
        found = find_entries_nb(signals, first, events)
    else:
        leaves = exit_[first - 1 : end - 1]
        for j in range(len(signals)):
            events[found] = first + j
            found += (signals[j] != 0) | leaves[j]
    events[found] = end
    return found


@kernel
def find_entries_nb(signals: Sides, first: int, events: Ints) -> int:
    """Write the candle, counted from `first`, of every signal that is not 0; return their number.

    Most groups of eight are all zeros, and seen to be so as one number.
    """
    whole = len(signals) - len(signals) % 8
    eights = signals[:whole].view(np.int64)
    found = 0
    for group in range(len(eights)):
        if eights[group] != 0:
            for j in range(8 * group, 8 * group + 8):
                events[found] = first + j
                found += signals[j] != 0
    for j in range(whole, len(signals)):
        events[found] = first + j
        found += signals[j] != 0
    return found


@kernel
def fetch_prices_nb(
    open_: Floats, stop_loss: Floats, take_profit: Floats, events: Ints, found: int, fetched: Floats
) -> None:
    """Fetch the prices at which events may fill, with the stops and targets of their signals.

    Fetched one by one in the walk, each would come from memory while the walk waits, for the next trade's
    cash hangs on this one's price; a loop that does nothing else has many of them on their way at once.

    Args:
        fetched: float64, shape (3, at least found), written to: rows OPENS, STOPS and TARGETS.
    """
    opens, stops, targets = fetched[OPENS], fetched[STOPS], fetched[TARGETS]
    for k in range(found):
        opens[k] = open_[events[k]]
    for k in range(found):
        stops[k] = stop_loss[events[k] - 1] if len(stop_loss) else 0.0
    for k in range(found):
        targets[k] = take_profit[events[k] - 1] if len(take_profit) else 0.0


@inlined
def next_entry_nb(entry: Sides, events: Ints, e: int, found: int, i: int) -> int:
    """Find the first event from the e-th on, at candle i or later, at which a flat account enters."""
    while e < found and (events[e] < i or entry[events[e] - 1] == 0):
        e += 1
    return e


@inlined
def next_exit_nb(entry: Sides, exit_: Flags, events: Ints, e: int, found: int, side: int) -> int:
    """Find the first event from the e-th on that ends a position of this side."""
    if len(exit_) == 0:
        while e < found and entry[events[e] - 1] != -side:
            e += 1
    else:
        while e < found and entry[events[e] - 1] != -side and not exit_[events[e] - 1]:
            e += 1
    return e


@inlined
def next_touch_nb(side: int, stop: float, target: float, high: Floats, low: Floats, i: int, end: int) -> int:
    """Find the first candle from i on, before `end`, that reaches the stop or the target; else `end`."""
    if stop == 0.0 and target == 0.0:
        return end
    floor, ceiling = (stop, target) if side > 0 else (target, stop)
    if ceiling == 0.0:
        ceiling = np.inf
    # Two candles at a time: half as many branches.
    while i + 1 < end and not (
        (low[i] <= floor) | (high[i] >= ceiling) | (low[i + 1] <= floor) | (high[i + 1] >= ceiling)
    ):
        i += 2
    while i < end and low[i] > floor and high[i] < ceiling:
        i += 1
    return i
