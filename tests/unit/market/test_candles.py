import numpy as np
import pandas as pd
import pytest

from trad.errors import CandlesError
from trad.market.candles import Candles
from trad.market.columns import COLUMNS

TIMES = np.datetime64("2024-01-01", "ms") + np.arange(4) * np.timedelta64(3_600_000, "ms")


def make(**changed: object) -> Candles:
    given: dict[str, object] = {
        "timestamp": TIMES,
        "open": [10.0, 11.0, 12.0, 13.0],
        "high": [12.0, 13.0, 14.0, 15.0],
        "low": [9.0, 10.0, 11.0, 12.0],
        "close": [11.0, 12.0, 13.0, 14.0],
        "volume": [1.0, 0.0, 3.0, 4.0],
    }
    return Candles(**(given | changed))  # type: ignore[arg-type]


def test_columns_are_float64_and_times_are_milliseconds() -> None:
    candles = make(timestamp=TIMES.astype("datetime64[s]"), volume=[1, 0, 3, 4])
    assert candles.timestamp.dtype == "datetime64[ms]"
    assert {column.dtype for column in candles.columns.values()} == {np.dtype(np.float64)}
    assert list(candles.columns) == list(COLUMNS)
    assert len(candles) == 4


def test_columns_cannot_be_written_to() -> None:
    candles = make()
    for column in (candles.timestamp, *candles.columns.values()):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[1]


def test_what_happens_to_the_given_arrays_later_does_not_reach_the_candles() -> None:
    close = np.array([11.0, 12.0, 13.0, 14.0])
    shown = close.view()
    shown.flags.writeable = False  # read-only for us, but its owner can still write
    candles = make(close=shown)
    close[0] = 99.0
    assert candles.close[0] == 11.0
    assert close.flags.writeable


def test_arrays_in_the_right_form_are_taken_uncopied_where_that_is_asked_for() -> None:
    stamps = np.array(["2024-01-01", "2024-01-02"], "datetime64[ms]")
    prices = np.array([[10.0, 10.0], [12.0, 12.0], [9.0, 9.0], [11.0, 11.0], [1.0, 1.0]])
    candles = Candles(stamps, *prices, copy=False)
    assert np.shares_memory(candles.timestamp, stamps)
    assert all(np.shares_memory(column, prices) for column in candles.columns.values())
    assert not candles.close.flags.writeable
    assert prices.flags.writeable
    assert stamps.flags.writeable


def test_arrays_in_another_form_are_converted_whatever_is_asked_for() -> None:
    whole = np.array([10, 10])
    candles = Candles(["2024-01-01", "2024-01-02"], whole, whole, whole, whole, whole, copy=False)
    assert candles.close.dtype == np.float64
    whole[0] = 99
    assert candles.close[0] == 10.0


def test_strided_columns_become_contiguous() -> None:
    table = np.array([[10.0, 12, 9, 11, 1]] * 4)
    candles = make(**{name: table[:, place] for place, name in enumerate(COLUMNS)})
    assert all(column.flags.c_contiguous for column in candles.columns.values())


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(
        CandlesError, match=r"volume has the shape \(3,\) and timestamp \(4,\); every column is"
    ):
        make(volume=[1.0, 2.0, 3.0])


def test_text_instead_of_numbers_is_refused() -> None:
    with pytest.raises(CandlesError, match=r"close cannot be read: .*'dear'.*; it holds plain numbers"):
        make(close=["11", "12", "dear", "14"])


def test_text_instead_of_times_is_refused() -> None:
    with pytest.raises(
        CandlesError, match=r"timestamp cannot be read: .*; it holds times, such as 2024-01-31"
    ):
        make(timestamp=["yesterday", "today", "now", "then"])


def test_bad_candles_are_refused_by_name() -> None:
    with pytest.raises(
        CandlesError, match=r"^mine cannot be traded on: 1 of 4 candles breaks a rule; correct"
    ):
        make(high=[12.0, 1.0, 14.0, 15.0], name="mine")


def test_no_candles_are_refused() -> None:
    with pytest.raises(CandlesError, match="candles holds no candles at all; at least one is needed"):
        Candles([], [], [], [], [], [])


def test_a_span_shares_memory_and_keeps_name_and_mark() -> None:
    candles = make(name="mine", synthetic=True)
    part = candles[1:3]
    assert (len(part), part.name, part.synthetic) == (2, "mine", True)
    assert np.shares_memory(part.close, candles.close)
    assert part.content_hash != candles.content_hash
    assert len(candles[:0]) == 0
    assert repr(candles[:0]) == "Candles('mine', empty, synthetic)"


@pytest.mark.parametrize("span", [1, slice(None, None, 2), slice(None, None, -1)])
def test_only_contiguous_spans_are_cut(span: object) -> None:
    with pytest.raises(CandlesError, match=r"not a contiguous span; write candles\[start:stop\]"):
        make()[span]  # type: ignore[index]


def test_repr_tells_what_it_is() -> None:
    assert repr(make()) == "Candles('candles', 4 x 1h, 2024-01-01T00:00 to 2024-01-01T03:00 UTC)"


def test_the_hash_is_of_the_data_alone() -> None:
    assert make(name="a").content_hash == make(name="b", synthetic=True).content_hash
    assert make().content_hash != make(volume=[1.0, 0.0, 3.0, 4.5]).content_hash
    assert make().content_hash == "af3de40859503221aaf699a996219bc1f25ddec25dd5104159ee5b3a2ddad9c2"


def test_the_frame_is_a_copy() -> None:
    candles = make()
    frame = candles.frame
    assert list(frame.columns) == ["timestamp", *COLUMNS]
    assert str(frame["timestamp"].dt.tz) == "UTC"
    frame.loc[0, "close"] = 99.0
    assert candles.close[0] == 11.0


def test_a_frame_and_back_is_the_same() -> None:
    candles = make()
    assert Candles.from_frame(candles.frame).content_hash == candles.content_hash


def test_from_frame_copies() -> None:
    frame = make().frame
    close = frame["close"].to_numpy()
    candles = Candles.from_frame(frame, name="mine")
    assert candles.name == "mine"
    assert not np.shares_memory(close, candles.close)


def test_a_single_candle_has_no_timeframe() -> None:
    candles = make()[:1]
    assert candles.timeframe is None
    assert candles.bars_per_year is None


def test_bars_per_year_counts_what_is_there() -> None:
    days = pd.bdate_range("2020-01-01", "2023-12-29")
    n = len(days)
    candles = Candles(days, np.ones(n), np.ones(n), np.ones(n), np.ones(n), np.zeros(n))
    assert str(candles.timeframe) == "1d"
    assert candles.bars_per_year == pytest.approx(261, abs=1)
