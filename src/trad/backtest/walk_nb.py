"""Walks one block of candles from event to event, with the account in plain numbers.

Between two events the position does not change, so its equity is marked in a loop that vectorises; only
an open position with a stop or a target is looked at candle by candle.
"""

from trad.backtest.events_nb import (
    OPENS,
    STOPS,
    TARGETS,
    fetch_prices_nb,
    find_events_nb,
    next_entry_nb,
    next_exit_nb,
    next_touch_nb,
)
from trad.backtest.fills_nb import enter_nb, fill_inside_nb, leave_nb
from trad.backtest.state_nb import (
    CASH,
    ENTRY_FEE,
    ENTRY_INDEX,
    ENTRY_PRICE,
    FEE,
    FEES,
    P_ENTRY,
    P_EXIT,
    P_FEES,
    P_PNL,
    P_SIZE,
    REVERSE,
    SHARE,
    SIGNAL,
    SIZE,
    SLIPPAGE,
    STOP,
    T_ENTRY,
    T_EXIT,
    T_REASON,
    T_SIGNAL,
    TARGET,
)
from trad.kernels import borrowing, inlined, kernel
from trad.strategies.arrays import Flags, Floats, Ints, Sides


@inlined
def mark_nb(close: Floats, marks: Floats, first: int, i: int, end: int, cash: float, size: float) -> None:
    """Write the equity of candles i to `end` at their closes; `first` is the candle of `marks[0]`."""
    prices, equity = close[i:end], marks[i - first : end - first]
    for j in range(len(prices)):
        equity[j] = cash + size * prices[j]


@inlined
def write_trade_nb(
    k: int,
    closed_index: Ints,
    closed_price: Floats,
    signal_index: int,
    entry_index: int,
    i: int,
    reason: int,
    entry_price: float,
    price: float,
    size: float,
    pnl: float,
    fees: float,
) -> None:
    """Write the k-th trade that the block closes."""
    closed_index[k, T_ENTRY] = entry_index
    closed_index[k, T_EXIT] = i
    closed_index[k, T_REASON] = reason
    closed_index[k, T_SIGNAL] = signal_index
    closed_price[k, P_ENTRY] = entry_price
    closed_price[k, P_EXIT] = price
    closed_price[k, P_SIZE] = size
    closed_price[k, P_PNL] = pnl
    closed_price[k, P_FEES] = fees


@borrowing
def walk_block_nb(
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
    events: Ints,
    fetched: Floats,
    closed_index: Ints,
    closed_price: Floats,
    marks: Floats,
    start: int,
    end: int,
) -> int:
    """Trade candles `start` to `end` and write their equity to `marks`; return the trades closed.

    Ruin is not looked for, nor the end of the data: whoever calls sees them in the marks.
    """
    fee, slippage, share = rates[FEE], rates[SLIPPAGE], rates[SHARE]
    cash, size, entry_price, entry_fee = money[CASH], money[SIZE], money[ENTRY_PRICE], money[ENTRY_FEE]
    stop, target, fees, entry_index = money[STOP], money[TARGET], money[FEES], count[ENTRY_INDEX]
    found = find_events_nb(entry, exit_, events, start, end)
    fetch_prices_nb(open_, stop_loss, take_profit, events, found, fetched)
    closed = e = 0
    i = marked = start
    while True:
        if size == 0.0:
            e = next_entry_nb(entry, events, e, found, i)
            # A candle that took all cash at its open is one of ruin: nothing is bought after it.
            if e == found or not cash > 0.0:
                break
            i = events[e]
            mark_nb(close, marks, start, marked, i, cash, size)
            entry_index = marked = i
            side = int(entry[i - 1])
            entry_price = fetched[OPENS, e] * (1.0 + side * slippage)
            cash, size, entry_fee = enter_nb(side, entry_price, share, fee, cash)
            fees += entry_fee
            stop, target = fetched[STOPS, e], fetched[TARGETS, e]
            e += 1
        else:
            side = 1 if size > 0.0 else -1
            leaving = next_exit_nb(entry, exit_, events, e, found, side)
            at = next_touch_nb(side, stop, target, high, low, i, events[leaving])
            if at == end:
                break
            mark_nb(close, marks, start, marked, at, cash, size)
            i = marked = at
            if at < events[leaving]:
                # The events passed over may come after this candle, and enter.
                price, reason = fill_inside_nb(side, stop, target, slippage, open_[at], high[at], low[at])
                i += 1
            else:
                e = leaving
                price = fetched[OPENS, e] * (1.0 - side * slippage)
                reason = REVERSE if entry[at - 1] == -side else SIGNAL
            cash, pnl, exit_fee = leave_nb(size, entry_price, entry_fee, price, fee, cash)
            fees += exit_fee
            write_trade_nb(
                closed, closed_index, closed_price, entry_index - 1, entry_index, at, reason, entry_price,
                price, size, pnl, entry_fee + exit_fee,
            )  # fmt: skip
            closed += 1
            size = stop = target = 0.0
    mark_nb(close, marks, start, marked, end, cash, size)
    money[CASH], money[SIZE], money[ENTRY_PRICE], money[ENTRY_FEE] = cash, size, entry_price, entry_fee
    money[STOP], money[TARGET], money[FEES], count[ENTRY_INDEX] = stop, target, fees, entry_index
    return closed


@kernel
def close_at_end_nb(
    i: int,
    price: float,
    reason: int,
    rates: Floats,
    money: Floats,
    count: Ints,
    closed: int,
    closed_index: Ints,
    closed_price: Floats,
) -> int:
    """Close what is open at the close of candle i, the last of the run; return the block's trades."""
    size, entry_price, entry_fee = money[SIZE], money[ENTRY_PRICE], money[ENTRY_FEE]
    if size == 0.0:
        return closed
    money[CASH], pnl, exit_fee = leave_nb(size, entry_price, entry_fee, price, rates[FEE], money[CASH])
    money[FEES] += exit_fee
    write_trade_nb(
        closed, closed_index, closed_price, count[ENTRY_INDEX] - 1, count[ENTRY_INDEX], i, reason,
        entry_price, price, size, pnl, entry_fee + exit_fee,
    )  # fmt: skip
    money[SIZE] = money[STOP] = money[TARGET] = 0.0
    return closed + 1
