"""The fill rules, case by case, told to the engine and to the reference alike."""

from dataclasses import replace

import pytest
from tests.unit.backtest import (
    cases_ends,
    cases_fees,
    cases_open,
    cases_reversal,
    cases_same_signal,
    cases_sizes,
    cases_slippage,
    cases_stop_and_target,
    cases_stops,
    cases_targets,
    cases_terms,
)
from tests.unit.backtest.reference import Row
from tests.unit.backtest.simulators import SIMULATORS
from tests.unit.backtest.tables import Case, about, case, check

from trad.backtest.terms import Terms

CASES = [
    *cases_open.CASES,
    *cases_same_signal.CASES,
    *cases_reversal.CASES,
    *cases_stops.CASES,
    *cases_targets.CASES,
    *cases_stop_and_target.CASES,
    *cases_fees.CASES,
    *cases_slippage.CASES,
    *cases_sizes.CASES,
    *cases_ends.CASES,
    *cases_terms.CASES,
]
FREE = [
    given
    for given in CASES
    if not given.fee and not given.slippage and not given.ruined and given.terms == Terms()
]
LEVEL = 8_192.0
"""Prices are reflected about this level; a power of two, so that nothing is rounded."""


@pytest.mark.parametrize("simulator", SIMULATORS)
@pytest.mark.parametrize("given", CASES, ids=str)
def test_table(given: Case, simulator: str) -> None:
    check(SIMULATORS[simulator], given)


def test_there_are_enough_tables_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) >= 100
    assert len({given.name for given in CASES}) == len(CASES)


def test_a_table_can_fail() -> None:
    wrong = case(
        "a trade that does not happen",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   111   99    110  -

        side  in     out    reason
        long  1@100  1@111  end_of_data
        """,
    )
    for simulate in SIMULATORS.values():
        with pytest.raises(AssertionError):
            check(simulate, wrong)


def mirrored(row: Row) -> Row:
    """The row reflected about the level: what rose falls, and longs are shorts."""
    return Row(
        open=2 * LEVEL - row.open,
        high=2 * LEVEL - row.low,
        low=2 * LEVEL - row.high,
        close=2 * LEVEL - row.close,
        entry=-row.entry,
        exit=row.exit,
        stop=2 * LEVEL - row.stop if row.stop else 0.0,
        target=2 * LEVEL - row.target if row.target else 0.0,
    )


@pytest.mark.parametrize("simulator", SIMULATORS)
@pytest.mark.parametrize("given", FREE, ids=str)
def test_reflected_prices_give_the_same_trades_on_the_other_side(given: Case, simulator: str) -> None:
    simulate = SIMULATORS[simulator]
    reflected = replace(given, rows=[mirrored(row) for row in given.rows])
    trades, mirror = simulate(given).trades, simulate(reflected).trades
    other = {"long": "short", "short": "long"}
    assert len(trades) == len(mirror)
    for trade, image in zip(trades, mirror, strict=True):
        assert image.side == other[trade.side]
        assert image.exit_reason == trade.exit_reason
        assert (image.entry_index, image.exit_index) == (trade.entry_index, trade.exit_index)
        assert image.entry_price == about(2 * LEVEL - trade.entry_price)
        assert image.exit_price == about(2 * LEVEL - trade.exit_price)
        assert image.pnl / image.size == about(trade.pnl / trade.size)
