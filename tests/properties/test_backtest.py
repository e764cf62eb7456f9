"""What holds of every simulation, on random candles and signals."""

import json
import math
from itertools import accumulate, pairwise
from typing import TypedDict

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.backtest.markets import markets, rates, shares
from tests.unit.backtest.reference import Outcome, Row, Trade, simulate
from tests.unit.backtest.reference_metrics import about, metrics_of, returns_of
from tests.unit.backtest.simulators import candles_of, outcome_of, run_engine, signals_of

from trad.backtest.costs import Costs as EngineCosts
from trad.backtest.result import BacktestResult
from trad.backtest.simulation import Simulation
from trad.progress import StageReporter

CASH = 1_000.0
HOURS_A_YEAR = 365.25 * 24


class Costs(TypedDict):
    fee: float
    slippage: float
    share: float


costs = st.fixed_dictionaries({"fee": rates, "slippage": rates, "share": shares})


def clear_of_ruin(outcome: Outcome) -> bool:
    """Whether no equity lies so close to zero that rounding decides between ruin and none."""
    return all(abs(equity) > 1e-6 * CASH for equity in outcome.exact_equity)


def scale_of(outcome: Outcome) -> float:
    """The largest amount of money in the run: what its rounding errors are measured by."""
    notional = [trade.size * max(trade.entry_price, trade.exit_price) for trade in outcome.trades]
    return max(CASH, *map(abs, outcome.equity), *notional)


def assert_same_trade(found: Trade, expected: Trade, scale: float) -> None:
    exact = ("side", "entry_index", "exit_index", "exit_reason")
    assert [getattr(found, name) for name in exact] == [getattr(expected, name) for name in exact]
    assert found.entry_price == pytest.approx(expected.entry_price, rel=1e-12)
    assert found.exit_price == pytest.approx(expected.exit_price, rel=1e-12)
    units = scale / expected.entry_price
    assert found.size == pytest.approx(expected.size, rel=1e-12, abs=1e-12 * units)
    assert found.pnl == pytest.approx(expected.pnl, rel=1e-12, abs=1e-12 * scale)
    assert found.fees == pytest.approx(expected.fees, rel=1e-12, abs=1e-12 * scale)
    assert found.return_pct == pytest.approx(expected.return_pct, rel=1e-12, abs=1e-12)


@given(rows=markets(), costs=costs)
@settings(max_examples=300, deadline=None)
def test_the_engine_is_the_reference(rows: list[Row], costs: Costs) -> None:
    expected = simulate(rows, cash=CASH, **costs)
    assume(clear_of_ruin(expected))
    found = outcome_of(run_engine(rows, cash=CASH, **costs))
    scale = scale_of(expected)
    assert len(found.trades) == len(expected.trades)
    for one, other in zip(found.trades, expected.trades, strict=True):
        assert_same_trade(one, other, scale)
    assert found.equity == pytest.approx(expected.equity, rel=1e-9, abs=1e-9)
    assert found.ruined == expected.ruined
    assert found.in_position == expected.in_position


@given(rows=markets(), costs=costs)
@settings(max_examples=200, deadline=None)
def test_the_metrics_are_the_reference_s(rows: list[Row], costs: Costs) -> None:
    expected = simulate(rows, cash=CASH, **costs)
    assume(clear_of_ruin(expected))
    result = run_engine(rows, cash=CASH, **costs)
    wanted = metrics_of(expected, cash=CASH, bars_per_year=candles_of(rows).bars_per_year)
    for name in ill_conditioned(expected):
        wanted.pop(name)
    found = {name: getattr(result.metrics, name) for name in wanted}
    assert found == about(wanted, rel=1e-8)
    json.dumps(result.metrics.as_json(), allow_nan=False)


def ill_conditioned(outcome: Outcome) -> set[str]:
    """The metrics that rounding decides: a divisor next to nothing, an equity next to its peak."""
    names: set[str] = set()
    returns, pnl = returns_of(outcome.exact_equity, CASH), [trade.pnl for trade in outcome.trades]
    if np.std(returns) < 1e-4 or outcome.ruined:
        names |= {"sharpe", "sortino", "calmar"}
    if 0 < -sum(min(r, 0.0) for r in returns) < 1e-4:
        names |= {"sortino", "calmar"}
    if len(pnl) > 1 and np.std(pnl) < 1e-4:
        names.add("sqn")
    if any(0 < abs(p) < 1e-9 for p in pnl):
        names.add("win_rate")
    if 0 < -sum(min(p, 0.0) for p in pnl) < 1e-4:
        names.add("profit_factor")
    peaks = accumulate(outcome.exact_equity, max)
    if any(0 < 1 - equity / peak < 1e-12 for equity, peak in zip(outcome.exact_equity, peaks, strict=True)):
        names.add("max_drawdown_duration")
    if math.log(max(outcome.equity[-1], 1e-9) / CASH) * HOURS_A_YEAR / len(returns) > 690:
        names |= {"cagr", "calmar"}
    return names


