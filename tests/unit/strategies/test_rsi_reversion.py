import numpy as np
from tests.unit.strategies.markets import candles_of_closes, random_candles
from tests.unit.strategies.references import rsi_reversions

from trad.progress import StageReporter
from trad.strategies.rsi_reversion import RsiReversion


def test_signals_stand_where_the_rsi_leaves_its_zones() -> None:
    closes = [10.0, 9, 8, 7, 6, 7, 8, 9, 10, 11, 10, 9]
    signals = RsiReversion(period=2, oversold=30, overbought=70).generate_signals(
        candles_of_closes(closes), StageReporter(len(closes))
    )
    assert signals.exit is None
    assert np.flatnonzero(signals.entry == 1).tolist() == [5]
    assert np.flatnonzero(signals.entry == -1).tolist() == [10]


def test_agrees_with_the_rules() -> None:
    candles = random_candles(5_000, seed=6)
    signals = RsiReversion().generate_signals(candles, StageReporter(5_000))
    assert signals.entry.tolist() == rsi_reversions(candles, 14, 30.0, 70.0)
    assert np.count_nonzero(signals.entry) > 50


def test_the_zones_lie_apart() -> None:
    assert RsiReversion().valid()
    assert not RsiReversion(oversold=50, overbought=50).valid()
