"""What the terms of trading come to at one candle: numbers in, numbers out.

The rules are those of `docs/fill-rules.md`, "Beyond the seven rules".
"""

from trad.backtest.state_nb import BROKE_EVEN, LIQUIDATED, STOPPED_OUT, TRAILED
from trad.kernels import kernel

MS_PER_YEAR = 365.25 * 86_400_000.0


@kernel
def worse_nb(side: int, price: float, high: float, low: float, share: float, slippage: float) -> float:
    """Return what a buyer (+1) pays or a seller (-1) gets for a market order at `price`.

    First `share` of the candle's range, though nobody trades beyond its high or low; then the rate.
    Worked case: bought at the open 100 of a candle 100/104/96/101 with a share of a quarter and a rate of
    1 %: 100 + 8 / 4 = 102, and 103.02 with the rate. With a share of one it is 104 x 1.01.
    """
    move = share * (high - low)
    moved = min(price + move, max(high, price)) if side > 0 else max(price - move, min(low, price))
    return moved * (1.0 + side * slippage)


@kernel
def carry_nb(
    size: float, price: float, before: int, now: int, funding: float, funding_ms: float, borrow: float
) -> float:
    """Return what holding `size` units from the candle opened at `before` to that at `now` costs, in money.

    Each funding time after `before` and up to `now` costs `funding` of the notional at `price`, paid by
    longs and received by shorts; shorts pay interest for the time between.
    """
    cost = 0.0
    if funding != 0.0:
        times = now // funding_ms - before // funding_ms
        cost += size * price * funding * times
    if size < 0.0 and borrow != 0.0:
        cost += abs(size) * price * borrow * ((now - before) / MS_PER_YEAR)
    return cost


@kernel
def liquidation_nb(side: int, entry_price: float, leverage: float, maintenance: float) -> float:
    """Return the price at which no more than the maintenance margin is left; 0 without leverage.

    Worked case: long at 100 with leverage 5 and a maintenance margin of 1 %: the margin is 20 a unit, and
    at 81 a loss of 19 leaves 1.
    """
    if leverage == 0.0:
        return 0.0
    return entry_price * (1.0 - side * (1.0 / leverage - maintenance))


@kernel
def nearest_stop_nb(
    side: int, stop: float, trail: float, even: float, liquidation: float
) -> tuple[float, int]:
    """Return which of the levels that end a losing position is reached first, and the reason it gives.

    A level of 0 is none, and so is the one returned. Of equal ones the first in this order counts.
    """
    level, reason = stop, STOPPED_OUT
    if trail > 0.0 and (level == 0.0 or side * trail > side * level):
        level, reason = trail, TRAILED
    if even > 0.0 and (level == 0.0 or side * even > side * level):
        level, reason = even, BROKE_EVEN
    if liquidation > 0.0 and (level == 0.0 or side * liquidation > side * level):
        level, reason = liquidation, LIQUIDATED
    return level, reason


@kernel
def followed_nb(side: int, best: float, share: float, trail: float) -> float:
    """Return the trailing stop for the best price so far; it never moves back."""
    if share == 0.0:
        return 0.0
    level = best * (1.0 - side * share)
    if trail == 0.0:
        return level
    return max(trail, level) if side > 0 else min(trail, level)
