"""Folds a block of equity into what the metrics need of it, candle by candle."""

from trad.backtest.state_nb import (
    DOWNSIDE,
    LANES,
    LAST_EQUITY,
    LONGEST_DRAWDOWN,
    MAX_DRAWDOWN,
    NOISE,
    PEAK,
    PEAK_INDEX,
    SQUARES,
    SUM,
)
from trad.strategies.arrays import Floats, Ints
from trad.strategies.kernel import kernel


@kernel
def fold_returns_nb(
    marks: Floats,
    first: int,
    n: int,
    lowest: float,
    highest: float,
    money: Floats,
    count: Ints,
    lanes: Floats,
    returns: Floats,
) -> None:
    """Fold the equity of candles `first` to `first + n` into sums of returns and the drawdown.

    `lowest` and `highest` are the extremes of these marks; `returns` is a workspace as long as they.
    The results do not depend on how a run is cut into blocks: candle i always adds to lane i % 4, and a
    drawdown looks at single candles.
    """
    if n == 0:
        return
    before = money[LAST_EQUITY]
    money[LAST_EQUITY] = marks[n - 1]
    if lowest == highest == before:
        if before >= money[PEAK] * (1.0 - NOISE):
            count[PEAK_INDEX] = first + n - 1
        return
    fold_drawdown_nb(marks, first, n, lowest, highest, money, count)
    one = marks[0] / before - 1.0
    add_return_nb(one, first % LANES, lanes)
    j = 1
    while j < n and (first + j) % LANES:
        add_return_nb(marks[j] / marks[j - 1] - 1.0, (first + j) % LANES, lanes)
        j += 1
    j = fold_lanes_nb(marks, j, n, lanes, returns)
    while j < n:
        add_return_nb(marks[j] / marks[j - 1] - 1.0, (first + j) % LANES, lanes)
        j += 1


@kernel
def add_return_nb(value: float, lane: int, lanes: Floats) -> None:
    """Add one candle's return to its lane."""
    lanes[SUM, lane] += value
    lanes[SQUARES, lane] += value * value
    down = min(value, 0.0)
    lanes[DOWNSIDE, lane] += down * down


@kernel
def fold_lanes_nb(marks: Floats, j: int, n: int, lanes: Floats, returns: Floats) -> int:
    """Add whole groups of four candles from the j-th on; return the first candle left over.

    Four lanes written out: the compiler may not reorder a sum of floats, so one running sum would wait
    for itself at every candle; four of them fill a vector register.
    """
    a0, a1, a2, a3 = lanes[SUM, 0], lanes[SUM, 1], lanes[SUM, 2], lanes[SUM, 3]
    b0, b1, b2, b3 = lanes[SQUARES, 0], lanes[SQUARES, 1], lanes[SQUARES, 2], lanes[SQUARES, 3]
    c0, c1, c2, c3 = lanes[DOWNSIDE, 0], lanes[DOWNSIDE, 1], lanes[DOWNSIDE, 2], lanes[DOWNSIDE, 3]
    whole = n - (n - j) % LANES
    now, before = marks[j:whole], marks[j - 1 : whole - 1]
    # The divisions apart, in a loop that the compiler vectorises: they cost more than all sums.
    for k in range(len(now)):
        returns[k] = now[k] / before[k] - 1.0
    for group in range(len(now) // LANES):
        k = group * LANES
        r0, r1, r2, r3 = returns[k], returns[k + 1], returns[k + 2], returns[k + 3]
        a0 += r0
        a1 += r1
        a2 += r2
        a3 += r3
        b0 += r0 * r0
        b1 += r1 * r1
        b2 += r2 * r2
        b3 += r3 * r3
        d0, d1 = r0 if r0 < 0.0 else 0.0, r1 if r1 < 0.0 else 0.0
        d2, d3 = r2 if r2 < 0.0 else 0.0, r3 if r3 < 0.0 else 0.0
        c0 += d0 * d0
        c1 += d1 * d1
        c2 += d2 * d2
        c3 += d3 * d3
    lanes[SUM, 0], lanes[SUM, 1], lanes[SUM, 2], lanes[SUM, 3] = a0, a1, a2, a3
    lanes[SQUARES, 0], lanes[SQUARES, 1], lanes[SQUARES, 2], lanes[SQUARES, 3] = b0, b1, b2, b3
    lanes[DOWNSIDE, 0], lanes[DOWNSIDE, 1], lanes[DOWNSIDE, 2], lanes[DOWNSIDE, 3] = c0, c1, c2, c3
    return whole


@kernel
def extremes_nb(marks: Floats, n: int) -> tuple[float, float]:
    """Return the lowest and the highest of the first n marks."""
    low0 = low1 = low2 = low3 = marks[0]
    top0 = top1 = top2 = top3 = marks[0]
    j = 0
    while j + LANES <= n:
        x0, x1, x2, x3 = marks[j], marks[j + 1], marks[j + 2], marks[j + 3]
        low0 = x0 if x0 < low0 else low0
        low1 = x1 if x1 < low1 else low1
        low2 = x2 if x2 < low2 else low2
        low3 = x3 if x3 < low3 else low3
        top0 = x0 if x0 > top0 else top0
        top1 = x1 if x1 > top1 else top1
        top2 = x2 if x2 > top2 else top2
        top3 = x3 if x3 > top3 else top3
        j += LANES
    while j < n:
        low0 = marks[j] if marks[j] < low0 else low0
        top0 = marks[j] if marks[j] > top0 else top0
        j += 1
    return min(min(low0, low1), min(low2, low3)), max(max(top0, top1), max(top2, top3))


@kernel
def fold_drawdown_nb(
    marks: Floats, first: int, n: int, lowest: float, highest: float, money: Floats, count: Ints
) -> None:
    """Bring peak, deepest drawdown and longest drawdown up to date.

    A block that stays below the peak, as most do, needs its lowest mark alone.
    """
    peak = money[PEAK]
    at_peak = peak * (1.0 - NOISE)
    if highest < at_peak:
        money[MAX_DRAWDOWN] = max(money[MAX_DRAWDOWN], 1.0 - lowest / peak)
        return
    deepest = money[MAX_DRAWDOWN]
    since = count[PEAK_INDEX]
    longest = count[LONGEST_DRAWDOWN]
    for j in range(n):
        equity = marks[j]
        if equity >= at_peak:
            # One candle from peak to peak is no drawdown: nothing was below.
            if first + j - since > 1:
                longest = max(longest, first + j - since)
            peak = max(peak, equity)
            at_peak = peak * (1.0 - NOISE)
            since = first + j
        else:
            deepest = max(deepest, 1.0 - equity / peak)
    money[PEAK] = peak
    money[MAX_DRAWDOWN] = deepest
    count[PEAK_INDEX] = since
    count[LONGEST_DRAWDOWN] = longest