@given(rows=markets(), costs=costs)
@settings(max_examples=200, deadline=None)
def test_equity_is_cash_and_position_value_at_every_candle(rows: list[Row], costs: Costs) -> None:
    result = run_engine(rows, cash=CASH, **costs)
    outcome = outcome_of(result)
    for index, row in enumerate(rows):
        cash = CASH + sum(trade.pnl for trade in outcome.trades if trade.exit_index <= index)
        value = 0.0
        for trade in outcome.trades:
            if trade.entry_index <= index < trade.exit_index:
                direction = 1 if trade.side == "long" else -1
                notional = trade.size * trade.entry_price
                cash -= costs["fee"] * notional + direction * notional
                value = direction * trade.size * row.close
        assert outcome.equity[index] == pytest.approx(cash + value, rel=1e-9, abs=1e-12 * scale_of(outcome))


@given(rows=markets(), costs=costs)
@settings(max_examples=100, deadline=None)
def test_one_position_at_a_time_in_the_order_of_time(rows: list[Row], costs: Costs) -> None:
    outcome = outcome_of(run_engine(rows, cash=CASH, **costs))
    at_the_open = {"signal", "reverse"}
    for trade in outcome.trades:
        assert 0 < trade.entry_index <= trade.exit_index < len(rows)
        assert trade.size > 0
        assert rows[trade.entry_index - 1].entry == (1 if trade.side == "long" else -1)
    for earlier, later in pairwise(outcome.trades):
        assert later.entry_index >= earlier.exit_index + (earlier.exit_reason not in at_the_open)
        if earlier.exit_reason == "reverse":
            assert (later.entry_index, later.side != earlier.side) == (earlier.exit_index, True)


def told_up_to(result: BacktestResult, candle: int) -> tuple[list[dict[str, object]], bytes]:
    """Everything that is settled once a candle has closed, to the last bit."""
    closed = result.trades[result.trades["exit_index"] <= candle]
    records = [{str(name): value for name, value in row.items()} for row in closed.to_dict("records")]
    return records, result.equity[: candle + 1].tobytes()


@given(rows=markets(shortest=2), other=markets(), costs=costs, data=st.data())
@settings(max_examples=200, deadline=None)
def test_what_comes_later_changes_nothing(
    rows: list[Row], other: list[Row], costs: Costs, data: st.DataObject
) -> None:
    candle = data.draw(st.integers(0, len(rows) - 2), label="last common candle")
    changed = rows[: candle + 1] + other
    one, two = run_engine(rows, cash=CASH, **costs), run_engine(changed, cash=CASH, **costs)
    assert told_up_to(one, candle) == told_up_to(two, candle)


@given(rows=markets(longest=60), costs=costs, data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_run_in_pieces_is_the_whole_run(rows: list[Row], costs: Costs, data: st.DataObject) -> None:
    whole = run_engine(rows, cash=CASH, **costs)
    stops = data.draw(st.lists(st.integers(1, len(rows)), max_size=12), label="where the run pauses")
    interval = data.draw(st.integers(1, len(rows)), label="candles between two looks at the stop flag")
    terms = engine_costs(**costs)
    kept = Simulation(candles_of(rows), signals_of(rows), terms, trades=True, equity=True)
    light = Simulation(candles_of(rows), signals_of(rows), terms)
    for stop in [*sorted(stops), len(rows)]:
        for simulation in (kept, light):
            simulation.advance(stop, StageReporter(len(rows)), interval)
    assert kept.equity.tobytes() == whole.equity.tobytes()
    assert kept.trades().frame(kept.candles).equals(whole.trades)
    assert kept.metrics() == light.metrics() == whole.metrics


def engine_costs(*, fee: float, slippage: float, share: float) -> EngineCosts:
    return EngineCosts(fee=fee, slippage=slippage, position_size=share, initial_cash=CASH)
