from time import process_time

import numpy as np
import pytest

from trad.market.candles import Candles
from trad.market.checks import check_candles
from trad.market.synthetic import BLOCK, minute_market

MINUTE = np.timedelta64(60_000, "ms")


@pytest.fixture(scope="module")
def market() -> Candles:
    timestamp, columns = minute_market(300_000, seed=1)
    return Candles.trusted(timestamp, columns, name="minute")


def returns(candles: Candles) -> np.ndarray:
    return np.diff(candles.close) / candles.close[:-1]


def test_the_same_on_every_machine() -> None:
    timestamp, columns = minute_market(BLOCK + 100, seed=1)
    assert (
        Candles.trusted(timestamp, columns, name="minute").content_hash
        == "3af18d661921d579b78dd076ff1da89572515cc0b160b9e372ca0626b8417747"
    )


def test_another_seed_is_another_market() -> None:
    assert not np.array_equal(minute_market(100, 1).columns["close"], minute_market(100, 2).columns["close"])


@pytest.mark.parametrize("candles", [2, 1_000, BLOCK, BLOCK + 1, 2 * BLOCK])
def test_a_longer_market_begins_with_a_shorter_one(market: Candles, candles: int) -> None:
    timestamp, columns = minute_market(candles, seed=1)
    assert len(timestamp) == candles
    assert np.array_equal(timestamp, market.timestamp[:candles])
    for name, column in columns.items():
        assert np.array_equal(column, market.columns[name][:candles])
        assert column.flags.c_contiguous


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 2**63 - 1])
def test_every_candle_is_good_and_within_bounds(seed: int) -> None:
    timestamp, columns = minute_market(200_000, seed)
    report = check_candles(timestamp, columns)
    assert report.good
    assert str(report.timeframe) == "1m"
    assert columns["low"].min() > 350
    assert columns["high"].max() < 3_000
    assert columns["volume"].min() > 0


def test_prices_stand_on_whole_cents(market: Candles) -> None:
    for name in ("open", "high", "low", "close"):
        cents = market.columns[name] * 100
        assert np.abs(cents - np.rint(cents)).max() < 1e-6


def test_weekends_are_closed_and_minutes_are_missing(market: Candles) -> None:
    days = (market.timestamp.astype("datetime64[D]").astype(np.int64) + 3) % 7  # Monday is 0
    minute_of_day = (market.timestamp - market.timestamp.astype("datetime64[D]")) // MINUTE
    assert not (days == 5).any()
    assert minute_of_day[days == 6].min() >= 22 * 60
    assert minute_of_day[days == 4].max() < 22 * 60
    steps = np.diff(market.timestamp) // MINUTE
    assert 0.01 < (steps > 1).mean() < 0.03
    assert ((steps > 30) & (steps < 1_000)).any()
    assert (steps > 2_000).sum() == pytest.approx(300_000 / 7_200, rel=0.1)


def test_the_price_jumps_where_the_market_reopens(market: Candles) -> None:
    jump = np.abs(market.open[1:] / market.close[:-1] - 1)
    reopened = np.diff(market.timestamp) > 2_000 * MINUTE
    assert np.median(jump[reopened]) > 10 * np.median(jump)


def test_large_moves_are_commoner_than_in_a_bell_curve(market: Candles) -> None:
    moves = returns(market)
    assert ((moves - moves.mean()) ** 4).mean() / moves.var() ** 2 > 6
    assert 0.0005 < moves.std() < 0.003


def test_volatility_comes_in_clusters(market: Candles) -> None:
    size = np.abs(returns(market))
    for lag in (1, 10, 60):
        assert np.corrcoef(size[lag:], size[:-lag])[0, 1] > 0.08
    assert abs(np.corrcoef(returns(market)[1:], returns(market)[:-1])[0, 1]) < 0.05


def test_volume_goes_with_volatility(market: Candles) -> None:
    assert np.corrcoef(np.abs(returns(market)), market.volume[1:])[0, 1] > 0.3


def test_candles_have_wicks(market: Candles) -> None:
    body = np.abs(market.close - market.open)
    assert np.median((market.high - market.low) / np.maximum(body, 0.01)) > 1.2


def test_a_million_candles_take_less_than_seconds() -> None:
    began = process_time()
    minute_market(1_000_000, seed=1)
    assert process_time() - began < 3
