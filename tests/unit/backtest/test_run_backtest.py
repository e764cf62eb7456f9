"""`run_backtest`: what it takes, what it tells on the way, and that telling changes nothing."""

import threading
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from trad.backtest.costs import Costs
from trad.backtest.engine import BacktestEngine, backtest, evaluate_metrics
from trad.backtest.result import BacktestResult
from trad.errors import InputError, SignalsError, StrategyError
from trad.market.candles import Candles
from trad.progress import STAGES, StageReporter, Unwatched
from trad.strategies.parameters import Int
from trad.strategies.signals import Signals
from trad.strategies.sma_cross import SmaCross
from trad.strategies.strategy import Strategy

Call = tuple[int, int, str, int]


def waves(n: int) -> Candles:
    """Minute candles that rise and fall, a little unevenly."""
    time = np.arange(n)
    close = 100 + 10 * np.sin(time / 9) + np.sin(time * 1.7)
    opened = np.concatenate([[100.0], close])[:n]
    high, low = np.maximum(opened, close) + 0.5, np.minimum(opened, close) - 0.5
    stamps = np.datetime64("2024-01-01", "ms") + time * np.timedelta64(1, "m")
    return Candles(stamps, opened, high, low, close, np.ones(n))


class Turns(Strategy):
    """Buys the third rise and sells the third fall in a row, candle by candle in plain Python."""

    stop = Int(3, low=1, high=50)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals = Signals.empty(len(candles))
        run = 0
        for i in progress.track(range(1, len(candles))):
            rise = candles.close[i] > candles.close[i - 1]
            run = max(run, 0) + 1 if rise else min(run, 0) - 1
            if abs(run) == 3:
                side = 1 if run > 0 else -1
                signals.entry[i] = side
                signals.stop_loss[i] = candles.close[i] - side * self.stop
        return signals


