import numpy as np
import pytest
from tests.unit.strategies.markets import random_candles
from tests.unit.strategies.references import liquidity_sweeps

from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.liquidity_sweep import LiquiditySweep
from trad.strategies.parameters import ParameterValue

QUIET = (10.0, 11.0, 9.0, 10.0, 5.0)
"""A candle between levels 9 and 11, with a range of 2 and a volume of 5."""

RULES: dict[str, ParameterValue] = {
    "key_level_lookback": 5,
    "sweep_atr": 0.1,
    "min_wick": 0.5,
    "stop_atr": 0.5,
    "reward_risk": 2.0,
    "volume_ratio": 0.0,
    "atr_period": 5,
}


def order(*last: tuple[float, ...], **rules: ParameterValue) -> tuple[int, float, float]:
    """The order at the last of eight quiet candles and the given ones."""
    rows = np.array([QUIET] * 8 + list(last))
    stamps = np.arange(len(rows)) * np.timedelta64(3_600_000, "ms") + np.datetime64("2024-01-01", "ms")
    candles = Candles(stamps, *rows.T)
    signals = LiquiditySweep(**{**RULES, **rules}).generate_signals(candles, StageReporter(len(rows)))
    assert signals.exit is None
    assert signals.stop_loss is not None
    assert signals.take_profit is not None
    assert not signals.entry[:-1].any()
    return int(signals.entry[-1]), float(signals.stop_loss[-1]), float(signals.take_profit[-1])


def test_a_dip_below_the_low_that_closes_above_it_is_bought() -> None:
    # True range 2.5 at the last candle, 2 before: ATR 2.1. Stop 8 - 1.05, target 10 + 2 x 3.05.
    side, stop, target = order((10.0, 10.5, 8.0, 10.0, 5.0))
    assert side == 1
    assert stop == pytest.approx(6.95)
    assert target == pytest.approx(16.1)


def test_a_spike_above_the_high_that_closes_below_it_is_sold() -> None:
    side, stop, target = order((10.0, 12.0, 9.5, 10.0, 5.0))
    assert side == -1
    assert stop == pytest.approx(13.05)
    assert target == pytest.approx(3.9)


@pytest.mark.parametrize(
    ("candle", "why"),
    [
        ((10.0, 10.5, 9.0, 10.0, 5.0), "it touches the level and does not pierce it"),
        ((10.0, 10.5, 8.9, 10.0, 5.0), "it pierces by 0.1, less than a tenth of the ATR"),
        ((9.5, 9.6, 8.0, 9.0, 5.0), "it closes on the level, not above it"),
        ((8.8, 10.5, 8.0, 10.4, 5.0), "the wick of 0.8 is less than half of the range"),
        ((10.0, 12.0, 8.0, 10.0, 5.0), "it sweeps both levels"),
    ],
)
def test_is_no_sweep(candle: tuple[float, ...], why: str) -> None:
    assert order(candle) == (0, 0.0, 0.0), why


def test_at_the_edge_of_each_rule_it_is_one() -> None:
    assert (
        order((10.0, 10.5, 8.5, 10.0, 5.0), sweep_atr=0.25, atr_period=2)[0] == 1
    )  # pierces by 0.5 = 0.25 x 2
    assert order((9.25, 10.5, 8.0, 10.4, 5.0))[0] == 1  # a wick of 1.25 in a range of 2.5


def test_a_candle_that_pierces_both_and_sweeps_one_counts() -> None:
    assert order((10.5, 11.5, 8.0, 10.5, 5.0))[0] == 1


def test_volume_must_exceed_the_multiple_of_its_mean() -> None:
    dip = (10.0, 10.5, 8.0, 10.0)
    assert order((*dip, 10.0), volume_ratio=2.0)[0] == 0
    assert order((*dip, 10.1), volume_ratio=2.0)[0] == 1


def test_levels_that_no_price_reaches_are_none() -> None:
    assert order((10.0, 10.5, 8.0, 10.0, 5.0), stop_atr=5.0)[1] == 0.0
    side, stop, target = order((10.0, 12.0, 9.5, 10.0, 5.0), reward_risk=10.0)
    assert (side, target) == (-1, 0.0)
    assert stop > 0


def test_the_first_candles_have_no_levels() -> None:
    candles = random_candles(60)
    signals = LiquiditySweep(**{**RULES, "key_level_lookback": 30}).generate_signals(
        candles, StageReporter(60)
    )
    assert not signals.entry[:30].any()


def test_agrees_with_the_rules_over_many_blocks() -> None:
    candles = random_candles(9_000, seed=5)
    for params in (LiquiditySweep(sweep_atr=0.0, min_wick=0.2).params, {**RULES, "volume_ratio": 1.5}):
        signals = LiquiditySweep(**params).generate_signals(candles, StageReporter(9_000))
        assert signals.stop_loss is not None
        assert signals.take_profit is not None
        columns = (signals.entry.tolist(), signals.stop_loss.tolist(), signals.take_profit.tolist())
        assert list(zip(*columns, strict=True)) == liquidity_sweeps(candles, **params)  # type: ignore[arg-type]
        assert np.count_nonzero(signals.entry) > 50
