import pytest

from trad.errors import InputError
from trad.market.checks import check_candles
from trad.market.samples import read_sample, sample_names


def test_their_names() -> None:
    assert sample_names() == ("aapl-1d", "minute")


def test_the_daily_series_is_real_and_good() -> None:
    candles = read_sample("sample:aapl-1d")
    assert repr(candles) == "Candles('aapl-1d', 3,270 x 1d, 2000-03-01T00:00 to 2013-03-01T00:00 UTC)"
    assert not candles.synthetic
    assert check_candles(candles.timestamp, candles.columns).good
    assert candles.bars_per_year == pytest.approx(252, abs=1)


def test_the_daily_series_has_no_jump_at_a_split() -> None:
    close = read_sample("sample:aapl-1d").close
    worst = (close[1:] / close[:-1]).min()
    assert worst > 0.48  # 2000-09-29 lost 52 % in truth; a split would halve the price twice more
    assert sorted(close[1:] / close[:-1])[1] > 0.75


def test_the_minute_market_says_that_it_is_synthetic() -> None:
    candles = read_sample("sample:minute")
    assert len(candles) == 100_000
    assert candles.synthetic
    assert candles.name == "minute (synthetic, 100,000 candles)"
    assert read_sample("sample:minute?candles=5&seed=2").name == "minute (synthetic, 5 candles, seed 2)"


def test_its_settings() -> None:
    assert len(read_sample("sample:minute?candles=2")) == 2
    assert len(read_sample("sample:minute?seed=7&candles=20")) == 20


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("sample:", "there is no sample ''; there are aapl-1d, minute"),
        ("sample:daily", "there is no sample 'daily'; there are aapl-1d, minute"),
        ("sample:../aapl-1d", "there is no sample '../aapl-1d'; there are aapl-1d, minute"),
        ("sample:minute?candles=1", "has candles=1; candles runs from 2 to 20,000,000"),
        ("sample:minute?candles=20000001", "has candles=20000001; candles runs from 2 to 20,000,000"),
        ("sample:minute?candles=-5", "has candles=-5; candles runs from 2 to 20,000,000"),
        ("sample:minute?candles=many", "has candles=many; candles is a whole number"),
        ("sample:minute?candles=1e6", "has candles=1e6; candles is a whole number"),
        ("sample:minute?candles=", "has candles=; candles is a whole number"),
        ("sample:minute?candles", "cannot be read; write it like sample:minute?candles=100000&seed=1"),
        ("sample:minute?seed=-1", "has seed=-1; seed runs from 0 to 9,223,372,036,854,775,807"),
        ("sample:minute?length=5", "has the setting 'length'; it takes candles and seed, each once"),
        ("sample:minute?seed=1&seed=2", "has the setting 'seed'; it takes candles and seed, each once"),
        ("sample:aapl-1d?candles=5", "has the setting 'candles'; it takes no settings"),
    ],
)
def test_what_is_no_sample_is_refused(reference: str, message: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_sample(reference)
    assert str(refusal.value).endswith(message)
