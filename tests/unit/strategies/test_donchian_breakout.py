import numpy as np
from tests.unit.strategies.markets import candles_of_closes, random_candles
from tests.unit.strategies.references import donchian_breakouts

from trad.progress import StageReporter
from trad.strategies.donchian_breakout import DonchianBreakout


def test_enters_on_the_long_channel_and_leaves_on_the_short_one() -> None:
    closes = [5, 5, 5, 5, 5, 6, 7, 8, 7, 7, 6, 6, 9, 1.0]
    signals = DonchianBreakout(entry_lookback=5, exit_lookback=2).generate_signals(
        candles_of_closes(closes), StageReporter(len(closes))
    )
    assert signals.exit is not None
    assert signals.entry.tolist() == [0] * 5 + [1] + [0] * 6 + [1, -1]
    assert np.flatnonzero(signals.exit).tolist() == [10]


def test_a_channel_needs_all_its_candles() -> None:
    closes = [float(price) for price in range(1, 9)]
    signals = DonchianBreakout(entry_lookback=5, exit_lookback=2).generate_signals(
        candles_of_closes(closes), StageReporter(8)
    )
    assert np.flatnonzero(signals.entry).tolist() == [5]


def test_agrees_with_the_rules_over_many_blocks() -> None:
    candles = random_candles(9_000, seed=4)
    signals = DonchianBreakout().generate_signals(candles, StageReporter(9_000))
    assert signals.exit is not None
    assert (signals.entry.tolist(), signals.exit.tolist()) == donchian_breakouts(candles, 20, 10)
    assert np.count_nonzero(signals.entry) > 50


def test_the_exit_channel_is_the_shorter_one() -> None:
    assert DonchianBreakout().valid()
    assert not DonchianBreakout(entry_lookback=20, exit_lookback=20).valid()
