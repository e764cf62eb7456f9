"""Long series made short: what a chart shows of them stays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trad.market.samples import read_sample
from trad.service.thinning import candle_bars, equity_points, thinned_places

SERIES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400)


class TestPlaces:
    @given(values=SERIES, points=st.integers(4, 100))
    def test_the_ends_and_the_extremes_stay(self, values: list[float], points: int) -> None:
        series = np.array(values)
        places = thinned_places(series, points)
        assert len(places) <= max(points, 0)
        assert (np.diff(places) > 0).all()
        assert (places[0], places[-1]) == (0, len(series) - 1)
        assert series[places].min() == series.min()
        assert series[places].max() == series.max()

    def test_the_extremes_of_every_stretch_stay(self) -> None:
        series = np.sin(np.arange(100_000) / 50.0)
        series[[31_000, 77_777]] = [5.0, -5.0]
        places = thinned_places(series, 400)
        assert {31_000, 77_777} <= set(places.tolist())
        for start in range(0, 100_000, 1_000):
            stretch = places[(places >= start) & (places < start + 1_000)]
            assert series[stretch].max() == series[start : start + 1_000].max()
            assert series[stretch].min() == series[start : start + 1_000].min()

    def test_a_short_series_stays_whole(self) -> None:
        assert thinned_places(np.arange(10.0), 10).tolist() == list(range(10))


def test_an_equity_curve_keeps_its_times() -> None:
    candles = read_sample("sample:minute?candles=5000")
    equity = np.linspace(10_000.0, 12_000.0, 5_000)
    thin = equity_points(candles, equity, 50)
    assert len(thin.index) <= 50
    assert thin.equity == [equity[place] for place in thin.index]
    stamps = candles.timestamp.astype("datetime64[ms]").astype(np.int64)
    assert thin.timestamp == [int(stamps[place]) for place in thin.index]


@pytest.mark.parametrize("points", [10, 333, 5_000, 20_000])
def test_no_high_and_no_low_is_lost(points: int) -> None:
    candles = read_sample("sample:minute?candles=5000")
    bars = candle_bars(candles, points)
    assert len(bars.open) == min(points, 5_000)
    assert (bars.open[0], bars.close[-1]) == (candles.open[0], candles.close[-1])
    ends = [*bars.index[1:], len(candles)]
    for place, (start, stop) in enumerate(zip(bars.index, ends, strict=True)):
        assert bars.high[place] == candles.high[start:stop].max()
        assert bars.low[place] == candles.low[start:stop].min()
        assert bars.close[place] == candles.close[stop - 1]
    assert sum(bars.volume) == pytest.approx(candles.volume.sum())
