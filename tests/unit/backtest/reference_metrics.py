"""The metrics of a simulation in plain Python, from exact equities; None where undefined."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import fmean, stdev

import pytest
from tests.unit.backtest.reference import Outcome, Trade

Number = float | int | None


def returns_of(equity: Sequence[Fraction], cash: float) -> list[float]:
    """Each candle's return on the equity before it; an account that stays as it is returns 0."""
    before = [Fraction(cash), *equity[:-1]]
    return [0.0 if e == b else float(e / b - 1) for b, e in zip(before, equity, strict=True)]


def drawdown(equity: Sequence[Fraction], cash: float) -> tuple[float, int]:
    """The deepest fall below the peak so far (a fraction, <= 0), and the longest stay below a peak."""
    peak, peak_index = Fraction(cash), -1
    deepest, longest, below = Fraction(0), 0, False
    for index, value in enumerate(equity):
        if value >= peak:
            if below:
                longest = max(longest, index - peak_index)
            peak, peak_index, below = value, index, False
        else:
            below = True
            deepest = min(deepest, value / peak - 1)
            longest = max(longest, index - peak_index)
    return float(deepest), longest


def growth(outcome: Outcome, cash: float, bars_per_year: float | None) -> dict[str, Number]:
    final, n = outcome.exact_equity[-1], len(outcome.equity)
    deepest, longest = drawdown(outcome.exact_equity, cash)
    cagr: float | None = None
    if final > 0 and bars_per_year is not None:
        try:
            cagr = math.pow(float(final / Fraction(cash)), bars_per_year / n) - 1
        except OverflowError:
            cagr = None
    return {
        "total_return": float(final / Fraction(cash) - 1),
        "final_equity": float(final),
        "max_drawdown": deepest,
        "max_drawdown_duration": longest,
        "cagr": cagr,
        "calmar": cagr / -deepest if cagr is not None and deepest < 0 else None,
        "exposure": outcome.in_position / n,
    }


def ratios(returns: Sequence[float], bars_per_year: float | None) -> dict[str, Number]:
    sharpe = sortino = None
    if bars_per_year is not None and len(returns) > 1:
        spread = stdev(returns)
        downside = math.sqrt(math.fsum(min(r, 0.0) ** 2 for r in returns) / len(returns))
        mean, year = fmean(returns), math.sqrt(bars_per_year)
        sharpe = mean / spread * year if spread > 0 else None
        sortino = mean / downside * year if downside > 0 else None
    return {"sharpe": sharpe, "sortino": sortino}


def of_trades(trades: Sequence[Trade]) -> dict[str, Number]:
    pnl = [trade.pnl for trade in trades]
    loss = -math.fsum(min(p, 0.0) for p in pnl)
    spread = stdev(pnl) if len(pnl) > 1 else 0.0
    return {
        "trades": len(pnl),
        "win_rate": sum(p > 0 for p in pnl) / len(pnl) if pnl else None,
        "profit_factor": math.fsum(max(p, 0.0) for p in pnl) / loss if loss > 0 else None,
        "expectancy": fmean(pnl) if pnl else None,
        "average_trade": fmean(trade.return_pct for trade in trades) if pnl else None,
        "sqn": math.sqrt(len(pnl)) * fmean(pnl) / spread if spread > 0 else None,
        "fees_paid": math.fsum(trade.fees for trade in trades),
    }


def metrics_of(outcome: Outcome, *, cash: float, bars_per_year: float | None) -> dict[str, Number]:
    """Every metric of the engine's by its name."""
    returns = returns_of(outcome.exact_equity, cash)
    return {
        **growth(outcome, cash, bars_per_year),
        **ratios(returns, bars_per_year),
        **of_trades(outcome.trades),
    }


def about(expected: Mapping[str, Number], *, rel: float) -> dict[str, object]:
    """Equal by name: None where None is expected, and numbers but for the rounding of floats."""
    return {
        name: None if value is None else pytest.approx(value, rel=rel, abs=1e-9)
        for name, value in expected.items()
    }
