import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from tests.unit.strategies.authors import edited, returning
from tests.unit.strategies.markets import random_candles

from trad.errors import SignalsError, Stopped, StrategyError
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.generation import generate
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

CANDLES = random_candles(100)


class Named(Strategy):
    def generate_signals(self, candles: Candles, *, progress: StageReporter) -> Signals:  # type: ignore[override]
        progress.update(40)
        return Signals.empty(len(candles))


class Placed(Strategy):
    def generate_signals(self, candles: Candles, reporter: StageReporter, /) -> Signals:
        reporter.update(40)
        return Signals.empty(len(candles))


class Without(Strategy):
    def generate_signals(self, candles: Candles, threshold: float = 0.5) -> Signals:  # type: ignore[override]
        assert threshold == 0.5
        return Signals.empty(len(candles))


@pytest.mark.parametrize(("cls", "told"), [(Named, [40, 100]), (Placed, [40, 100]), (Without, [100])])
def test_the_reporter_is_given_to_those_who_take_it(cls: type[Strategy], told: list[int]) -> None:
    heard: list[int] = []
    reporter = StageReporter(100, callback=lambda done, total: heard.append(done))
    assert len(generate(cls(), CANDLES, reporter)) == 100
    assert heard == told


def test_signals_in_their_one_form_are_passed_on_uncopied() -> None:
    made: list[Signals] = []
    strategy = returning(lambda candles: made.append(Signals.empty(100)) or made[0])  # type: ignore[func-returns-value]
    signals = generate(strategy, CANDLES, StageReporter(100))
    assert type(signals) is Signals
    for name, column in signals.columns().items():
        assert column is made[0].columns()[name]


def test_bad_signals_are_refused_in_the_name_of_their_strategy() -> None:
    with pytest.raises(SignalsError, match=r"^Mine returned entry 2 at candle 57"):
        generate(
            returning(edited(lambda signals: signals.entry.__setitem__(57, 2))), CANDLES, StageReporter(100)
        )


def test_a_stopped_stage_stays_stopped_though_the_strategy_looked_away() -> None:
    reporter = StageReporter(100)
    reporter.cell[1] = 1
    with pytest.raises(Stopped):
        generate(Without(), CANDLES, reporter)


class Faulty(Strategy):
    def __init__(self, error: Callable[[], object]) -> None:
        self.error = error

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return self.deeper(candles)

    def deeper(self, candles: Candles) -> Signals:
        self.error()
        return Signals.empty(len(candles))


def raising(error: BaseException) -> Callable[[], object]:
    def do() -> None:
        raise error

    return do


def test_an_error_names_the_strategys_own_file_and_line() -> None:
    line = Faulty.deeper.__code__.co_firstlineno + 1
    with pytest.raises(StrategyError) as caught:
        generate(Faulty(lambda: np.zeros(3).reshape(2, 2)), CANDLES, StageReporter(100))
    assert str(caught.value).startswith(
        "ValueError: cannot reshape array of size 3 into shape (2,2) (test_generation.py"
    )
    with pytest.raises(StrategyError) as caught:
        generate(Faulty(partial(int, "x")), CANDLES, StageReporter(100))
    assert f"(test_generation.py, line {line}, in deeper)" in str(caught.value)
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.parametrize("error", [SystemExit(3), RecursionError(), KeyError("fast"), SignalsError("mine")])
def test_every_error_is_the_strategys(error: BaseException) -> None:
    with pytest.raises(StrategyError, match=f"^{type(error).__name__}") as caught:
        generate(Faulty(raising(error)), CANDLES, StageReporter(100))
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [Stopped("now"), MemoryError(), KeyboardInterrupt()])
def test_what_is_not_the_strategys_passes_through(error: BaseException) -> None:
    with pytest.raises(type(error)):
        generate(Faulty(raising(error)), CANDLES, StageReporter(100))


def test_a_signature_that_does_not_fit_is_the_strategys_error() -> None:
    class Short(Strategy):
        def generate_signals(self) -> Signals:  # type: ignore[override]
            return Signals.empty(1)

    with pytest.raises(StrategyError, match=r"TypeError: .*takes 1 positional argument but 2 were given"):
        generate(Short(), CANDLES, StageReporter(100))


def test_a_frame_is_read_as_signals() -> None:
    def frame(candles: Candles) -> Any:
        return candles.frame.assign(signal=["BUY"] + ["HOLD"] * 99)[["timestamp", "signal"]]

    assert np.flatnonzero(generate(returning(frame), CANDLES, StageReporter(100)).entry).tolist() == [0]


def test_only_a_frame_loads_pandas() -> None:
    code = (
        "import sys, numpy as np\n"
        "from trad import Candles, Signals, Strategy\n"
        "from trad.progress import StageReporter\n"
        "from trad.strategies.generation import generate\n"
        "class Mine(Strategy):\n"
        "    def generate_signals(self, candles):\n"
        "        return Signals.empty(len(candles))\n"
        "ones = np.ones(5)\n"
        "candles = Candles(np.arange(5) + np.datetime64('2024-01-01', 'ms'), ones, ones, ones, ones, ones)\n"
        "generate(Mine(), candles, StageReporter(5))\n"
        "sys.exit(bool({'pandas', 'talib', 'numba'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
