"""Longer candles against a slow and obvious reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trad.errors import InputError
from trad.market.candles import Candles
from trad.market.resample import resample, resampled_name
from trad.market.samples import read_sample

MINUTE = 60_000
Row = tuple[float, float, float, float, float, float]
START = 1_704_067_200_000  # Monday, 2024-01-01


def minutes(places: list[int], start: int = START, step: int = MINUTE) -> Candles:
    """Candles at some of the places of a grid, with uneven prices."""
    place = np.array(places)
    close = 100 + (place * 7919 % 31) / 8
    open_ = 100 + (place * 104_729 % 29) / 8
    return Candles(
        (start + place * step).astype("datetime64[ms]"),
        open_,
        np.maximum(open_, close) + (place % 5) / 16,
        np.minimum(open_, close) - (place % 3) / 16,
        close,
        place % 11 * 0.1,
        name="BTC/USDT",
    )


def reference(candles: Candles, length: int, step: int) -> tuple[list[Row], int]:
    groups: dict[int, list[int]] = {}
    for row, time in enumerate(candles.timestamp.view(np.int64).tolist()):
        groups.setdefault(time - time % length, []).append(row)
    made: list[Row] = []
    left_out = 0
    for time, rows in groups.items():
        if len(rows) != length // step:
            left_out += 1
            continue
        volume = 0.0
        for row in rows:
            volume += float(candles.volume[row])
        high = max(float(candles.high[row]) for row in rows)
        low = min(float(candles.low[row]) for row in rows)
        made.append((time, float(candles.open[rows[0]]), high, low, float(candles.close[rows[-1]]), volume))
    return made, left_out


@given(
    missing=st.sets(st.integers(0, 199), max_size=12),
    offset=st.integers(0, 59),
    minutes_long=st.sampled_from([2, 3, 5, 15, 30]),
)
def test_as_the_reference_has_it(missing: set[int], offset: int, minutes_long: int) -> None:
    candles = minutes([place for place in range(200) if place not in missing], START + offset * MINUTE)
    expected, left_out = reference(candles, minutes_long * MINUTE, MINUTE)
    if not expected:
        with pytest.raises(InputError, match="without a missing part"):
            resample(candles, f"{minutes_long}m")
        return
    made = resample(candles, f"{minutes_long}m")
    times = made.candles.timestamp.view(np.int64).tolist()
    columns = (column.tolist() for column in made.candles.columns.values())
    rows = list(zip(times, *columns, strict=True))
    assert (rows, made.left_out) == (expected, left_out)


def test_weeks_begin_on_monday() -> None:
    days = minutes(list(range(40)), START + 3 * 86_400_000, step=86_400_000)  # from a Thursday on
    weeks = resample(days, "1w")
    assert [str(time)[:10] for time in weeks.candles.timestamp[:2]] == ["2024-01-08", "2024-01-15"]
    assert (len(weeks.candles), weeks.left_out) == (5, 2)
    assert len(resample(weeks.candles, "2w").candles) == 2


def test_made_up_stays_made_up() -> None:
    candles = read_sample("sample:minute?candles=5000")
    assert resample(candles, "5m").candles.synthetic


def test_the_symbol_is_kept_or_given() -> None:
    candles = minutes(list(range(10)))
    assert resample(candles, "5m").candles.name == "BTC/USDT"
    assert resample(candles, "5m", symbol="X").candles.name == "X"


@pytest.mark.parametrize(
    ("interval", "message"),
    [
        ("90s", "90s is no multiple of 1m"),
        ("1m", "1m is no multiple of 1m, .* such as 2m"),
        ("7m", "7m does not divide a day"),
        ("1M", "an interval was '1M'"),
        ("0m", "an interval was '0m'"),
        ("", "an interval was ''"),
        ("4h", "has no 4h without a missing part .each needs 240 candles"),
    ],
)
def test_what_cannot_be(interval: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        resample(minutes(list(range(30))), interval)


def test_candles_off_the_grid_are_told() -> None:
    with pytest.raises(InputError, match="30 candles that do not open at a multiple of 1m, the first"):
        resample(minutes(list(range(30)), START + 30_000), "5m")


def test_one_candle_is_too_few() -> None:
    with pytest.raises(InputError, match="has one candle"):
        resample(minutes([0]), "5m")


def test_names() -> None:
    candles = minutes(list(range(10)))
    candles.name = "btcusdt-1m"
    assert resampled_name(candles, "1h") == "btcusdt-1h"
    candles.name = "spy"
    assert resampled_name(candles, "1h") == "spy-1h"
