"""Fills: what cash and position become at one price. The rules are those of `docs/fill-rules.md`.

All numbers in, all numbers out: no array crosses a call, so none is loaded again after each store and
no reference to one is counted.
"""

from trad.backtest.state_nb import STOPPED_OUT, TARGET_HIT
from trad.kernels import kernel


@kernel
def enter_nb(side: int, price: float, share: float, fee: float, cash: float) -> tuple[float, float, float]:
    """Enter with the asked share of the equity, which is the cash: nothing else is owned.

    Returns:
        Cash, size and the fee of the entry.
    """
    units = share * cash / price
    entry_fee = fee * units * price
    return cash - (side * units * price + entry_fee), side * units, entry_fee


@kernel
def leave_nb(
    size: float, entry_price: float, entry_fee: float, price: float, fee: float, cash: float
) -> tuple[float, float, float]:
    """Sell what is long, buy back what is short, at `price`.

    Returns:
        Cash, the trade's profit after both fees, and the fee of the exit.
    """
    exit_fee = fee * abs(size) * price
    pnl = size * (price - entry_price) - (entry_fee + exit_fee)
    return cash + (size * price - exit_fee), pnl, exit_fee


@kernel
def fill_inside_nb(
    side: int, stop: float, target: float, slippage: float, open_: float, high: float, low: float
) -> tuple[float, int]:
    """Fill the stop, else the target, of a candle that reaches one; when it holds both, the stop was first.

    Worked case: long, stop 95, target 110, candle 97/112/94/105: stopped at 95 x (1 - slippage). Had the
    candle opened at 93, the stop would have filled there: nobody sells at 95 in a market that opens at 93.

    Returns:
        The price and the reason.
    """
    if stop > 0.0 and ((low <= stop) if side > 0 else (high >= stop)):
        price = min(stop, open_) if side > 0 else max(stop, open_)
        return price * (1.0 - side * slippage), STOPPED_OUT
    return max(target, open_) if side > 0 else min(target, open_), TARGET_HIT
