"""What a job maximises: one metric, as one signed number."""

import math

from trad.backtest.metrics import Metrics
from trad.errors import InputError
from trad.strategies.parameters import rounded

OBJECTIVES = (
    "sharpe",
    "sortino",
    "calmar",
    "cagr",
    "total_return",
    "max_drawdown",
    "profit_factor",
    "expectancy",
    "average_trade",
    "sqn",
    "win_rate",
    "final_equity",
)
"""The metrics of which more is better; `max_drawdown` is zero or below, so that its maximum is its best."""


def checked_objective(name: str) -> str:
    """Return `name` if it can be maximised.

    Raises:
        InputError: It is not one of `OBJECTIVES`.
    """
    if name not in OBJECTIVES:
        raise InputError(f"objective was {name!r}; it is one of {', '.join(OBJECTIVES)}")
    return name


def score(metrics: Metrics, objective: str) -> float | None:
    """Return the objective's value to 12 significant digits; None where it does not exist."""
    value = getattr(metrics, objective)
    if value is None or not math.isfinite(value):
        return None
    return rounded(float(value))
