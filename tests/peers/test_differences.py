"""The comparison itself: it finds what no rule explains."""

from dataclasses import replace

import pandas as pd
from tests.peers.differences import Comparison, Situation, compare
from tests.peers.programs import Trade
from tests.peers.rules import VECTORBT

from trad.market.candles import Candles

TRADE = Trade(entry=2, exit=4, side=1, entry_price=100.0, exit_price=95.0, gain=-0.05, reason="stop_loss")
LATER = replace(TRADE, entry=6, exit=7)


def compared(ours: list[Trade], theirs: list[Trade]) -> Comparison:
    stamps = pd.date_range("2024-01-01", periods=10, freq="h", tz="UTC")
    flat = {"open": 100.0, "high": 101.0, "low": 99.0, "close": 100.0, "volume": 1.0}
    candles = Candles.from_frame(pd.DataFrame({"timestamp": stamps} | flat))
    levels = {1: (95.0, 0.0), 5: (95.0, 0.0)}
    situation = Situation(candles=candles, sides={1: 1, 5: 1}, levels=levels, slippage=0.0)
    return compare(ours, theirs, VECTORBT, situation)


def test_equal_trades_are_the_same() -> None:
    assert compared([TRADE, LATER], [TRADE, LATER]).counts == {"same": 2}


def test_another_price_candle_or_side_is_unexplained() -> None:
    for other in (
        replace(TRADE, exit_price=95.0 * (1 + 3e-9)),
        replace(TRADE, exit=5),
        replace(TRADE, side=-1),
        replace(TRADE, entry_price=100.1),
        replace(TRADE, gain=-0.06),
        replace(TRADE, exit=None),
    ):
        assert len(compared([TRADE], [other]).unexplained) == 1, other


def test_a_trade_that_only_one_has_is_unexplained() -> None:
    assert len(compared([TRADE, LATER], [TRADE]).unexplained) == 1
    assert len(compared([TRADE], [TRADE, LATER]).unexplained) == 1


def test_a_stop_on_the_entry_candle_is_spared_only_until_the_next_touch() -> None:
    at_once = replace(TRADE, exit=2)
    assert compared([at_once], [replace(TRADE, exit=None)]).counts == {"entry candle spared": 1}
    assert len(compared([at_once], [replace(TRADE, exit=4)]).unexplained) == 1
