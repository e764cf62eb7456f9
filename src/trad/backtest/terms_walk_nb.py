"""Walks a block candle by candle under terms of trading; what is known between two candles is in arrays."""

from trad.backtest.fills_nb import enter_nb, leave_nb
from trad.backtest.state_nb import (
    CASH,
    END_OF_DATA,
    ENTRY_FEE,
    ENTRY_INDEX,
    ENTRY_PRICE,
    FEE,
    FEES,
    REVERSE,
    RUINED,
    SHARE,
    SIGNAL,
    SIZE,
    SLIPPAGE,
    STOP,
    TARGET,
    TARGET_HIT,
    TIMED_OUT,
)
from trad.backtest.terms_nb import (
    carry_nb,
    followed_nb,
    liquidation_nb,
    nearest_stop_nb,
    worse_nb,
)
from trad.backtest.terms_state_nb import (
    BEST,
    BORROW_RATE,
    BREAK_EVEN,
    CARRY,
    EVEN,
    FEE_PER_UNIT,
    FUNDING_MS,
    FUNDING_RATE,
    INSIDE,
    LEVERAGE,
    LIMIT_CANDLES,
    LIMIT_OFFSET,
    LIQUIDATION,
    MAINTENANCE,
    MAKER_FEE,
    NO_LIMIT,
    ONE_SIDE,
    ORDER_PRICE,
    ORDER_SIDE,
    ORDER_SIGNAL,
    RANGE_SLIPPAGE,
    SIGNALLED,
    TIME_STOP,
    TRAIL,
    TRAILING_STOP,
)
from trad.backtest.walk_nb import write_trade_nb
from trad.kernels import borrowing
from trad.strategies.arrays import Flags, Floats, Ints, Sides


@borrowing
def begin_nb(
    i: int,
    side: int,
    price: float,
    rate: float,
    signal: int,
    stop_loss: Floats,
    take_profit: Floats,
    rates: Floats,
    terms: Floats,
    money: Floats,
    count: Ints,
    held: Floats,
) -> None:
    """Enter at `price` by the signal of candle `signal`, with all levels that belong to the position."""
    money[CASH], size, fee = enter_nb(side, price, rates[SHARE], rate, money[CASH])
    by_units = terms[FEE_PER_UNIT] * abs(size)
    money[CASH] -= by_units
    fee += by_units
    money[SIZE], money[ENTRY_PRICE], money[ENTRY_FEE] = size, price, fee
    money[FEES] += fee
    money[STOP] = stop_loss[signal] if len(stop_loss) else 0.0
    money[TARGET] = take_profit[signal] if len(take_profit) else 0.0
    count[ENTRY_INDEX] = i
    held[BEST], held[EVEN], held[CARRY], held[SIGNALLED] = price, 0.0, 0.0, signal
    held[TRAIL] = followed_nb(side, price, terms[TRAILING_STOP], 0.0)
    held[LIQUIDATION] = liquidation_nb(side, price, terms[LEVERAGE], terms[MAINTENANCE])
    held[ORDER_SIDE] = 0.0


@borrowing
def finish_nb(
    i: int,
    price: float,
    rate: float,
    reason: int,
    terms: Floats,
    money: Floats,
    count: Ints,
    held: Floats,
    closed: int,
    closed_index: Ints,
    closed_price: Floats,
) -> int:
    """Leave at `price` and write the trade; return how many the block has closed."""
    size, entry_price, entry_fee = money[SIZE], money[ENTRY_PRICE], money[ENTRY_FEE]
    money[CASH], pnl, fee = leave_nb(size, entry_price, entry_fee, price, rate, money[CASH])
    by_units = terms[FEE_PER_UNIT] * abs(size)
    money[CASH] -= by_units
    fee += by_units
    money[FEES] += fee
    pnl -= by_units + held[CARRY]
    write_trade_nb(
        closed, closed_index, closed_price, int(held[SIGNALLED]), count[ENTRY_INDEX], i, reason, entry_price,
        price, size, pnl, entry_fee + fee + held[CARRY],
    )  # fmt: skip
    money[SIZE] = money[STOP] = money[TARGET] = 0.0
    return closed + 1


