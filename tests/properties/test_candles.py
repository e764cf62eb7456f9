from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from trad.errors import CandlesError
from trad.market.cache import open_cached, store
from trad.market.candles import Candles
from trad.market.checks import are_good, check_candles, refuse_bad_candles
from trad.market.checks_nb import are_good_nb
from trad.market.columns import COLUMNS
from trad.market.files import read_candles
from trad.market.timeframe import Timeframe

PRICE = st.floats(1e-8, 1e8, allow_nan=False)
ANY_FLOAT = st.sampled_from([1.0, 2.0, 3.0, 2.5, 0.0, -1.0, np.nan, np.inf, -np.inf])


@st.composite
def good_candles(draw: st.DrawFn) -> Candles:
    n = draw(st.integers(1, 40))
    prices = np.sort(draw(arrays(np.float64, (n, 4), elements=PRICE)), axis=1)
    low, open_, close, high = prices.T
    if draw(st.booleans()):
        open_, close = close, open_
    steps = draw(arrays(np.int64, n, elements=st.integers(1, 10**9)))
    times = np.cumsum(steps).view("datetime64[ms]")
    volume = draw(arrays(np.float64, n, elements=st.floats(0, 1e12)))
    name = draw(st.text(min_size=1, max_size=20))
    return Candles(times, open_, high, low, close, volume, name=name, synthetic=draw(st.booleans()))


@st.composite
def raw_columns(draw: st.DrawFn) -> tuple[NDArray[np.datetime64], dict[str, NDArray[np.float64]]]:
    n = draw(st.integers(0, 8))
    minutes = draw(st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=n, max_size=n))
    if draw(st.booleans()):
        minutes = list(range(n))
    times = np.array(
        [np.datetime64("NaT") if m is None else np.datetime64(m, "m") for m in minutes], "datetime64[ms]"
    )
    return times, {name: draw(arrays(np.float64, n, elements=ANY_FLOAT)) for name in COLUMNS}


def rules_by_hand(
    times: NDArray[np.datetime64], columns: dict[str, NDArray[np.float64]]
) -> dict[str, list[int]]:
    """Say which rows break which rule, one row after another."""
    broken: dict[str, list[int]] = {}
    seen: set[int] = set()
    latest = None
    for row, moment in enumerate(times):
        o, h, low, c, v = (float(columns[name][row]) for name in COLUMNS)
        rules = []
        rules += ["not_finite"] * (not np.isfinite([o, h, low, c, v]).all())
        rules += ["high_below_low"] * (h < low)
        rules += ["outside"] * (o > h or o < low or c > h or c < low)
        rules += ["not_positive"] * any(price <= 0 for price in (o, h, low, c))
        rules += ["negative_volume"] * (v < 0)
        if np.isnat(moment):
            rules.append("no_time")
        else:
            when = int(moment.astype(np.int64))
            rules += ["duplicate"] * (when in seen)
            rules += ["unsorted"] * (latest is not None and when < latest)
            seen.add(when)
            latest = when
        for rule in rules:
            broken.setdefault(rule, []).append(row)
    return broken


@given(raw_columns())
def test_the_checks_find_what_is_found_by_hand(
    raw: tuple[NDArray[np.datetime64], dict[str, NDArray[np.float64]]],
) -> None:
    times, columns = raw
    expected = rules_by_hand(times, columns)
    report = check_candles(times, columns)
    assert {broken.rule: broken.count for broken in report.broken} == {
        r: len(rows) for r, rows in expected.items()
    }
    assert {b.rule: [row.index for row in b.rows] for b in report.broken} == {
        r: x[:3] for r, x in expected.items()
    }
    assert report.bad_rows == len(set().union(*expected.values()))
    assert report.good == (len(times) > 0 and not expected)
    if len(times) and not np.isnat(times[0]):
        values = [columns[name] for name in COLUMNS]
        for check in (are_good, are_good_nb):
            assert check(times.view(np.int64), *values) == report.good
    if report.good:
        refuse_bad_candles(times, columns)
    else:
        with pytest.raises(CandlesError):
            refuse_bad_candles(times, columns)


@settings(max_examples=40)
@given(good_candles())
def test_the_cache_gives_back_what_it_was_given(candles: Candles) -> None:
    with TemporaryDirectory() as folder:
        store(candles, Path(folder))
        opened = open_cached(Path(folder), candles.content_hash)
        assert (opened.name, opened.synthetic) == (candles.name, candles.synthetic)
        assert np.array_equal(opened.timestamp, candles.timestamp)
        assert all(np.array_equal(opened.columns[name], candles.columns[name]) for name in COLUMNS)
        assert opened[:].content_hash == candles.content_hash


@settings(max_examples=25)
@given(good_candles(), st.sampled_from(["parquet", "csv"]))
def test_files_give_back_what_they_were_given(candles: Candles, kind: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"candles.{kind}"
        if kind == "csv":
            columns = [
                np.datetime_as_string(candles.timestamp),
                *(map(repr, c.tolist()) for c in candles.columns.values()),
            ]
            lines = [",".join(fields) for fields in zip(*columns, strict=True)]
            path.write_text("\n".join([",".join(["timestamp", *COLUMNS]), *lines]))
        else:
            pq.write_table(pa.table({"timestamp": candles.timestamp, **candles.columns}), path)
        assert read_candles(path).content_hash == candles.content_hash


@given(good_candles())
def test_a_frame_and_back_is_the_same(candles: Candles) -> None:
    assert Candles.from_frame(candles.frame).content_hash == candles.content_hash


@given(good_candles(), st.integers(0, 50), st.integers(0, 50))
def test_a_span_is_the_span_of_its_columns(candles: Candles, start: int, stop: int) -> None:
    part = candles[start:stop]
    assert np.array_equal(part.timestamp, candles.timestamp[start:stop])
    assert np.array_equal(part.close, candles.close[start:stop])


@given(st.lists(st.integers(1, 6), min_size=1, max_size=3_000))
def test_the_timeframe_is_the_commonest_step_and_the_smallest_of_these(steps: list[int]) -> None:
    times = np.concatenate(([0], np.cumsum(steps))).astype(np.int64).view("datetime64[ms]")
    commonest = min(set(steps), key=lambda step: (-steps.count(step), step))
    timeframe = Timeframe.infer(times)
    assert timeframe is not None
    assert timeframe.milliseconds == commonest
