"""The trade simulation under terms of trading: as `simulate_nb`, for those who set one."""

import numpy as np

from trad.backtest.closed_trades_nb import fold_trades_nb
from trad.backtest.returns_nb import extremes_nb, fold_returns_nb
from trad.backtest.simulation_nb import copy_nb, keep_trades_nb
from trad.backtest.state_nb import (
    BLOCK,
    ENDED,
    MOST_TRADES_A_CANDLE,
    TRADE_INDICES,
    TRADE_PRICES,
    TRADES,
)
from trad.backtest.terms_walk_nb import walk_on_terms_nb
from trad.kernels import kernel
from trad.strategies.arrays import Flags, Floats, Ints, Sides
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb


@kernel
def simulate_on_terms_nb(
    time: Ints,
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    entry: Sides,
    exit_: Flags,
    stop_loss: Floats,
    take_profit: Floats,
    rates: Floats,
    terms: Floats,
    money: Floats,
    count: Ints,
    lanes: Floats,
    held: Floats,
    trade_index: Ints,
    trade_price: Floats,
    equity: Floats,
    cell: Ints,
    interval: int,
    start: int,
    stop: int,
) -> int:
    """Simulate candles `start` to `stop`; return the candle reached.

    `time` is in milliseconds; `terms` and `held` have the places of `terms_nb` and `terms_walk_nb`; all
    else is as in `simulate_nb`.
    """
    marks = np.empty(BLOCK)
    most = MOST_TRADES_A_CANDLE * BLOCK
    closed_index, closed_price = np.empty((most, TRADE_INDICES), np.int64), np.empty((most, TRADE_PRICES))
    i = start
    while i < stop and not count[ENDED]:
        closed, end = walk_on_terms_nb(
            time, open_, high, low, close, entry, exit_, stop_loss, take_profit, rates, terms, money, count,
            held, closed_index, closed_price, marks, i, min(i + interval, stop),
        )  # fmt: skip
        lowest, highest = extremes_nb(marks, end - i)
        count[ENDED] = lowest <= 0.0
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
