"""`simulate`: the columns it takes, the frame it gives, its limits, and what it refuses."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from tests.unit.backtest.reference import Row, simulate
from tests.unit.backtest.simulators import candles_of, outcome_of, run_engine, signals_of

from trad.backtest.engine import BacktestEngine
from trad.errors import InputError, SignalsError
from trad.strategies.signals import Signals

COLUMNS = [
    "side",
    "entry_index",
    "entry_time",
    "entry_price",
    "exit_index",
    "exit_time",
    "exit_price",
    "size",
    "pnl",
    "return_pct",
    "fees",
    "exit_reason",
]
ROWS = [
    Row(100, 101, 99, 100, entry=1, stop=95),
    Row(100, 111, 99, 110, entry=-1, stop=130, target=90),
    Row(110, 112, 88, 89, entry=1),
    Row(90, 101, 89, 100),
]


def free() -> BacktestEngine:
    return BacktestEngine(fee=0.0, slippage=0.0, initial_cash=1_000.0)


def test_the_frame_of_trades() -> None:
    trades = run_engine(ROWS).trades
    assert list(trades.columns) == COLUMNS
    assert list(trades.index) == [0, 1, 2]
    assert list(trades["side"]) == ["long", "short", "long"]
    assert list(trades["exit_reason"]) == ["reverse", "take_profit", "end_of_data"]
    for name in ("entry_price", "exit_price", "size", "pnl", "return_pct", "fees"):
        assert trades[name].dtype == np.float64
    for name in ("entry_index", "exit_index"):
        assert trades[name].dtype == np.int64


def test_times_are_those_of_the_candles() -> None:
    trades, stamps = run_engine(ROWS).trades, candles_of(ROWS).frame["timestamp"]
    for end in ("entry", "exit"):
        expected = stamps.iloc[trades[f"{end}_index"]].reset_index(drop=True)
        pd.testing.assert_series_equal(trades[f"{end}_time"], expected, check_names=False)


def test_without_trades_the_frame_has_its_columns() -> None:
    trades = run_engine([Row(100, 101, 99, 100)] * 3).trades
    full = run_engine(ROWS).trades
    assert len(trades) == 0
    assert list(trades.columns) == COLUMNS
    numeric = [name for name in COLUMNS if name not in {"side", "exit_reason"}]
    assert trades[numeric].dtypes.equals(full[numeric].dtypes)


def test_the_equity_is_one_number_per_candle() -> None:
    equity = run_engine(ROWS).equity
    assert equity.dtype == np.float64
    assert equity.shape == (4,)


def test_the_arrays_of_the_caller_stay_as_they_were() -> None:
    candles, signals = candles_of(ROWS), signals_of(ROWS)
    before = {name: column.copy() for name, column in signals.columns().items()}
    first = free().simulate(candles, signals)
    for name, column in signals.columns().items():
        np.testing.assert_array_equal(column, before[name])
    again = free().simulate(candles, signals)
    assert first.equity.tobytes() == again.equity.tobytes()


BLANK: dict[str, Callable[[Row], Row]] = {
    "exit": lambda row: row._replace(exit=False),
    "stop_loss": lambda row: row._replace(stop=0.0),
    "take_profit": lambda row: row._replace(target=0.0),
}


@pytest.mark.parametrize(
    "absent",
    [["exit"], ["stop_loss"], ["take_profit"], ["stop_loss", "take_profit"], list(BLANK)],
    ids="-".join,
)
def test_a_column_that_is_absent_is_a_column_of_nothing(absent: list[str]) -> None:
    rows = [row._replace(exit=i == 2) for i, row in enumerate(ROWS)]
    signals = signals_of(rows)
    for name in absent:
        setattr(signals, name, None)
        rows = [BLANK[name](row) for row in rows]
    result, expected = free().simulate(candles_of(rows), signals), simulate(rows)
    assert [trade[:6] for trade in outcome_of(result).trades] == [trade[:6] for trade in expected.trades]
    assert result.equity.tolist() == pytest.approx(expected.equity, rel=1e-12)


def test_stops_are_read_at_entries_alone() -> None:
    signals = signals_of(ROWS)
    assert signals.stop_loss is not None
    assert signals.take_profit is not None
    with_none = run_engine(ROWS)
    signals.stop_loss[3] = signals.take_profit[3] = math.nan
    assert free().simulate(candles_of(ROWS), signals).equity.tobytes() == with_none.equity.tobytes()


@pytest.mark.parametrize("column", ["stop_loss", "take_profit"])
def test_a_stop_that_was_meant_and_not_found_is_refused(column: str) -> None:
    signals = signals_of(ROWS)
    getattr(signals, column)[1] = math.nan
    with pytest.raises(SignalsError, match="nan at candle 1 "):
        free().simulate(candles_of(ROWS), signals)


@pytest.mark.parametrize(
    "signals",
    [
        Signals(entry=np.zeros(3, np.int8)),
        Signals(entry=np.array([0, 2, 0, 0], np.int8)),
        Signals(entry=np.zeros(4, np.int8), exit=np.zeros(5, np.bool_)),
        Signals(entry=np.zeros(4, np.int8), stop_loss=np.zeros(3)),
        Signals(entry=np.zeros((4, 1), np.int8)),
    ],
)
def test_signals_that_break_their_contract_are_refused(signals: Signals) -> None:
    with pytest.raises(SignalsError):
        free().simulate(candles_of(ROWS), signals)


@pytest.mark.parametrize("value", [-0.001, 0.11, 1.0, math.nan, math.inf])
@pytest.mark.parametrize("name", ["fee", "slippage"])
def test_a_cost_outside_its_range_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"^{name} was {value}; a {name} is a fraction from 0 to 0.1"):
        BacktestEngine(**{name: value})  # type: ignore[arg-type]  # both are numbers


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_cash_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(InputError, match=f"{value}"):
        BacktestEngine(initial_cash=value)


@pytest.mark.parametrize("value", [0.0, -0.5, math.nan, math.inf])
def test_a_position_size_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(InputError, match=f"{value}"):
        free().simulate(candles_of(ROWS), signals_of(ROWS), position_size_pct=value)


FLAT = (100.0, 100.0, 100.0, 100.0)
BUSY = {
    "reversed at every open": [Row(*FLAT, entry=1 if i % 2 else -1) for i in range(20_000)],
    "left and entered anew at every open": [Row(*FLAT, entry=1, exit=True)] * 20_000,
    "stopped in every entry candle": [Row(*FLAT, entry=1, stop=100.0)] * 20_000,
    "reversed, then stopped in the same candle": [
        Row(100, 110, 90, 100, entry=(1, -1)[i % 2], stop=(0.0, 105.0)[i % 2]) for i in range(20_000)
    ],
}


@pytest.mark.parametrize("rows", BUSY.values(), ids=BUSY)
def test_there_is_room_for_a_trade_in_every_candle(rows: list[Row]) -> None:
    outcome = outcome_of(run_engine(rows, share=0.001))
    busy = simulate(rows[:400], share=0.001).trades
    # The last one may differ: there the short run's data ends.
    assert [trade[:6] for trade in outcome.trades[: len(busy) - 2]] == [trade[:6] for trade in busy[:-2]]
    assert len(outcome.trades) >= len(rows) - 1


def test_a_thousand_candles_of_noise_are_the_reference_s() -> None:
    generator = np.random.default_rng(3)
    rows, last = [], 100.0
    for _ in range(1_000):
        opened = last * math.exp(generator.normal(0, 0.01))
        close = opened * math.exp(generator.normal(0, 0.02))
        high, low = max(opened, close) * 1.005, min(opened, close) * 0.995
        side = int(generator.choice([-1, 0, 0, 0, 0, 0, 0, 1]))
        leaves = bool(generator.random() < 0.05)
        distance = generator.choice([0.01, 0.03, 0.1])
        rows.append(
            Row(
                opened,
                high,
                low,
                close,
                side,
                leaves,
                close * (1 - side * distance),
                close * (1 + side * distance),
            )
        )
        last = close
    outcome, expected = (
        outcome_of(run_engine(rows, fee=0.001, slippage=0.0005)),
        simulate(rows, fee=0.001, slippage=0.0005),
    )
    assert len(expected.trades) > 100
    assert [trade[:2] + trade[3:4] + trade[5:6] for trade in outcome.trades] == [
        trade[:2] + trade[3:4] + trade[5:6] for trade in expected.trades
    ]
    assert outcome.equity == pytest.approx(expected.equity, rel=1e-9)
    assert [trade.pnl for trade in outcome.trades] == pytest.approx(
        [trade.pnl for trade in expected.trades], abs=1e-9
    )
