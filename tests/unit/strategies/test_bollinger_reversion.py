import numpy as np
import pytest
from tests.unit.strategies.markets import candles_of_closes, random_candles
from tests.unit.strategies.references import bollinger_reversions

from trad.progress import StageReporter
from trad.strategies.bollinger_reversion import BollingerReversion


def test_enters_outside_the_bands_and_leaves_at_the_middle() -> None:
    closes = [10.0, 11, 10, 11, 10, 11, 7, 8, 11, 12, 15, 9]
    signals = BollingerReversion(period=5, width=1.5).generate_signals(
        candles_of_closes(closes), StageReporter(len(closes))
    )
    assert signals.exit is not None
    assert np.flatnonzero(signals.entry == 1).tolist() == [6]
    assert np.flatnonzero(signals.entry == -1).tolist() == [10]
    assert np.flatnonzero(signals.exit[6:]).tolist() == [0, 2, 5]


@pytest.mark.parametrize("price", [0.1, 1 / 3, 98765.43])
def test_a_market_that_stands_still_gives_no_signal(price: float) -> None:
    candles = candles_of_closes([price * 1.01, price * 0.99] * 40 + [price] * 500)
    signals = BollingerReversion(period=20).generate_signals(candles, StageReporter(len(candles)))
    assert signals.exit is not None
    assert not signals.entry[110:].any()
    assert not signals.exit[110:].any()


def test_agrees_with_the_rules() -> None:
    candles = random_candles(5_000, seed=8)
    signals = BollingerReversion().generate_signals(candles, StageReporter(5_000))
    assert signals.exit is not None
    assert (signals.entry.tolist(), signals.exit.tolist()) == bollinger_reversions(candles, 20, 2.0)
    assert np.count_nonzero(signals.entry) > 50
