"""The trade simulation: from signals to cash, equity and metrics, in one pass over the candles.

A block of candles is walked from event to event; its equity and its trades are folded into the metrics
while they are still in the cache.
"""

import numpy as np

from trad.backtest.closed_trades_nb import fold_trades_nb
from trad.backtest.returns_nb import extremes_nb, fold_returns_nb
from trad.backtest.state_nb import (
    BLOCK,
    CASH,
    COUNT_PLACES,
    END_OF_DATA,
    ENDED,
    MONEY_PLACES,
    MOST_TRADES_A_CANDLE,
    RUINED,
    SIZE,
    TRADE_INDICES,
    TRADE_PRICES,
    TRADES,
)
from trad.backtest.walk_nb import close_at_end_nb, walk_block_nb
from trad.kernels import kernel
from trad.strategies.arrays import Flags, Floats, Ints, Sides
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb


@kernel
def first_ruin_nb(marks: Floats) -> int:
    """Find the first mark that is not above zero; there is one."""
    j = 0
    while marks[j] > 0.0:
        j += 1
    return j


@kernel
def copy_nb(source: Floats | Ints, to: Floats | Ints) -> None:
    """Fill `to` with as many of the first values of `source`.

    Value by value: for an assignment to a slice Numba compiles, during eight seconds, the sentence that it
    says when shapes differ.
    """
    for j in range(len(to)):
        to[j] = source[j]


@kernel
def keep_trades_nb(
    closed: int, closed_index: Ints, closed_price: Floats, at: int, trade_index: Ints, trade_price: Floats
) -> None:
    """Copy the block's trades to the log, from its column `at` on.

    In the log, each place has its row, as a table of trades wants it. Cell by cell, as in `copy_nb`.
    """
    for place in range(closed_index.shape[1]):
        for k in range(closed):
            trade_index[place, at + k] = closed_index[k, place]
    for place in range(closed_price.shape[1]):
        for k in range(closed):
            trade_price[place, at + k] = closed_price[k, place]


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
    BLOCK), where the stop flag is read. The trade buffers hold one trade for each entry signal, which is the
    most there can be.
    """
    marks, events, fetched = np.empty(BLOCK), np.empty(BLOCK + 1, np.int64), np.empty((3, BLOCK))
    most = MOST_TRADES_A_CANDLE * BLOCK
    closed_index, closed_price = np.empty((most, TRADE_INDICES), np.int64), np.empty((most, TRADE_PRICES))
    money_before, count_before = np.empty(MONEY_PLACES), np.empty(COUNT_PLACES, np.int64)
    i = start
    while i < stop and not count[ENDED]:
        end = min(i + interval, stop)
        copy_nb(money, money_before)
        copy_nb(count, count_before)
        closed = walk_block_nb(
            open_, high, low, close, entry, exit_, stop_loss, take_profit, rates, money, count, events,
            fetched, closed_index, closed_price, marks, i, end,
        )  # fmt: skip
        lowest, highest = extremes_nb(marks, end - i)
        ruined = lowest <= 0.0
        if ruined:
            # Rare: the block again, up to the candle whose close is the end of it.
            copy_nb(money_before, money)
            copy_nb(count_before, count)
            end = i + first_ruin_nb(marks) + 1
            closed = walk_block_nb(
                open_, high, low, close, entry, exit_, stop_loss, take_profit, rates, money, count, events,
                fetched, closed_index, closed_price, marks, i, end,
            )  # fmt: skip
        if money[SIZE] != 0.0 and (ruined or end == len(close)):
            reason = RUINED if ruined else END_OF_DATA
            closed = close_at_end_nb(
                end - 1, close[end - 1], reason, rates, money, count, closed, closed_index, closed_price
            )
            marks[end - 1 - i] = money[CASH]
        if ruined or end == len(close):
            lowest, highest = extremes_nb(marks, end - i)
        count[ENDED] = marks[end - 1 - i] <= 0.0
        if trade_index.shape[1]:
            keep_trades_nb(closed, closed_index, closed_price, count[TRADES], trade_index, trade_price)
        fold_trades_nb(closed, closed_index, closed_price, money, count)
        fold_returns_nb(marks, i, end - i, lowest, highest, money, count, lanes)
        if len(equity):
            copy_nb(marks, equity[i:end])
        i = end
        store_position_nb(cell, i)
        if stop_asked_nb(cell):
            break
    return i
