"""Metrics worked out by hand, and where they do not exist."""

import json
import math
from collections.abc import Sequence

import numpy as np
import pytest
from tests.unit.backtest.reference import Row, simulate
from tests.unit.backtest.reference_metrics import about, metrics_of
from tests.unit.backtest.simulators import candles_of, run_engine
from tests.unit.backtest.tables import case

from trad.backtest.metrics import Metrics

HOURS_A_YEAR = 365.25 * 24
OF_TRADES = ("win_rate", "profit_factor", "expectancy", "sqn", "average_trade")


def held(closes: Sequence[float], side: int = 1) -> list[Row]:
    """Ten units bought (or sold short) at 100 at the open of candle 1, which closes at `closes[0]`."""
    rows = [Row(100, 100, 100, 100, entry=side)]
    opened = 100.0
    for close in closes:
        rows.append(Row(opened, max(opened, close), min(opened, close), close))
        opened = close
    return rows


def rows_of(text: str) -> list[Row]:
    return case("rows", text).rows


FOUR_TRADES = rows_of(
    """
    #  open  high  low  close  entry  exit
    0   100   100  100    100  long   -
    1   100   110  100    110  -      yes
    2   110   110  100    100  long   -
    3   100   100   80     80  -      yes
    4    80   100   80    100  short  -
    5   100   100  100    100  -      yes
    6   100   100  100    100  long   -
    7   100   150  100    150  -      -

    no trades
    """
)
"""Gains 100, loses 220 of 1,100, gains nothing, gains half of 880."""


def test_of_returns_by_hand() -> None:
    # Equity 1000, 1000, 1100, 880, 990: returns 0, 0, 0.1, -0.2, 0.125 with a mean of 0.005.
    metrics = run_engine(held([100, 110, 88, 99])).metrics
    year = math.sqrt(HOURS_A_YEAR)
    assert metrics.total_return == pytest.approx(-0.01, rel=1e-12)
    assert metrics.final_equity == pytest.approx(990, rel=1e-12)
    assert metrics.max_drawdown == pytest.approx(-0.2, rel=1e-12)
    assert metrics.max_drawdown_duration == 2
    # Squares of the distances to the mean: 0.000025 x 2 + 0.009025 + 0.042025 + 0.0144 = 0.0655, over 4.
    assert metrics.sharpe == pytest.approx(0.005 / math.sqrt(0.016375) * year, rel=1e-12)
    # One loss among five returns: 0.04 / 5.
    assert metrics.sortino == pytest.approx(0.005 / math.sqrt(0.008) * year, rel=1e-12)
    cagr = 0.99 ** (HOURS_A_YEAR / 5) - 1
    assert metrics.cagr == pytest.approx(cagr, rel=1e-11)
    assert metrics.calmar == pytest.approx(cagr / 0.2, rel=1e-11)
    assert metrics.exposure == 4 / 5


def test_of_trades_by_hand() -> None:
    # pnl 100, -220, 0, 440; return_pct 0.1, -0.2, 0, 0.5.
    metrics = run_engine(FOUR_TRADES).metrics
    assert metrics.trades == 4
    assert metrics.win_rate == 0.5  # a trade that comes out even is no win
    assert metrics.profit_factor == pytest.approx(540 / 220, rel=1e-12)
    assert metrics.expectancy == pytest.approx(80, rel=1e-12)
    assert metrics.average_trade == pytest.approx(0.1, rel=1e-12)
    # Distances to the mean of 80: 20, -300, -80, 360; squares 226,400, over 3.
    assert metrics.sqn == pytest.approx(2 * 80 / math.sqrt(226_400 / 3), rel=1e-12)
    assert metrics.fees_paid == 0
    assert metrics.exposure == 4 / 8


def test_fees_paid_are_those_of_all_trades() -> None:
    # 10 + 11 at 1 % for 1,000 and 1,100; 1,079 / 110 units bought and sold at 110: 10.79 twice.
    rows = rows_of(
        """
        #  open  high  low  close  entry  exit
        0   100   100  100    100  long   -
        1   100   110  100    110  long   yes
        2   110   110  110    110  -      -

        no trades
        """
    )
    metrics = run_engine(rows, fee=0.01).metrics
    assert metrics.fees_paid == pytest.approx(21 + 21.58, rel=1e-12)


@pytest.mark.parametrize(
    ("closes", "duration", "depth"),
    [
        ([100, 101, 102, 103], 0, 0.0),
        ([100, 100, 100, 100], 0, 0.0),
        ([110, 99, 110, 111], 2, -0.1),  # the peak, a dip, back at the peak
        ([110, 99, 98, 97.9, 112], 4, -0.11),
        ([110, 99, 104.5], 2, -0.1),  # never back: to the last candle
        ([110, 110, 110, 99, 120], 2, -0.1),  # counted from the last candle at the peak
        ([110, 104.5, 110, 99, 104.5, 109, 110], 4, -0.1),  # the longest of two
        ([110, 99, 110, 104.5, 109, 108, 107], 4, -0.1),  # the longest is not the deepest
        ([90, 95, 100], 3, -0.1),  # from the initial cash, which candle 0 still holds
        ([90, 95, 99], 3, -0.1),
    ],
)
def test_drawdown(closes: list[float], duration: int, depth: float) -> None:
    metrics = run_engine(held(closes)).metrics
    assert metrics.max_drawdown_duration == duration
    assert metrics.max_drawdown == pytest.approx(depth, rel=1e-12, abs=1e-15)


