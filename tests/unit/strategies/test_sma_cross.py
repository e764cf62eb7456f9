import numpy as np
import pytest
from tests.unit.strategies.markets import candles_of_closes, random_candles
from tests.unit.strategies.references import sma_crosses

from trad.progress import StageReporter
from trad.strategies.sma_cross import SmaCross


def entries(closes: list[float], fast: int, slow: int) -> list[int]:
    reporter = StageReporter(len(closes))
    signals = SmaCross(fast=fast, slow=slow).generate_signals(candles_of_closes(closes), reporter)
    assert reporter.done == len(closes)
    assert signals.exit is None
    assert signals.stop_loss is None
    return [int(side) for side in signals.entry]


def test_the_first_side_is_no_cross() -> None:
    assert entries([1, 2, 3, 4, 5], 2, 3) == [0, 0, 0, 0, 0]


def test_signals_stand_at_crosses_alone() -> None:
    assert entries([5, 4, 3, 4, 5, 6, 5, 4, 3], 2, 3) == [0, 0, 0, 0, 1, 0, 0, -1, 0]


def test_to_become_equal_is_not_to_cross() -> None:
    assert entries([5, 4, 3, 3, 3, 3, 2, 2, 2, 2, 3], 2, 3) == [0] * 10 + [1]


@pytest.mark.parametrize("price", [0.1, 1 / 3, 98765.43])
def test_a_market_that_stands_still_gives_no_signal(price: float) -> None:
    candles = candles_of_closes([price * 1.01, price * 0.99] * 40 + [price] * 5_000)
    entry = SmaCross(fast=13, slow=47).generate_signals(candles, StageReporter(len(candles))).entry
    assert not entry[130:].any()


def test_agrees_with_exact_arithmetic_over_many_blocks() -> None:
    candles = random_candles(6_000, seed=3)
    entry = SmaCross(fast=30, slow=70).generate_signals(candles, StageReporter(6_000)).entry
    assert entry.tolist() == sma_crosses(candles, 30, 70)
    assert np.count_nonzero(entry) > 50


def test_fast_is_shorter_than_slow() -> None:
    assert SmaCross().valid()
    assert not SmaCross(fast=50, slow=50).valid()


def test_a_callback_changes_nothing() -> None:
    candles = random_candles(6_000, seed=3)
    told: list[int] = []
    watched = StageReporter(6_000, callback=lambda done, total: told.append(done))
    entry = SmaCross().generate_signals(candles, watched).entry
    assert entry.tobytes() == SmaCross().generate_signals(candles, StageReporter(6_000)).entry.tobytes()
    assert len(told) >= 50
