"""The objective: one number, or none."""

import math
from dataclasses import fields, replace

import pytest

from trad.backtest.engine import BacktestEngine
from trad.backtest.metrics import Metrics
from trad.errors import InputError
from trad.market.samples import read_sample
from trad.strategies.built_in import load_built_in
from trad.training.objective import OBJECTIVES, checked_objective, score


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    candles = read_sample("sample:minute?candles=2000")
    return BacktestEngine().run_backtest(candles, load_built_in("sma_cross")()).metrics


def test_every_objective_is_a_metric() -> None:
    assert set(OBJECTIVES) <= {field.name for field in fields(Metrics)}


@pytest.mark.parametrize("name", OBJECTIVES)
def test_each_is_a_number_of_twelve_digits_where_it_exists(metrics: Metrics, name: str) -> None:
    found = score(metrics, name)
    assert found is not None
    assert found == float(f"{getattr(metrics, name):.12g}")


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_no_score(metrics: Metrics, value: float | None) -> None:
    assert score(replace(metrics, sharpe=value), "sharpe") is None


def test_digits_beyond_the_twelfth_do_not_count(metrics: Metrics) -> None:
    """They may differ from one CPU's libm to another's."""
    one, other = replace(metrics, sharpe=1 / 3), replace(metrics, sharpe=math.nextafter(1 / 3, 1))
    assert score(one, "sharpe") == score(other, "sharpe") == 0.333333333333


def test_an_unknown_objective_is_refused_with_those_there_are() -> None:
    assert checked_objective("sqn") == "sqn"
    with pytest.raises(
        InputError, match=r"objective was 'profit'; it is one of sharpe, sortino, .*final_equity"
    ):
        checked_objective("profit")