def test_a_long_rest_at_the_peak_is_no_drawdown() -> None:
    metrics = run_engine(held([110] * 10_000 + [99, 104.5])).metrics
    assert metrics.max_drawdown_duration == 2


def test_a_long_rest_below_the_peak_is_one() -> None:
    metrics = run_engine(held([110] + [99] * 10_000 + [110])).metrics
    assert metrics.max_drawdown_duration == 10_001


def test_exposure_counts_the_candle_that_enters_and_not_the_one_that_leaves_at_its_open() -> None:
    rows = rows_of(
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  long   -        -
        1   100   101   99    100  -      yes      -
        2   100   101   99    100  long   -       95
        3   100   101   90    100  -      -        -
        4   100   101   99    100  -      -        -

        no trades
        """
    )
    # Candle 1, and candle 3, in which the second position is stopped.
    assert run_engine(rows).metrics.exposure == 2 / 5


def test_a_fee_at_the_entry_is_a_drawdown() -> None:
    metrics = run_engine(held([100, 100]), fee=0.01).metrics
    assert metrics.max_drawdown == pytest.approx(-0.02, rel=1e-12)
    assert metrics.max_drawdown_duration == 2


def test_without_trades_there_is_nothing_to_divide_by() -> None:
    metrics = run_engine([Row(100, 101, 99, 100)] * 3).metrics
    assert [getattr(metrics, name) for name in OF_TRADES] == [None] * len(OF_TRADES)
    assert (metrics.trades, metrics.fees_paid, metrics.exposure, metrics.final_equity) == (0, 0, 0, 1000)
    assert (metrics.total_return, metrics.cagr, metrics.max_drawdown) == (0, 0, 0)
    assert (metrics.sharpe, metrics.sortino, metrics.calmar) == (None, None, None)
    assert metrics.max_drawdown_duration == 0


def test_a_single_candle_has_no_year() -> None:
    metrics = run_engine([Row(100, 101, 99, 100, entry=1)]).metrics
    assert (metrics.cagr, metrics.sharpe, metrics.sortino, metrics.calmar) == (None, None, None, None)
    assert (metrics.total_return, metrics.final_equity, metrics.exposure) == (0, 1000, 0)


def test_one_trade_has_no_spread() -> None:
    metrics = run_engine(held([110])).metrics
    assert (metrics.trades, metrics.win_rate, metrics.expectancy) == (1, 1.0, 100)
    assert (metrics.sqn, metrics.profit_factor) == (None, None)


def test_equal_trades_have_no_spread() -> None:
    rows = [Row(100, 101, 99, 100, entry=1, exit=True)] * 5
    metrics = run_engine(rows).metrics
    assert (metrics.trades, metrics.expectancy, metrics.sqn) == (4, 0, None)


def test_losses_alone_have_a_profit_factor_of_zero() -> None:
    metrics = run_engine(held([90])).metrics
    assert (metrics.profit_factor, metrics.win_rate) == (0, 0)


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("share", [1.0, 0.9, 0.6043522375751041, 1 / 3, 0.07])
def test_a_gain_without_a_loss_has_no_drawdown_to_divide_by(share: float, side: int) -> None:
    # Rounding alone must not look like a loss: a Sortino or Calmar ratio over it would rank above all.
    for price in np.random.default_rng(5).uniform(1, 200, 20):
        gain = price * (1 + side * 0.3)
        low, high = sorted((price, gain))
        rows = [
            Row(price, price, price, price, entry=side),
            Row(price, price, price, price),
            Row(price, high, low, gain, entry=side, exit=True),
            Row(gain, gain, gain, gain),
            Row(gain, gain, gain, gain),
        ]
        metrics = run_engine(rows, share=share).metrics
        assert metrics.max_drawdown == 0
        assert metrics.max_drawdown_duration == 0
        assert (metrics.sortino, metrics.calmar) == (None, None)


def test_an_account_in_debt_has_no_growth_rate() -> None:
    result = run_engine(held([250, 100], side=-1))
    assert result.ruined
    assert (result.metrics.cagr, result.metrics.calmar) == (None, None)
    assert result.metrics.total_return == pytest.approx(-1.5, rel=1e-12)
    assert result.metrics.max_drawdown == pytest.approx(-1.5, rel=1e-12)


@pytest.mark.parametrize(
    "rows",
    [
        [Row(100, 100, 100, 100)],
        [Row(100, 100, 100, 100)] * 5,
        held([150, 200, 100, 100, 100], side=-1),  # an equity of exactly zero, four times
        held([150, 250, 100, 100], side=-1),
        held([100, 1_000, 10_000, 100_000]),  # a growth rate beyond the largest float
        held([100, 1e-9]),
        held([100, 1e300]),
        FOUR_TRADES,
    ],
    ids=lambda rows: f"{len(rows)}-candles-to-{rows[-1].close:g}",
)
def test_json_is_never_infinite_nor_nan(rows: list[Row]) -> None:
    metrics = run_engine(rows).metrics
    document = json.loads(json.dumps(metrics.as_json(), allow_nan=False))
    assert list(document) == list(Metrics.__dataclass_fields__)
    values = {name: getattr(metrics, name) for name in document}
    assert all(value is None or math.isfinite(value) for value in values.values())
    assert document == about(values, rel=1e-11)


def test_the_reference_knows_what_was_worked_out_by_hand() -> None:
    for rows in (held([100, 110, 88, 99]), FOUR_TRADES):
        metrics = run_engine(rows).metrics
        expected = metrics_of(simulate(rows), cash=1_000.0, bars_per_year=candles_of(rows).bars_per_year)
        assert {name: getattr(metrics, name) for name in expected} == about(expected, rel=1e-11)
