"""Performance metrics, computed from the sums that the simulation keeps.

The returns are those of the equity from candle to candle, r_i = E_i / E_(i-1) - 1, beginning with the
initial cash: one per candle. They are annualised by the candles per year that the data itself holds. A
metric that is not defined (no trade, no loss, no spread) is None, never infinite and never NaN.
"""

import math
from dataclasses import dataclass, fields

import numpy as np

from trad.backtest.state_nb import (
    DOWNSIDE,
    EXPOSED,
    FEES,
    GROSS_LOSS,
    GROSS_PROFIT,
    LAST_EQUITY,
    LONGEST_DRAWDOWN,
    MAX_DRAWDOWN,
    NOISE,
    PEAK,
    PEAK_INDEX,
    PNL_MEAN,
    PNL_SQUARES,
    RETURNS,
    SQUARES,
    SUM,
    TRADES,
    WINS,
)
from trad.strategies.arrays import Floats, Ints
from trad.strategies.parameters import rounded

_NO_SPREAD = 1e-14
"""Below this share of the squares a variance is what rounding left over of none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metrics:
    """What a backtest came to. Fractions, not percent: 0.25 is a quarter.

    Attributes:
        total_return: Final equity / initial cash - 1.
        cagr: Compound annual growth rate, (final / initial) ** (candles per year / candles) - 1.
        sharpe: Mean return / standard deviation (n - 1) x sqrt(candles per year), without a risk-free
            rate. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994).
        sortino: Mean return / root mean square of the negative returns x sqrt(candles per year), target
            zero. Sortino and Price, Journal of Investing 3 (1994).
        calmar: cagr / |max_drawdown|, over the whole span. Young, Futures 20 (1991).
        max_drawdown: The lowest equity / highest equity before it - 1; 0 or below. The initial cash
            counts as the first peak.
        max_drawdown_duration: The most candles from a peak until the equity was back, or to the end.
        win_rate: Trades with a profit after fees / trades.
        profit_factor: Sum of profits / sum of losses.
        expectancy: Mean profit of a trade after fees, in money.
        sqn: sqrt(trades) x mean profit / standard deviation of the profits (n - 1): the system quality
            number. Tharp, Definitive Guide to Position Sizing (2008).
        exposure: Candles during which a position was open / candles.
        trades: How many trades were closed.
        average_trade: Mean of the trades' `return_pct`: profit after fees / notional at entry.
        fees_paid: In money.
        final_equity: In money.
    """

    total_return: float | None
    cagr: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    max_drawdown: float | None
    max_drawdown_duration: int
    win_rate: float | None
    profit_factor: float | None
    expectancy: float | None
    sqn: float | None
    exposure: float | None
    trades: int
    average_trade: float | None
    fees_paid: float | None
    final_equity: float | None

    def as_json(self) -> dict[str, float | int | None]:
        """Return every metric by name, to 12 significant digits: the form in which they are recorded."""
        values = {name: getattr(self, name) for name in METRIC_NAMES}
        return {name: rounded(x) if isinstance(x, float) else x for name, x in values.items()}


METRIC_NAMES: tuple[str, ...] = tuple(entry.name for entry in fields(Metrics))


def measure(
    money: Floats, count: Ints, lanes: Floats, *, n: int, initial_cash: float, bars_per_year: float | None
) -> Metrics:
    """Compute the metrics of a run that has ended from its state (`state_nb`).

    Args:
        money, count, lanes: The state after the last candle.
        n: Candles in the run.
        initial_cash: Money at the start.
        bars_per_year: Candles per year; None leaves undefined what is annualised.
    """
    final = float(money[LAST_EQUITY])
    drawdown = -float(money[MAX_DRAWDOWN])
    cagr = _growth_rate(final / initial_cash, n, bars_per_year)
    sharpe, sortino = _return_ratios(lanes, n, bars_per_year)
    trades, wins = int(count[TRADES]), int(count[WINS])
    return Metrics(
        total_return=_finite(final / initial_cash - 1),
        cagr=cagr,
        sharpe=sharpe,
        sortino=sortino,
        calmar=None if cagr is None or not drawdown else _finite(cagr / -drawdown),
        max_drawdown=_finite(drawdown + 0.0),
        max_drawdown_duration=_longest_drawdown(money, count, n),
        win_rate=wins / trades if trades else None,
        profit_factor=_share(money[GROSS_PROFIT], money[GROSS_LOSS]),
        expectancy=_finite(float(money[PNL_MEAN])) if trades else None,
        sqn=_system_quality(money, trades),
        exposure=int(count[EXPOSED]) / n if n else None,
        trades=trades,
        average_trade=_share(money[RETURNS], trades),
        fees_paid=_finite(float(money[FEES])),
        final_equity=_finite(final),
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _share(part: float, whole: float) -> float | None:
    return _finite(float(part) / float(whole)) if whole else None


def _growth_rate(growth: float, n: int, bars_per_year: float | None) -> float | None:
    if bars_per_year is None or growth <= 0:
        return None
    # A week that doubled the account, taken for a year, may lie beyond the largest float.
    exponent = math.log(growth) * bars_per_year / n
    return _finite(math.expm1(exponent)) if exponent < 700 else None


def _return_ratios(lanes: Floats, n: int, bars_per_year: float | None) -> tuple[float | None, float | None]:
    """Return the Sharpe and the Sortino ratio."""
    if bars_per_year is None or n < 2:
        return None, None
    sums = lanes.sum(axis=1)
    total, squares, downside = float(sums[SUM]), float(sums[SQUARES]), float(sums[DOWNSIDE])
    mean = total / n
    variance = (squares - n * mean * mean) / (n - 1)
    year = math.sqrt(bars_per_year)
    spread = variance > _NO_SPREAD * squares / n
    sharpe = _finite(mean / math.sqrt(variance) * year) if spread else None
    sortino = _finite(mean / math.sqrt(downside / n) * year) if downside > n * NOISE**2 else None
    return sharpe, sortino


def _longest_drawdown(money: Floats, count: Ints, n: int) -> int:
    longest = int(count[LONGEST_DRAWDOWN])
    if money[LAST_EQUITY] < money[PEAK] * (1.0 - NOISE):
        longest = max(longest, n - 1 - int(count[PEAK_INDEX]))
    return longest


def _system_quality(money: Floats, trades: int) -> float | None:
    if trades < 2:
        return None
    variance = float(money[PNL_SQUARES]) / (trades - 1)
    mean = float(money[PNL_MEAN])
    if not variance > _NO_SPREAD * mean * mean or not np.isfinite(variance):
        return None
    return _finite(math.sqrt(trades) * mean / math.sqrt(variance))
