"""Fills: what happens to cash and position at one candle. The rules are those of `docs/fill-rules.md`."""

from trad.backtest.state_nb import (
    CASH,
    ENTRY_FEE,
    ENTRY_INDEX,
    ENTRY_PRICE,
    FEE,
    FEES,
    GROSS_LOSS,
    GROSS_PROFIT,
    P_ENTRY,
    P_EXIT,
    P_FEES,
    P_PNL,
    P_SIZE,
    PNL_MEAN,
    PNL_SQUARES,
    RETURNS,
    REVERSE,
    SHARE,
    SIGNAL,
    SIZE,
    SLIPPAGE,
    STOP,
    STOPPED_OUT,
    T_ENTRY,
    T_EXIT,
    T_REASON,
    TARGET,
    TARGET_HIT,
    TRADES,
    WINS,
)
from trad.strategies.arrays import Floats, Ints
from trad.strategies.kernel import inlined


@inlined
def close_position_nb(
    i: int,
    price: float,
    reason: int,
    rates: Floats,
    money: Floats,
    count: Ints,
    trade_index: Ints,
    trade_price: Floats,
) -> None:
    """Sell what is long, buy back what is short, at `price`; record the trade where there is room."""
    size = money[SIZE]
    entry_price = money[ENTRY_PRICE]
    exit_fee = rates[FEE] * abs(size) * price
    fees = money[ENTRY_FEE] + exit_fee
    pnl = size * (price - entry_price) - fees
    money[CASH] += size * price - exit_fee
    money[FEES] += exit_fee
    if pnl > 0.0:
        money[GROSS_PROFIT] += pnl
        count[WINS] += 1
    else:
        money[GROSS_LOSS] -= pnl
    money[RETURNS] += pnl / (abs(size) * entry_price)
    number = count[TRADES]
    # Welford's update (Technometrics 4, 1962): no difference of two large sums.
    off = pnl - money[PNL_MEAN]
    money[PNL_MEAN] += off / (number + 1)
    money[PNL_SQUARES] += off * (pnl - money[PNL_MEAN])
    if number < len(trade_index):
        trade_index[number, T_ENTRY] = count[ENTRY_INDEX]
        trade_index[number, T_EXIT] = i
        trade_index[number, T_REASON] = reason
        trade_price[number, P_ENTRY] = entry_price
        trade_price[number, P_EXIT] = price
        trade_price[number, P_SIZE] = size
        trade_price[number, P_PNL] = pnl
        trade_price[number, P_FEES] = fees
    count[TRADES] = number + 1
    money[SIZE] = 0.0
    money[STOP] = 0.0
    money[TARGET] = 0.0


@inlined
def open_position_nb(
    i: int,
    price: float,
    side: int,
    rates: Floats,
    stop: float,
    target: float,
    money: Floats,
    count: Ints,
) -> None:
    """Enter at `price` with the asked share of the equity, which is the cash: nothing else is owned."""
    units = rates[SHARE] * money[CASH] / price
    entry_fee = rates[FEE] * units * price
    money[CASH] -= side * units * price + entry_fee
    money[FEES] += entry_fee
    money[SIZE] = side * units
    money[ENTRY_PRICE] = price
    money[ENTRY_FEE] = entry_fee
    money[STOP] = stop
    money[TARGET] = target
    count[ENTRY_INDEX] = i


@inlined
def fill_at_open_nb(
    i: int,
    price: float,
    want: int,
    leave: bool,
    rates: Floats,
    stop: float,
    target: float,
    money: Floats,
    count: Ints,
    trade_index: Ints,
    trade_price: Floats,
) -> None:
    """Do at the open of candle i what candle i - 1 asked for: exits first, then the entry.

    A buy pays open x (1 + slippage), a sale gets open x (1 - slippage). Worked case: short at 100,
    the signal says long, the open is 90: buy back at 90.045 and buy again at 90.045 (slippage 0.0005).
    """
    side = 1 if money[SIZE] > 0.0 else (-1 if money[SIZE] < 0.0 else 0)
    opposite = want == -side and want != 0
    if side != 0 and (leave or opposite):
        reason = REVERSE if opposite else SIGNAL
        close_position_nb(
            i, price * (1.0 - side * rates[SLIPPAGE]), reason, rates, money, count, trade_index, trade_price
        )
        side = 0
    if side == 0 and want != 0 and money[CASH] > 0.0:
        open_position_nb(i, price * (1.0 + want * rates[SLIPPAGE]), want, rates, stop, target, money, count)


@inlined
def fill_inside_nb(
    i: int,
    open_: float,
    high: float,
    low: float,
    rates: Floats,
    money: Floats,
    count: Ints,
    trade_index: Ints,
    trade_price: Floats,
) -> None:
    """Fill the stop, else the target, that candle i reaches; when it holds both, the stop was first.

    Worked case: long, stop 95, target 110, candle 97/112/94/105: stopped at 95 x (1 - slippage). Had the
    candle opened at 93, the stop would have filled there: nobody sells at 95 in a market that opens at 93.
    """
    size = money[SIZE]
    if size == 0.0:
        return
    side = 1.0 if size > 0.0 else -1.0
    stop = money[STOP]
    target = money[TARGET]
    if stop > 0.0 and ((low <= stop) if size > 0.0 else (high >= stop)):
        price = min(stop, open_) if size > 0.0 else max(stop, open_)
        close_position_nb(
            i,
            price * (1.0 - side * rates[SLIPPAGE]),
            STOPPED_OUT,
            rates,
            money,
            count,
            trade_index,
            trade_price,
        )
    elif target > 0.0 and ((high >= target) if size > 0.0 else (low <= target)):
        price = max(target, open_) if size > 0.0 else min(target, open_)
        close_position_nb(i, price, TARGET_HIT, rates, money, count, trade_index, trade_price)
