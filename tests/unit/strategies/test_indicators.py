import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from tests.unit.strategies.markets import random_candles
from tests.unit.strategies.references import rsi_of

from trad.errors import InputError
from trad.strategies.indicators import (
    Floats,
    atr,
    bollinger,
    crossed_above,
    crossed_below,
    ema,
    highest,
    lowest,
    mean_before,
    rsi,
    sma,
)

CLOSES = random_candles(400).close

SINGLE: dict[str, Callable[[Floats], Floats]] = {
    "sma": lambda values: sma(values, 5),
    "ema": lambda values: ema(values, 5),
    "rsi": lambda values: rsi(values, 5),
    "highest": lambda values: highest(values, 5),
    "lowest": lambda values: lowest(values, 5),
    "mean_before": lambda values: mean_before(values, 5),
    "upper": lambda values: bollinger(values, 5).upper,
    "middle": lambda values: bollinger(values, 5).middle,
    "lower": lambda values: bollinger(values, 5).lower,
    "atr": lambda values: atr(values, values, values, 5),
}


def test_means() -> None:
    assert sma([1, 2, 3, 6], 3).tolist()[2:] == [2.0, pytest.approx(11 / 3)]
    assert ema([1, 2, 3, 6, 6], 3).tolist()[2:] == [2.0, 4.0, 5.0]
    assert mean_before([1, 2, 3, 6], 3).tolist()[3:] == [2.0]


def test_rsi_is_wilders() -> None:
    expected = [math.nan if value is None else value for value in rsi_of(CLOSES.tolist(), 14)]
    np.testing.assert_allclose(rsi(CLOSES, 14), expected, rtol=1e-9)


def test_atr_is_wilders() -> None:
    high, low, close = [10.0, 12.0, 11.0, 15.0], [9.0, 10.0, 10.5, 11.0], [9.5, 11.0, 10.5, 14.0]
    ranges = [2.5, 0.5, 4.5]
    assert atr(high, low, close, 2).tolist()[2:] == [1.5, (1.5 + ranges[2]) / 2]


def test_bollinger_bands_lie_population_deviations_about_the_mean() -> None:
    upper, middle, lower = bollinger(CLOSES, 20, 1.5)
    window = CLOSES[100:120]
    assert middle[119] == pytest.approx(window.mean())
    assert upper[119] - middle[119] == pytest.approx(1.5 * window.std())
    assert middle[119] - lower[119] == pytest.approx(1.5 * window.std())


def test_levels_are_those_before_each_candle() -> None:
    assert highest([3, 1, 2, 9], 2).tolist()[2:] == [3.0, 2.0]
    assert lowest([3, 1, 2, 9], 2).tolist()[2:] == [1.0, 1.0]


def test_crosses_count_once_the_level_is_reached() -> None:
    values = [1.0, 2.0, 3.0, 2.0, 1.0, math.nan, 3.0]
    assert np.flatnonzero(crossed_above(values, 2)).tolist() == [1]
    assert np.flatnonzero(crossed_below(values, 2)).tolist() == [3]
    assert np.flatnonzero(crossed_above(values, [2.0, 3.0, 2.5, 2, 2, 2, 2])).tolist() == [2]
    assert crossed_above([], 1).tolist() == []


@pytest.mark.parametrize("name", SINGLE)
class TestEveryIndicator:
    def test_keeps_the_shape(self, name: str) -> None:
        for n in (0, 1, 4, 5, 6):
            assert SINGLE[name](np.linspace(1, 9, n)).shape == (n,)
        assert np.isnan(SINGLE[name](np.linspace(1, 9, 4))).all()

    def test_knows_nothing_of_what_comes_after(self, name: str) -> None:
        whole = SINGLE[name](CLOSES)
        np.testing.assert_array_equal(SINGLE[name](CLOSES[:250].copy()), whole[:250])

    def test_lets_nan_lead(self, name: str) -> None:
        led = np.concatenate([[math.nan] * 7, CLOSES])
        np.testing.assert_array_equal(SINGLE[name](led)[7:], SINGLE[name](CLOSES))
        assert np.isnan(SINGLE[name](led)[:7]).all()
        assert np.isnan(SINGLE[name](np.full(9, math.nan))).all()

    @pytest.mark.parametrize("value", [math.nan, math.inf])
    def test_refuses_nan_after_the_first_value(self, name: str, value: float) -> None:
        values = CLOSES.copy()
        values[17] = value
        with pytest.raises(
            InputError, match=f"an indicator was given {value} at index 17; values are finite"
        ):
            SINGLE[name](values)

    def test_refuses_a_table(self, name: str) -> None:
        with pytest.raises(InputError, match=r"the shape \(5, 2\); it takes one value per candle"):
            SINGLE[name](np.ones((5, 2)))


@pytest.mark.parametrize("period", [0, -1, 2.5, True, "5"])
def test_refuses_a_window_that_is_none(period: int) -> None:
    for indicator in (sma, ema, rsi, highest, lowest, mean_before):
        with pytest.raises(
            InputError, match=r"an indicator's window was .*; it is a whole number of [12] or more"
        ):
            indicator(CLOSES, period)


def test_refuses_columns_of_different_lengths() -> None:
    with pytest.raises(InputError, match="high, low and close have 3, 3, 2 values"):
        atr([1, 1, 1], [1, 1, 1], [1, 1], 2)


def test_loads_no_heavy_library_before_it_is_used() -> None:
    heavy = "{'talib', 'pandas', 'numba'}"
    code = f"import sys, trad.strategies.indicators; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