@borrowing
def carry_over_nb(i: int, time: Ints, open_: Floats, terms: Floats, money: Floats, held: Floats) -> None:
    """Charge the position that was held until this open what holding it cost since the open before."""
    cost = carry_nb(
        money[SIZE],
        open_[i],
        time[i - 1],
        time[i],
        terms[FUNDING_RATE],
        terms[FUNDING_MS],
        terms[BORROW_RATE],
    )
    money[CASH] -= cost
    money[FEES] += cost
    held[CARRY] += cost


@borrowing
def leave_at_open_nb(
    i: int,
    asked: int,
    told_to_leave: bool,
    price: float,
    rates: Floats,
    terms: Floats,
    money: Floats,
    count: Ints,
    held: Floats,
    closed: int,
    closed_index: Ints,
    closed_price: Floats,
) -> int:
    """Leave at this open for a signal, or for the time that has passed; return the block's trades."""
    side = 1 if money[SIZE] > 0.0 else -1
    if asked == -side:
        # A side that is not entered only closes.
        reason = SIGNAL if terms[ONE_SIDE] == side else REVERSE
    elif told_to_leave:
        reason = SIGNAL
    elif 0.0 < terms[TIME_STOP] <= i - count[ENTRY_INDEX]:
        reason = TIMED_OUT
    else:
        return closed
    return finish_nb(
        i, price, rates[FEE], reason, terms, money, count, held, closed, closed_index, closed_price
    )


@borrowing
def fill_order_nb(
    i: int,
    open_: float,
    high: float,
    low: float,
    stop_loss: Floats,
    take_profit: Floats,
    rates: Floats,
    terms: Floats,
    money: Floats,
    count: Ints,
    held: Floats,
) -> None:
    """Fill the limit order that waits, where this candle reaches its price; strike it off when it is too old.

    An order that the very first open has passed is taken at once, and pays as a market order does.
    """
    side, limit, signal = int(held[ORDER_SIDE]), held[ORDER_PRICE], int(held[ORDER_SIGNAL])
    if i - signal > terms[LIMIT_CANDLES] or not money[CASH] > 0.0:
        held[ORDER_SIDE] = 0.0
        return
    if (low > limit) if side > 0 else (high < limit):
        return
    passed = (open_ <= limit) if side > 0 else (open_ >= limit)
    rate = rates[FEE] if passed and i == signal + 1 else terms[MAKER_FEE]
    begin_nb(
        i, side, open_ if passed else limit, rate, signal, stop_loss, take_profit, rates, terms, money, count,
        held,
    )  # fmt: skip
    held[INSIDE] = 0.0 if passed else 1.0


@borrowing
def within_nb(
    i: int,
    open_: float,
    high: float,
    low: float,
    rates: Floats,
    terms: Floats,
    money: Floats,
    count: Ints,
    held: Floats,
    closed: int,
    closed_index: Ints,
    closed_price: Floats,
) -> int:
    """Leave where this candle reaches the nearest stop, else the target; return the block's trades.

    In a candle within which a limit order was filled, what came before the fill is not known: the stop
    counts, which lies on the way that the price was going; the target does not.
    """
    side = 1 if money[SIZE] > 0.0 else -1
    inside = held[INSIDE] != 0.0
    first = money[ENTRY_PRICE] if inside else open_
    stop, reason = nearest_stop_nb(side, money[STOP], held[TRAIL], held[EVEN], held[LIQUIDATION])
    target = money[TARGET]
    if stop > 0.0 and ((low <= stop) if side > 0 else (high >= stop)):
        price = min(stop, first) if side > 0 else max(stop, first)
        price = worse_nb(-side, price, high, low, terms[RANGE_SLIPPAGE], rates[SLIPPAGE])
        return finish_nb(
            i, price, rates[FEE], reason, terms, money, count, held, closed, closed_index, closed_price
        )
    if target > 0.0 and not inside and ((high >= target) if side > 0 else (low <= target)):
        price = max(target, first) if side > 0 else min(target, first)
        return finish_nb(
            i, price, terms[MAKER_FEE], TARGET_HIT, terms, money, count, held, closed, closed_index,
            closed_price,
        )  # fmt: skip
    return closed


