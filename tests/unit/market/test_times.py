from datetime import time

import numpy as np
import pyarrow as pa
import pytest

from trad.errors import CandlesError
from trad.market.times import milliseconds, with_time_of_day

JANUARY = np.datetime64("2024-01-31T12:30", "ms")


def read(values: pa.Array) -> list[str]:
    times = milliseconds(values, label="time", place=lambda row: f"row {row}")
    assert times.dtype == "datetime64[ms]"
    return [str(moment) for moment in times]


def refused(values: list[object]) -> str:
    with pytest.raises(CandlesError) as refusal:
        read(pa.array(values))
    return str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31 12:30",
        "2024-01-31T12:30:00",
        "2024-01-31 12:30:00.000000",
        "2024-01-31 12:30:00.000000000",
        "2024-01-31T12:30:00Z",
        "2024-01-31 12:30:00 UTC",
        "2024-01-31 14:30:00+02:00",
        "2024-01-31T06:30:00.000-06:00",
        " 2024-01-31 12:30 ",
        "2024/01/31 12:30",
        "2024.01.31 12:30:00",
        "20240131 123000",
        "31.01.2024 12:30:00.000",
        "01/31/2024 12:30",
        "31/01/2024 12:30",
        "1/31/2024 12:30 PM",
        "1706704200",
        "1706704200.0",
        "1706704200000",
        "1706704200000000",
        "1706704200000000000",
    ],
)
def test_texts(text: str) -> None:
    assert read(pa.array([text])) == [str(JANUARY)]


@pytest.mark.parametrize("text", ["2024-01-31", "20240131", "2024/01/31", "31.01.2024", "01/31/2024"])
def test_texts_of_days(text: str) -> None:
    assert read(pa.array([None, text])) == ["NaT", "2024-01-31T00:00:00.000"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_timestamps_of_every_unit_and_zone_count_in_utc(unit: str, zone: str | None) -> None:
    column = pa.array([JANUARY.astype(f"datetime64[{unit}]").astype(np.int64), None], pa.int64())
    assert read(column.cast(pa.timestamp(unit, zone))) == [str(JANUARY), "NaT"]


@pytest.mark.parametrize("factor", [1, 1_000, 1_000_000, 1_000_000_000])
@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()])
def test_numbers_count_since_1970_by_their_size(factor: int, kind: pa.DataType) -> None:
    assert read(pa.array([1_706_704_200 * factor, None], pa.int64()).cast(kind, safe=False)) == [
        str(JANUARY),
        "NaT",
    ]


def test_fractions_of_seconds() -> None:
    assert read(pa.array([1_706_704_200.25])) == ["2024-01-31T12:30:00.250"]


def test_before_1970() -> None:
    assert read(pa.array([-631_152_000])) == ["1950-01-01T00:00:00.000"]
    assert read(pa.array([-1], pa.int64()).cast(pa.timestamp("us"))) == ["1969-12-31T23:59:59.999"]


def test_an_archive_that_changes_its_unit_halfway() -> None:
    last_of_2024, first_of_2025 = 1_735_686_000_000, 1_735_689_600_000_000
    assert read(pa.array([last_of_2024, first_of_2025])) == [
        "2024-12-31T23:00:00.000",
        "2025-01-01T00:00:00.000",
    ]


def test_milliseconds_that_begin_in_1970_are_of_one_unit() -> None:
    days = np.arange(0, 3_000) * 86_400_000
    assert read(pa.array(days))[:2] == ["1970-01-01T00:00:00.000", "1970-01-02T00:00:00.000"]
    assert read(pa.array(days))[-1] == "1978-03-19T00:00:00.000"


def test_days_as_numbers() -> None:
    assert read(pa.array([20240131, None, 20240201])) == [
        "2024-01-31T00:00:00.000",
        "NaT",
        "2024-02-01T00:00:00.000",
    ]
    assert "holds 20240231, which is no day" in refused([20240131, 20240231])


def test_dates() -> None:
    assert read(pa.array([19_753, None], pa.date32())) == ["2024-01-31T00:00:00.000", "NaT"]
    assert read(pa.array([19_753], pa.date32()).cast(pa.date64())) == ["2024-01-31T00:00:00.000"]


def test_row_numbers_are_no_times() -> None:
    assert refused([0, 1, 2]) == (
        "the column time holds numbers from 0 to 2 instead of times; write times such as 2024-01-31 12:00:00 "
        "(UTC), or as seconds or milliseconds since 1970"
    )


def test_other_kinds_are_no_times() -> None:
    assert "holds bool instead of times" in refused([True, False])


def test_the_first_value_that_is_no_time_is_told() -> None:
    texts: list[object] = [f"2024-01-{day:02}" for day in range(1, 31)]
    texts[17] = "soon"
    texts[25] = "later"
    assert refused(texts).startswith(
        "the column time holds 'soon' at row 17, which is no time like the others;"
    )
    assert "holds 'soon' at row 0" in refused(["soon", "2024-01-01"])
    assert "holds '13/13/2024' at row 2" in refused(["01/31/2024", "02/01/2024", "13/13/2024"])


def test_dates_that_can_be_read_in_two_ways_are_refused() -> None:
    assert "'01/02/2024', which can be read day first or month first" in refused(["01/02/2024", "01/03/2024"])


def test_dates_tell_their_order_together() -> None:
    assert read(pa.array(["01/12/2024", "01/13/2024"]))[0] == "2024-01-12T00:00:00.000"
    assert read(pa.array(["12/01/2024", "13/01/2024"]))[0] == "2024-01-12T00:00:00.000"


def test_dates_with_the_same_day_and_month_are_not_doubtful() -> None:
    assert read(pa.array(["01/01/2024"])) == ["2024-01-01T00:00:00.000"]


def test_a_column_of_nothing() -> None:
    assert read(pa.array([None, ""], pa.string())) == ["NaT", "NaT"]


@pytest.mark.parametrize(
    ("date", "clock", "joined"),
    [
        ("2024-01-31", "12:30", ["2024-01-31T12:30:00.000"]),
        ("20240131", "123000", ["2024-01-31T12:30:00.000"]),
        ("2024.01.31", "12:30:00", ["2024-01-31T12:30:00.000"]),
        ("2024-01-31", "1706704200", ["2024-01-31T12:30:00.000"]),
        ("2024-01-31 12:30", "closed", ["2024-01-31T12:30:00.000"]),
    ],
)
def test_a_date_and_a_time_of_day(date: str, clock: str, joined: list[str]) -> None:
    assert read(with_time_of_day(pa.array([date]), pa.array([clock]))) == joined


def test_a_date_and_a_time_of_day_in_their_own_types() -> None:
    dates = pa.array([19_753, None], pa.date32())
    assert read(with_time_of_day(dates, pa.array([time(12, 30), time(1)]))) == [str(JANUARY), "NaT"]
    stamps = pa.array([JANUARY])
    assert with_time_of_day(stamps, pa.array([time(1)])) is stamps
