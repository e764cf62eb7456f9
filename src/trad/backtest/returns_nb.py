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
from trad.kernels import kernel
from trad.strategies.arrays import Floats, Ints


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
) -> None:
    """Fold the equity of candles `first` to `first + n` into sums of returns and the drawdown.

    `lowest` and `highest` are the extremes of these marks. The results do not depend on how a run is cut
    into blocks: candle i always adds to lane i % LANES, and a drawdown looks at single candles.
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
    add_return_nb(marks[0] / before - 1.0, first % LANES, lanes)
    j = 1
    while j < n:
        lane = (first + j) % LANES
        end = min(j + LANES - lane, n)
        add_returns_nb(marks[j:end], marks[j - 1 : end - 1], lane, lanes)
        j = end


@kernel
def add_return_nb(value: float, lane: int, lanes: Floats) -> None:
    """Add one candle's return to its lane."""
    lanes[SUM, lane] += value
    lanes[SQUARES, lane] += value * value
    down = min(value, 0.0)
    lanes[DOWNSIDE, lane] += down * down


@kernel
def add_returns_nb(now: Floats, before: Floats, lane: int, lanes: Floats) -> None:
    """Add neighbours' returns, each to a lane of its own, from `lane` on.

    The compiler may not reorder a sum of floats, so one running sum would wait for itself at every
    candle. Of lanes it adds four at a time, and divides four at a time, which costs more than the sums.
    """
    n = len(now)
    sums, squares = lanes[SUM, lane : lane + n], lanes[SQUARES, lane : lane + n]
    downside = lanes[DOWNSIDE, lane : lane + n]
    for j in range(n):
        value = now[j] / before[j] - 1.0
        down = value if value < 0.0 else 0.0
        sums[j] += value
        squares[j] += value * value
        downside[j] += down * down


@kernel
def extremes_nb(marks: Floats, n: int) -> tuple[float, float]:
    """Return the lowest and the highest of the first n marks.

    Four at a time: each comparison would wait for the last one.
    """
    low0 = low1 = low2 = low3 = marks[0]
    top0 = top1 = top2 = top3 = marks[0]
    j = 0
    while j + 4 <= n:
        x0, x1, x2, x3 = marks[j], marks[j + 1], marks[j + 2], marks[j + 3]
        low0 = x0 if x0 < low0 else low0
        low1 = x1 if x1 < low1 else low1
        low2 = x2 if x2 < low2 else low2
        low3 = x3 if x3 < low3 else low3
        top0 = x0 if x0 > top0 else top0
        top1 = x1 if x1 > top1 else top1
        top2 = x2 if x2 > top2 else top2
        top3 = x3 if x3 > top3 else top3
        j += 4
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