@borrowing
def move_stops_nb(high: float, low: float, close: float, terms: Floats, money: Floats, held: Floats) -> None:
    """Move the stops that follow the price, once the candle has closed.

    Its own high never moves the stop that its own low may hit. Of a candle within which the position
    began, the close alone is known to come after.
    """
    side = 1 if money[SIZE] > 0.0 else -1
    reached = close if held[INSIDE] != 0.0 else (high if side > 0 else low)
    held[BEST] = max(held[BEST], reached) if side > 0 else min(held[BEST], reached)
    held[TRAIL] = followed_nb(side, held[BEST], terms[TRAILING_STOP], held[TRAIL])
    gain = terms[BREAK_EVEN]
    if gain > 0.0 and side * held[BEST] >= side * (money[ENTRY_PRICE] * (1.0 + side * gain)):
        held[EVEN] = money[ENTRY_PRICE]


@borrowing
def walk_on_terms_nb(
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
    held: Floats,
    closed_index: Ints,
    closed_price: Floats,
    marks: Floats,
    start: int,
    end: int,
) -> tuple[int, int]:
    """Trade candles `start` to `end` and write their equity to `marks`.

    Returns:
        The trades closed and the candle reached, which is below `end` when the account was ruined in the
        one before it.
    """
    closed = 0
    for i in range(start, end):
        asked = int(entry[i - 1]) if i else 0
        told_to_leave = bool(exit_[i - 1]) if i and len(exit_) else False
        held[INSIDE] = 0.0
        if money[SIZE] != 0.0:
            carry_over_nb(i, time, open_, terms, money, held)
            side = 1 if money[SIZE] > 0.0 else -1
            price = worse_nb(-side, open_[i], high[i], low[i], terms[RANGE_SLIPPAGE], rates[SLIPPAGE])
            closed = leave_at_open_nb(
                i, asked, told_to_leave, price, rates, terms, money, count, held, closed, closed_index,
                closed_price,
            )  # fmt: skip
        elif told_to_leave or asked:
            # A later signal, of whatever kind, takes the place of the order that waits.
            held[ORDER_SIDE] = 0.0
        if asked and money[SIZE] == 0.0 and terms[ONE_SIDE] != -asked:
            if terms[LIMIT_OFFSET] != NO_LIMIT:
                held[ORDER_SIDE], held[ORDER_SIGNAL] = asked, i - 1
                held[ORDER_PRICE] = close[i - 1] * (1.0 - asked * terms[LIMIT_OFFSET])
            elif money[CASH] > 0.0:
                price = worse_nb(asked, open_[i], high[i], low[i], terms[RANGE_SLIPPAGE], rates[SLIPPAGE])
                begin_nb(
                    i, asked, price, rates[FEE], i - 1, stop_loss, take_profit, rates, terms, money, count,
                    held,
                )  # fmt: skip
        if held[ORDER_SIDE] != 0.0:
            fill_order_nb(
                i, open_[i], high[i], low[i], stop_loss, take_profit, rates, terms, money, count, held
            )
        if money[SIZE] != 0.0:
            closed = within_nb(
                i, open_[i], high[i], low[i], rates, terms, money, count, held, closed, closed_index,
                closed_price,
            )  # fmt: skip
        if money[SIZE] != 0.0:
            move_stops_nb(high[i], low[i], close[i], terms, money, held)
        ruined = money[CASH] + money[SIZE] * close[i] <= 0.0
        if money[SIZE] != 0.0 and (ruined or i == len(close) - 1):
            reason = RUINED if ruined else END_OF_DATA
            closed = finish_nb(
                i, close[i], rates[FEE], reason, terms, money, count, held, closed, closed_index, closed_price
            )
        marks[i - start] = money[CASH] + money[SIZE] * close[i]
        if marks[i - start] <= 0.0:
            return closed, i + 1
    return closed, end