class Silent(Turns):
    """The same, said without a word of progress."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return super().generate_signals(candles, StageReporter(len(candles)))


class Framed(Strategy):
    """The same turns without stops, as a frame of words."""

    def generate_signals(self, candles: Candles) -> pd.DataFrame:  # type: ignore[override]
        signals = Turns().generate_signals(candles, StageReporter(len(candles)))
        words = np.array(["SELL", "HOLD", "BUY"])[signals.entry + 1]
        return pd.DataFrame({"timestamp": candles.frame["timestamp"], "signal": words})


class Arrows(Strategy):
    """The same turns without stops, as signals."""

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        return Signals(entry=Turns().generate_signals(candles, progress).entry)


def watched(
    n: int, strategy: Strategy, run: Callable[..., BacktestResult] | None = None
) -> tuple[BacktestResult, list[Call]]:
    calls: list[Call] = []

    def callback(current: int, total: int, stage: str) -> None:
        calls.append((current, total, stage, threading.get_ident()))

    run = BacktestEngine().run_backtest if run is None else run
    return run(waves(n), strategy, progress_callback=callback), calls


def assert_same(one: BacktestResult, other: BacktestResult) -> None:
    """Equal to the last bit."""
    assert one.equity.tobytes() == other.equity.tobytes()
    pd.testing.assert_frame_equal(one.trades, other.trades, check_exact=True)
    assert one.metrics == other.metrics
    assert one.ruined == other.ruined


STRATEGIES = [Turns(), Silent(), Framed(), SmaCross(fast=5, slow=20)]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
@pytest.mark.parametrize("n", [1, 2, 3, 99, 100, 101, 1_000, 10_000, 12_345])
def test_callback_contract(n: int, strategy: Strategy) -> None:
    _, calls = watched(n, strategy)
    assert {total for _, total, _, _ in calls} == {n}
    assert {thread for *_, thread in calls} == {threading.get_ident()}
    assert tuple(dict.fromkeys(stage for _, _, stage, _ in calls)) == STAGES
    assert [stage for _, _, stage, _ in calls] == sorted(stage for _, _, stage, _ in calls)
    for stage in STAGES:
        positions = [current for current, _, name, _ in calls if name == stage]
        assert len(positions) <= 100
        assert positions[-1] == n
        assert all(earlier < later for earlier, later in pairwise(positions))


@pytest.mark.parametrize("stage", STAGES)
def test_ten_thousand_candles_in_plain_python_make_at_least_fifty_calls_a_stage(stage: str) -> None:
    _, calls = watched(10_000, Turns())
    positions = [0, *(current for current, _, name, _ in calls if name == stage)]
    assert 50 <= len(positions) - 1 <= 100
    assert max(np.diff(positions)) <= 200


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
@pytest.mark.parametrize("n", [1, 57, 2_049, 10_000])
def test_a_callback_changes_nothing(n: int, strategy: Strategy) -> None:
    seen, calls = watched(n, strategy)
    assert calls
    assert_same(seen, BacktestEngine().run_backtest(waves(n), strategy))


def test_the_stages_are_signals_then_their_simulation() -> None:
    candles, engine = waves(3_000), BacktestEngine(fee=0.0004, slippage=0.0001, initial_cash=500)
    strategy = Turns(stop=2)
    signals = strategy.generate_signals(candles, StageReporter(len(candles)))
    whole = engine.run_backtest(candles, strategy, position_size_pct=0.4)
    assert len(whole.trades) > 20
    assert_same(whole, engine.simulate(candles, signals, position_size_pct=0.4))
    assert_same(whole, engine.run_backtest(candles, Silent(stop=2), position_size_pct=0.4))


def test_backtest_is_the_engine_with_its_defaults() -> None:
    candles = waves(3_000)
    assert_same(backtest(candles, Turns()), BacktestEngine().run_backtest(candles, Turns()))
    engine = BacktestEngine(fee=0.002, slippage=0.001, initial_cash=77.0)
    other = backtest(candles, Turns(), fee=0.002, slippage=0.001, initial_cash=77.0, position_size=0.3)
    assert_same(other, engine.run_backtest(candles, Turns(), 0.3))
    _, calls = watched(500, Turns(), run=backtest)
    assert calls[-1][:3] == (500, 500, "trade_simulation")


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
@pytest.mark.parametrize("n", [1, 200, 10_000])
def test_training_measures_the_same_without_keeping_anything(n: int, strategy: Strategy) -> None:
    costs = Costs(fee=0.0004, slippage=0.0001, position_size=0.7, initial_cash=500.0)
    engine = BacktestEngine(fee=0.0004, slippage=0.0001, initial_cash=500.0)
    expected = engine.run_backtest(waves(n), strategy, 0.7).metrics
    assert evaluate_metrics(waves(n), strategy, costs, Unwatched()) == expected


def test_the_defaults_are_a_tenth_and_a_twentieth_of_a_percent() -> None:
    candles = waves(3_000)
    engine = BacktestEngine(fee=0.001, slippage=0.0005, initial_cash=10_000.0)
    assert_same(BacktestEngine().run_backtest(candles, Turns()), engine.run_backtest(candles, Turns(), 1.0))


def test_buy_and_sell_are_long_and_short() -> None:
    candles = waves(3_000)
    framed = BacktestEngine().run_backtest(candles, Framed())
    assert set(framed.trades["side"]) == {"long", "short"}
    assert_same(framed, BacktestEngine().run_backtest(candles, Arrows()))


def test_a_frame_is_as_good_as_candles() -> None:
    candles, engine = waves(2_000), BacktestEngine()
    expected = engine.run_backtest(candles, Turns())
    frame = candles.frame
    assert_same(engine.run_backtest(frame, Turns()), expected)
    shouting = frame.rename(columns=str.upper)
    assert_same(engine.run_backtest(shouting, Turns()), expected)
    assert_same(engine.run_backtest(frame.set_index("timestamp"), Turns()), expected)


def test_a_frame_is_left_as_it_was() -> None:
    frame = waves(500).frame
    before = frame.copy(deep=True)
    BacktestEngine().run_backtest(frame, Turns())
    pd.testing.assert_frame_equal(frame, before)


def test_a_run_leaves_nothing_behind_in_the_engine() -> None:
    engine, strategy = BacktestEngine(), Turns()
    first = engine.run_backtest(waves(2_000), strategy)
    engine.run_backtest(waves(700), SmaCross(fast=3, slow=9), 0.2)
    assert_same(engine.run_backtest(waves(2_000), strategy), first)


def test_no_candles_are_refused() -> None:
    with pytest.raises(InputError):
        BacktestEngine().run_backtest(waves(10)[:0], Turns())


class Broken(Strategy):
    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        raise ZeroDivisionError("division by zero")


class Short(Strategy):
    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return Signals.empty(len(candles) - 1)


def test_a_strategy_that_raises_is_named_with_its_file() -> None:
    with pytest.raises(
        StrategyError, match=r"ZeroDivisionError: division by zero \(test_run_backtest\.py, line"
    ):
        BacktestEngine().run_backtest(waves(10), Broken())


def test_signals_of_another_length_are_refused() -> None:
    with pytest.raises(SignalsError, match="Short"):
        BacktestEngine().run_backtest(waves(10), Short())


def test_the_result_names_the_parameters() -> None:
    assert BacktestEngine().run_backtest(waves(50), Turns(stop=7)).params == {"stop": 7}


def test_what_a_callback_raises_is_not_the_strategys_fault() -> None:
    class Given(Strategy):
        def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
            for _ in progress.track(range(len(candles))):
                pass
            return Signals.empty(len(candles))

    def callback(current: int, total: int, stage: str) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        BacktestEngine().run_backtest(waves(1_000), Given(), progress_callback=callback)


class Rewriting(Strategy):
    """Hands out the same array every time, and writes to it."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = np.zeros(0, np.int8)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        if not len(self.entry):
            self.entry = np.zeros(len(candles), np.int8)
        self.entry[len(candles) // 2] = 1 - self.entry[len(candles) // 2]
        return Signals(entry=self.entry)


def test_equity_of_signals_that_were_written_to_is_refused() -> None:
    candles = waves(300)
    strategy = Rewriting()
    first, second = backtest(candles, strategy), backtest(candles, strategy)
    assert (first.metrics.trades, second.metrics.trades) == (1, 0)
    assert second.equity[-1] == second.metrics.final_equity
    with pytest.raises(SignalsError, match="changed after the backtest"):
        _ = first.equity


def test_equity_is_of_the_signals_given_whatever_becomes_of_them() -> None:
    candles = waves(300)
    signals = Signals(entry=np.zeros(len(candles), np.int8))
    signals.entry[5] = 1
    result = BacktestEngine().simulate(candles, signals)
    signals.entry[5] = -1
    assert result.equity[-1] == result.metrics.final_equity


def test_equity_cannot_be_written_to() -> None:
    result = backtest(waves(300), Rewriting())
    with pytest.raises(ValueError, match="read-only"):
        result.equity[0] = 1.0


NUMBERS = ("entry_index", "entry_price", "exit_index", "exit_price", "size", "pnl", "return_pct", "fees")


def test_what_a_user_does_to_the_table_of_trades_stays_in_it() -> None:
    result = backtest(waves(300), Turns())
    told = result.as_json()["trades"]
    trades = result.trades
    for name in NUMBERS:
        trades.at[0, name] = 1
    trades["pnl"] *= 2
    assert trades["pnl"].tolist()[:2] == [2.0, 2 * told[1]["pnl"]]
    other = result.log.frame(result.candles)
    with pytest.raises(ValueError, match="read-only"):
        other["pnl"].to_numpy()[0] = 1.0
    other.at[0, "entry_price"] = 1.0
    assert result.as_json()["trades"] == told


def test_a_table_of_trades_outlives_its_result() -> None:
    trades = backtest(waves(300), Turns()).trades
    for name in NUMBERS:
        trades.at[0, name] = 1
        assert trades[name].tolist()[0] == 1
