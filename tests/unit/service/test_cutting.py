"""Windows out of candles and backtests, against the obvious way to work them out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trad.service.cutting
from trad.backtest.engine import backtest
from trad.backtest.result import BacktestResult
from trad.errors import InputError
from trad.market.samples import read_sample
from trad.progress import StageReporter
from trad.service.cutting import backtest_window, candle_window, touching_trades, trade_page
from trad.service.windows import Window
from trad.strategies.liquidity_sweep import LiquiditySweep
from trad.strategies.sma_cross import SmaCross

N = 8_000
CANDLES = read_sample(f"sample:minute?candles={N}")
SWEEP = backtest(CANDLES, LiquiditySweep())
CROSS = backtest(CANDLES, SmaCross(fast=5, slow=20))
RUNS = st.sampled_from([SWEEP, CROSS])
SPANS = st.tuples(st.integers(0, N - 1), st.integers(1, N)).filter(lambda span: span[0] < span[1])


@given(span=SPANS, points=st.integers(10, 300))
def test_no_candle_high_or_low_is_lost(span: tuple[int, int], points: int) -> None:
    start, stop = span
    found = candle_window(CANDLES, Window(start=start, stop=stop, points=points))
    assert (found.start, found.stop, found.total) == (start, stop, N)
    assert len(found.bars.index) <= points
    assert found.width == 1 or -(-(stop - start) // (found.width // 2)) + 1 > points
    assert all(place % found.width == 0 for place in found.bars.index[1:])
    ends = [*found.bars.index[1:], stop]
    for bar, (first, end) in enumerate(zip(found.bars.index, ends, strict=True)):
        assert found.bars.high[bar] == CANDLES.high[first:end].max()
        assert found.bars.low[bar] == CANDLES.low[first:end].min()
        assert (found.bars.open[bar], found.bars.close[bar]) == (CANDLES.open[first], CANDLES.close[end - 1])
        assert found.bars.volume[bar] == pytest.approx(CANDLES.volume[first:end].sum())


def test_real_candles_are_shown_where_they_fit() -> None:
    found = candle_window(CANDLES, Window(start=701, stop=801, points=100))
    assert (found.width, found.bars.index) == (1, list(range(701, 801)))


def test_windows_that_overlap_have_the_same_bars() -> None:
    one = candle_window(CANDLES, Window(start=0, stop=4_000, points=500)).bars
    other = candle_window(CANDLES, Window(start=1_600, stop=5_600, points=500)).bars
    shared = slice(one.index.index(1_600), None)
    assert one.index[shared] == other.index[: len(one.index[shared])]
    assert one.high[shared] == other.high[: len(one.index[shared])]


@pytest.mark.parametrize(("start", "stop"), [(5, 5), (6, 5), (N, None), (0, N + 1), (-1, 5)])
def test_a_window_that_reaches_out_is_refused(start: int, stop: int | None) -> None:
    with pytest.raises(InputError, match=f"stops at {N}, the number of candles"):
        candle_window(CANDLES, Window(start=start, stop=stop, points=100))


@given(result=RUNS, span=SPANS, points=st.integers(10, 500))
def test_drawdowns_are_below_the_peak_of_the_whole_run(
    result: BacktestResult, span: tuple[int, int], points: int
) -> None:
    start, stop = span
    found = backtest_window(result, Window(start=start, stop=stop, points=points))
    fallen = result.equity / np.maximum.accumulate(result.equity) - 1
    ends = [*found.candles.bars.index[1:], stop]
    for bar, (first, end) in enumerate(zip(found.candles.bars.index, ends, strict=True)):
        assert found.equity[bar] == result.equity[end - 1]
        assert found.drawdown[bar] == fallen[first:end].min()


def test_the_whole_runs_deepest_drawdown_is_its_metric() -> None:
    found = backtest_window(SWEEP, Window(points=50))
    assert min(found.drawdown) == pytest.approx(SWEEP.metrics.max_drawdown)


@given(result=RUNS, span=SPANS)
def test_trades_that_were_open_in_a_window_touch_it(result: BacktestResult, span: tuple[int, int]) -> None:
    start, stop = span
    rows = result.log.rows(result.candles)
    expected = [
        place for place, row in enumerate(rows) if row["entry_index"] < stop and row["exit_index"] >= start
    ]
    assert touching_trades(result, start, stop).tolist() == expected


def test_of_too_many_trades_those_that_moved_most_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trad.service.cutting, "MOST_MARKED", 10)
    found = backtest_window(CROSS, Window(points=100))
    moved = sorted((abs(row["pnl"]) for row in CROSS.log.rows(CANDLES)), reverse=True)
    assert sorted((abs(trade["pnl"]) for trade in found.trades), reverse=True) == moved[:10]
    numbers = [trade["number"] for trade in found.trades]
    assert numbers == sorted(numbers)
    assert found.touching == found.total_trades == len(moved) > 10


def test_trades_carry_the_levels_of_the_signal_before_their_entry() -> None:
    signals = LiquiditySweep().generate_signals(CANDLES, StageReporter(N))
    assert signals.stop_loss is not None
    assert signals.take_profit is not None
    page = trade_page(SWEEP, 0, N)
    assert len(page.trades) == page.total_trades == len(SWEEP.log) > 10
    for trade in page.trades:
        signalled = trade["entry_index"] - 1
        assert signals.entry[signalled] == (1 if trade["side"] == "long" else -1)
        assert trade["stop_loss"] == (signals.stop_loss[signalled] or None)
        assert trade["take_profit"] == (signals.take_profit[signalled] or None)
    stopped = [trade for trade in page.trades if trade["exit_reason"] == "stop_loss"]
    assert stopped
    assert any(trade["exit_price"] == pytest.approx(trade["stop_loss"], rel=2e-3) for trade in stopped)


def test_trades_without_levels_say_so() -> None:
    assert {(one["stop_loss"], one["take_profit"]) for one in trade_page(CROSS, 0, 50).trades} == {
        (None, None)
    }


def test_pages_of_trades_join_and_end() -> None:
    whole = trade_page(CROSS, 0, N).trades
    assert [one["number"] for one in whole] == list(range(1, len(whole) + 1))
    assert [*trade_page(CROSS, 0, 7).trades, *trade_page(CROSS, 7, N).trades] == whole
    assert trade_page(CROSS, N, 7).trades == []
