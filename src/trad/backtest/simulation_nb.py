"""The trade simulation: from signals to cash, equity and metrics, in one pass over the candles.

The simulator jumps from event to event. Between two events the position does not change, so its equity
is marked in a loop that vectorises; only an open position with a stop or a target is walked candle by
candle. Each block of equity is folded into the metrics while it is still in the cache.
"""

import numpy as np

from trad.backtest.fills_nb import close_position_nb, fill_at_open_nb, fill_inside_nb
from trad.backtest.returns_nb import extremes_nb, fold_returns_nb
from trad.backtest.state_nb import (
    BLOCK,
    CASH,
    END_OF_DATA,
    ENDED,
    EXPOSED,
    MOST_TRADES_A_CANDLE,
    NEEDS_ROOM,
    RUINED,
    SIZE,
    STOP,
    TARGET,
    TRADES,
)
from trad.strategies.arrays import Flags, Floats, Ints, Sides
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb
from trad.strategies.kernel import inlined, kernel


@inlined
def next_entry_nb(entry: Sides, i: int, end: int) -> int:
    """Find the first candle from i on, before `end`, at whose open a flat account enters."""
    while i < end and entry[i - 1] == 0:
        i += 1
    return i


@inlined
def next_signal_nb(side: int, entry: Sides, exit_: Flags, i: int, end: int) -> int:
    """Find the first candle from i on, before `end`, at whose open a signal ends the position."""
    if len(exit_) == 0:
        while i < end and entry[i - 1] != -side:
            i += 1
    else:
        while i < end and entry[i - 1] != -side and not exit_[i - 1]:
            i += 1
    return i


@inlined
def next_touch_nb(side: int, stop: float, target: float, high: Floats, low: Floats, i: int, end: int) -> int:
    """Find the first candle from i on, before `end`, that reaches the stop or the target."""
    if stop == 0.0 and target == 0.0:
        return end
    if side > 0:
        ceiling = target if target > 0.0 else np.inf
        while i < end and low[i] > stop and high[i] < ceiling:
            i += 1
    else:
        ceiling = stop if stop > 0.0 else np.inf
        while i < end and high[i] < ceiling and low[i] > target:
            i += 1
    return i


@inlined
def mark_nb(close: Floats, marks: Floats, first: int, i: int, end: int, money: Floats) -> int:
    """Write the equity of candles i to `end` at their closes; return the first that is ruined, or `end`.

    `first` is the candle of `marks[0]`.
    """
    cash = money[CASH]
    size = money[SIZE]
    for j in range(i, end):
        marks[j - first] = cash + size * close[j]
    worst, _ = extremes_nb(marks[i - first : end - first], end - i)
    if worst > 0.0:
        return end
    j = i
    while marks[j - first] > 0.0:
        j += 1
    return j


@inlined
def trade_candle_nb(
    i: int,
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    entry: Sides,
    exit_: Flags,
    stop_loss: Floats,
    take_profit: Floats,
    rates: Floats,
    money: Floats,
    count: Ints,
    trade_index: Ints,
    trade_price: Floats,
) -> float:
    """Play candle i in full, from its open to its close; return the equity at the close."""
    if i > 0:
        stop = stop_loss[i - 1] if len(stop_loss) else 0.0
        target = take_profit[i - 1] if len(take_profit) else 0.0
        leave = exit_[i - 1] if len(exit_) else False
        fill_at_open_nb(
            i, open_[i], entry[i - 1], leave, rates, stop, target, money, count, trade_index, trade_price
        )
    if money[SIZE] != 0.0:
        count[EXPOSED] += 1
        fill_inside_nb(i, open_[i], high[i], low[i], rates, money, count, trade_index, trade_price)
    equity = float(money[CASH] + money[SIZE] * close[i])
    last = i == len(close) - 1
    if money[SIZE] != 0.0 and (equity <= 0.0 or last):
        reason = RUINED if equity <= 0.0 else END_OF_DATA
        close_position_nb(i, close[i], reason, rates, money, count, trade_index, trade_price)
        equity = float(money[CASH])
    if equity <= 0.0:
        count[ENDED] = 1
    return equity


@kernel
def trade_block_nb(
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    entry: Sides,
    exit_: Flags,
    stop_loss: Floats,
    take_profit: Floats,
    rates: Floats,
    money: Floats,
    count: Ints,
    trade_index: Ints,
    trade_price: Floats,
    marks: Floats,
    start: int,
    end: int,
) -> int:
    """Simulate candles `start` to `end`, writing their equity to `marks`; return the candle reached.

    Ends early where the account is ruined, and, when trades are kept, where their buffers might
    overflow at the next candle that trades.
    """
    i = start
    last = len(close) - 1
    while i < end:
        size = money[SIZE]
        if size == 0.0:
            event = next_entry_nb(entry, max(i, 1), end)
        else:
            side = 1 if size > 0.0 else -1
            event = next_signal_nb(side, entry, exit_, i, min(end, last))
            event = next_touch_nb(side, money[STOP], money[TARGET], high, low, i, event)
        if event > i:
            event = mark_nb(close, marks, start, i, event, money)
            if size != 0.0:
                count[EXPOSED] += event - i
            i = event
        if i == end:
            break
        if 0 < len(trade_index) < count[TRADES] + MOST_TRADES_A_CANDLE:
            count[NEEDS_ROOM] = 1
            break
        marks[i - start] = trade_candle_nb(
            i, open_, high, low, close, entry, exit_, stop_loss, take_profit, rates, money, count,
            trade_index, trade_price,
        )  # fmt: skip
        i += 1
        if count[ENDED]:
            break
    return i


@kernel
def simulate_nb(
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    entry: Sides,
    exit_: Flags,
    stop_loss: Floats,
    take_profit: Floats,
    rates: Floats,
    money: Floats,
    count: Ints,
    lanes: Floats,
    trade_index: Ints,
    trade_price: Floats,
    equity: Floats,
    cell: Ints,
    interval: int,
    start: int,
    stop: int,
) -> int:
    """Simulate candles `start` to `stop`; return the candle reached.

    Columns of signals that a strategy does not use are empty. So are `trade_index`, `trade_price` and
    `equity` when nobody wants them. The position is stored to `cell` every `interval` candles (at most
    BLOCK), where the stop flag is read. A run that returned early with `count[NEEDS_ROOM]` goes on, with
    larger trade buffers, from the candle returned.
    """
    marks = np.empty(BLOCK)
    i = start
    while i < stop and not count[ENDED]:
        end = min(i + interval, stop)
        reached = trade_block_nb(
            open_, high, low, close, entry, exit_, stop_loss, take_profit, rates, money, count,
            trade_index, trade_price, marks, i, end,
        )  # fmt: skip
        fold_returns_nb(marks, i, reached - i, money, count, lanes)
        if len(equity):
            equity[i:reached] = marks[: reached - i]
        i = reached
        store_position_nb(cell, i)
        if count[NEEDS_ROOM] or stop_asked_nb(cell):
            break
    return i
