from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trad.strategies.rolling_nb import (
    BLOCK,
    extremes_before_nb,
    mean_before_nb,
    running_sums_nb,
    window_maxima_nb,
)

numbers = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=70)


@given(values=numbers, width=st.integers(1, 70), sign=st.sampled_from((1.0, -1.0)))
@settings(deadline=None)
def test_window_maxima(values: list[float], width: int, sign: float) -> None:
    width = min(width, len(values))
    array = np.array(values)
    found = window_maxima_nb(array, sign, width, np.empty(len(values)), np.empty(len(values)))
    windows = [values[j : j + width] for j in range(len(values) - width + 1)]
    assert found.tolist() == [max(sign * value for value in window) for window in windows]


@given(values=numbers, base=st.integers(-50, 50))
@settings(deadline=None)
def test_running_sums(values: list[float], base: int) -> None:
    sums = np.empty(len(values) + 1)
    running_sums_nb(np.array(values), base, sums)
    assert sums.tolist() == [sum(values[:j]) - j * base for j in range(len(values) + 1)]


def test_running_sums_do_not_depend_on_where_the_series_ends() -> None:
    values = np.random.default_rng(1).normal(100, 1, 23)
    whole = np.empty(24)
    running_sums_nb(values, values[0], whole)
    for end in range(23):
        part = np.empty(end + 1)
        running_sums_nb(values[:end], values[0], part)
        assert part.tobytes() == whole[: end + 1].tobytes()


@pytest.mark.parametrize("lookback", [1, 2, 3, 50, BLOCK - 1, BLOCK, 2 * BLOCK + 5, 9_999])
def test_what_stands_before_each_value_over_several_blocks(lookback: int) -> None:
    values = np.random.default_rng(2).lognormal(5, 1, 3 * BLOCK)
    low, high, mean = (np.empty(len(values)) for _ in range(3))
    extremes_before_nb(values, 1.0, lookback, high)
    extremes_before_nb(values, -1.0, lookback, low)
    mean_before_nb(values, lookback, mean)
    assert np.isnan(high[:lookback]).all()
    assert np.isnan(low[:lookback]).all()
    assert np.isnan(mean[:lookback]).all()
    for i in range(lookback, len(values), 37):
        window = values[i - lookback : i]
        assert high[i] == window.max()
        assert low[i] == window.min()
        assert mean[i] == pytest.approx(fsum(window) / lookback, rel=1e-9)
