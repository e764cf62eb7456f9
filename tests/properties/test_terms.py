"""What holds of every simulation under terms of trading, on random candles, signals and terms."""

from typing import TypedDict

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.properties.test_backtest import CASH, assert_same_trade, clear_of_ruin, scale_of
from tests.unit.backtest.markets import markets, rates, shares
from tests.unit.backtest.reference import Row
from tests.unit.backtest.reference_terms import simulate_on_terms
from tests.unit.backtest.simulators import candles_of, outcome_of, run_engine, signals_of

from trad.backtest.costs import Costs as EngineCosts
from trad.backtest.simulation import Simulation
from trad.backtest.terms import Terms
from trad.progress import StageReporter


class Costs(TypedDict):
    fee: float
    slippage: float
    share: float


costs = st.fixed_dictionaries({"fee": rates, "slippage": rates, "share": shares})


def often(default: object, *others: object) -> st.SearchStrategy[object]:
    """An option that is left as it is half of the time."""
    return st.sampled_from((*[default] * len(others), *others))


# Odd fractions: a level that is computed never lies on a price of the candles by accident, where the last
# bit of a float would decide.
terms = st.fixed_dictionaries(
    {
        "maker_fee": often(None, 0.0, -0.000237, 0.003119),
        "fee_per_unit": often(0.0, 0.0173, 1.037),
        "range_slippage": often(0.0, 0.1373, 1.0),
        "funding_rate": often(0.0, 0.000313, -0.01717),
        "funding_hours": often(8.0, 1.0, 3.0),
        "borrow_rate": often(0.0, 0.0371, 9.7),
        "leverage": often(None, 1.0, 3.137, 19.31),
        "maintenance_margin": often(0.005, 0.00731, 0.04573),
        "trailing_stop": often(0.0, 0.01373, 0.2177),
        "break_even": often(0.0, 0.003137, 0.1931),
        "time_stop": often(0, 1, 2, 7),
        "limit_offset": often(None, 0.0, 0.004177, 0.1311),
        "limit_candles": often(1, 2, 5),
        "sides": often("both", "long", "short"),
    }
).map(Terms.from_json)


@given(rows=markets(), costs=costs, terms=terms)
@settings(max_examples=300, deadline=None)
def test_the_engine_is_the_reference(rows: list[Row], costs: Costs, terms: Terms) -> None:
    expected = simulate_on_terms(rows, terms, cash=CASH, **costs)
    assume(clear_of_ruin(expected))
    found = outcome_of(run_engine(rows, cash=CASH, terms=terms, **costs))
    scale = scale_of(expected)
    assert len(found.trades) == len(expected.trades)
    for one, other in zip(found.trades, expected.trades, strict=True):
        assert_same_trade(one, other, scale)
    assert found.equity == pytest.approx(expected.equity, rel=1e-9, abs=1e-9 * scale)
    assert found.ruined == expected.ruined
    assert found.in_position == expected.in_position


@given(rows=markets(), costs=costs)
@settings(max_examples=200, deadline=None)
def test_terms_that_change_nothing_give_what_the_quick_kernel_gives(rows: list[Row], costs: Costs) -> None:
    # A funding time without a rate: the slower kernel runs, and has nothing to add.
    slow = run_engine(rows, cash=CASH, terms=Terms(funding_hours=9.0), **costs)
    quick = run_engine(rows, cash=CASH, **costs)
    assert slow.trades.equals(quick.trades)
    assert slow.equity.tobytes() == quick.equity.tobytes()
    assert slow.metrics == quick.metrics


@given(rows=markets(longest=60), costs=costs, terms=terms, data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_run_in_pieces_is_the_whole_run(
    rows: list[Row], costs: Costs, terms: Terms, data: st.DataObject
) -> None:
    whole = run_engine(rows, cash=CASH, terms=terms, **costs)
    stops = data.draw(st.lists(st.integers(1, len(rows)), max_size=12), label="where the run pauses")
    interval = data.draw(st.integers(1, len(rows)), label="candles between two looks at the stop flag")
    account = EngineCosts(
        fee=costs["fee"],
        slippage=costs["slippage"],
        position_size=costs["share"],
        initial_cash=CASH,
        terms=terms,
    )
    kept = Simulation(candles_of(rows), signals_of(rows), account, trades=True, equity=True)
    light = Simulation(candles_of(rows), signals_of(rows), account)
    for stop in [*sorted(stops), len(rows)]:
        for simulation in (kept, light):
            simulation.advance(stop, StageReporter(len(rows)), interval)
    assert kept.equity.tobytes() == whole.equity.tobytes()
    assert kept.trades().frame(kept.candles).equals(whole.trades)
    assert kept.metrics() == light.metrics() == whole.metrics


@given(rows=markets(shortest=2), other=markets(), costs=costs, terms=terms, data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_comes_later_changes_nothing(
    rows: list[Row], other: list[Row], costs: Costs, terms: Terms, data: st.DataObject
) -> None:
    candle = data.draw(st.integers(0, len(rows) - 2), label="last common candle")
    one = run_engine(rows, cash=CASH, terms=terms, **costs)
    two = run_engine(rows[: candle + 1] + other, cash=CASH, terms=terms, **costs)
    settled = [result.trades[result.trades["exit_index"] <= candle] for result in (one, two)]
    assert settled[0].equals(settled[1])
    assert one.equity[: candle + 1].tobytes() == two.equity[: candle + 1].tobytes()
