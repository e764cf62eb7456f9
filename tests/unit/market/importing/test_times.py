"""Times in six digits, in several columns, in scientific notation, and with the name of a zone."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from tests.unit.market.importing.written import imported, rows_of

from trad.errors import DataFileError
from trad.market.importing.options import ImportOptions

Moments = NDArray[np.datetime64]
Write = Callable[[Any], str]

PRICES = "open,high,low,close,volume"
MINUTES = np.arange("2020-01-03T09:30", "2020-01-03T09:50", dtype="datetime64[m]")
HOURS = np.arange("2020-01-03T00", "2020-01-06T20", dtype="datetime64[h]")
DAYS = np.arange("2020-01-03", "2020-02-20", dtype="datetime64[D]")


def strftime(form: str) -> Write:
    return lambda moment: str(moment.astype("datetime64[s]").item().strftime(form))


def unpadded(form: str) -> Write:
    return lambda moment: str(int(strftime(form)(moment)))


def table(header: str | None, moments: Moments, *columns: Write) -> str:
    """A file of candles at these times; each column of the time is written in its way."""
    rows = [
        ",".join(
            [*(write(moment) for write in columns), f"{50 + n}.5,{52 + n}.25,{49 + n},{51 + n},{n % 9 + 7}"]
        )
        for n, moment in enumerate(moments)
    ]
    return "\n".join([*([f"{header},{PRICES}"] if header else []), *rows]) + "\n"


def times_of(folder: Path, text: str | bytes, options: ImportOptions | None = None) -> Moments:
    candles, _ = imported(folder, text, options=options)
    assert candles.close[0] == 51.0
    return candles.timestamp


SIX_DIGITS: dict[str, tuple[str | None, Moments, tuple[Write, ...]]] = {
    "days": ("date", DAYS, (strftime("%y%m%d"),)),
    "days by the name of the column": ("<DTYYMMDD>", MINUTES, (strftime("%y%m%d"), unpadded("%H%M"))),
    "hours, without zeros": ("<DATE>,<TIME>", HOURS, (strftime("%y%m%d"), unpadded("%H%M"))),
    "hours, with seconds": ("<DATE>,<TIME>", HOURS, (strftime("%y%m%d"), unpadded("%H%M%S"))),
    "hours, padded": ("<DATE>,<TIME>", HOURS, (strftime("%y%m%d"), strftime("%H%M"))),
    "in one column": ("date", HOURS, (strftime("%y%m%d %H%M%S"),)),
    "no header": (None, HOURS, (strftime("%y%m%d"), strftime("%H%M"))),
    "no header, without zeros": (None, HOURS, (strftime("%y%m%d"), unpadded("%H%M"))),
    "no header, days": (None, DAYS, (strftime("%y%m%d"),)),
    "day first": ("date", DAYS, (strftime("%d%m%y"),)),
    "month first": ("date", DAYS, (strftime("%m%d%y"),)),
    "year first with slashes": ("date", DAYS, (strftime("%y/%m/%d"),)),
    "eight digits, no header, without zeros": (None, HOURS, (strftime("%Y%m%d"), unpadded("%H%M"))),
}


@pytest.mark.parametrize(("header", "moments", "columns"), SIX_DIGITS.values(), ids=SIX_DIGITS)
def test_years_of_two_digits(
    tmp_path: Path, header: str | None, moments: Moments, columns: tuple[Write, ...]
) -> None:
    header = f"{header},time" if header == "<DTYYMMDD>" else header
    assert (times_of(tmp_path, table(header, moments, *columns)) == moments).all()


def test_six_digits_of_one_day_are_asked_for(tmp_path: Path) -> None:
    text = table("date,time", MINUTES, strftime("%y%m%d"), strftime("%H%M"))
    with pytest.raises(DataFileError, match=r"'200103 0930', can be read year first or day first, and none"):
        imported(tmp_path, text)
    assert (times_of(tmp_path, text, ImportOptions(year_first=True)) == MINUTES).all()
    day = times_of(tmp_path, text, ImportOptions(day_first=True))[0]
    assert day == np.datetime64("2003-01-20T09:30")


@pytest.mark.parametrize("form", ["%y%m%d", "%d%m%y", "%m%d%y", "%d/%m/%y"])
def test_months_of_two_digit_years_are_asked_for(tmp_path: Path, form: str) -> None:
    months = np.arange("2007-02", "2007-08", dtype="datetime64[M]").astype("datetime64[D]")
    with pytest.raises(DataFileError, match=r"say which with (--year-first, )?--day-first or --month-first"):
        imported(tmp_path, table("date", months, strftime(form)))


def test_six_digits_may_be_months(tmp_path: Path) -> None:
    days = np.arange("2020-12-01", "2020-12-13", dtype="datetime64[D]")
    text = table("date", days, strftime("%y%m%d"))
    with pytest.raises(DataFileError, match=r"'201201', may be days of a year of two digits or months"):
        imported(tmp_path, text)
    assert (times_of(tmp_path, text, ImportOptions(year_first=True)) == days).all()


PARTS: dict[str, tuple[str, Moments, tuple[Write, ...]]] = {
    "days": ("Year,Month,Day", DAYS, (strftime("%Y"), unpadded("%m"), unpadded("%d"))),
    "after a row number": (",Year,Month,Day", DAYS, (lambda _: "1", *map(strftime, ("%Y", "%m", "%d")))),
    "seconds": (
        "Year,Month,Day,Hour,Minute,Second",
        HOURS,
        tuple(map(strftime, ["%Y", "%m", "%d", "%H", "%M", "%S"])),
    ),
    "a clock": ("Jahr,Monat,Tag,Zeit", HOURS, tuple(map(strftime, ("%Y", "%m", "%d", "%H:%M")))),
    "names of months": ("Year,Month,Day", DAYS, tuple(map(strftime, ("%Y", "%b", "%d")))),
    "hours": ("Date,Hour", HOURS, (strftime("%Y-%m-%d"), unpadded("%H"))),
    "hours with minutes": ("Date,Hour", HOURS, (strftime("%Y-%m-%d"), strftime("%H:%M"))),
    "hours and minutes": ("Date,Hour,Minute", HOURS, (strftime("%d-%b-%Y"), unpadded("%H"), unpadded("%M"))),
    "hours by their end": (
        "Date,Hour Ending",
        HOURS,
        (strftime("%Y-%m-%d"), lambda h: str(h.item().hour + 1)),
    ),
    "dates at midnight": ("Date,Time", HOURS, (strftime("%Y-%m-%d 00:00:00"), strftime("%H:%M"))),
    "hours that are told already": ("Date,Hour", HOURS, (strftime("%Y-%m-%d %H:%M"), unpadded("%H"))),
    "a date beside its parts": ("Date,Year,Month,Day", HOURS, tuple(map(strftime, ("%c", "%Y", "%m", "%d")))),
}


@pytest.mark.parametrize(("header", "moments", "columns"), PARTS.values(), ids=PARTS)
def test_parts_of_a_time_in_columns_of_their_own(
    tmp_path: Path, header: str, moments: Moments, columns: tuple[Write, ...]
) -> None:
    if header.startswith("Date,Year"):
        columns = (strftime("%Y-%m-%d %H:%M"), *columns[1:])
    assert (times_of(tmp_path, table(header, moments, *columns)) == moments).all()


def test_the_report_names_the_parts(tmp_path: Path) -> None:
    text = table("Date,Hour Ending", HOURS, strftime("%Y-%m-%d"), lambda hour: str(hour.item().hour + 1))
    _, report = imported(tmp_path, text)
    assert report.columns["timestamp"] == "Date"
    assert report.columns["hour_ending"] == "Hour Ending"
    assert report.notes == ("Hour Ending was read as the end of an hour: 1 is 00:00 to 01:00",)
    with pytest.raises(DataFileError, match=r"leave --stamps close out"):
        imported(tmp_path, text, options=ImportOptions(stamps="close"))
    told = table("Date,Hour", HOURS, strftime("%Y-%m-%d %H:%M"), unpadded("%H"))
    assert imported(tmp_path, told)[1].notes == ("Hour was left out: the times stand in Date already",)


def test_hours_up_to_24_are_asked_for(tmp_path: Path) -> None:
    text = table("Date,Hour", HOURS, strftime("%Y-%m-%d"), lambda hour: str(hour.item().hour + 1))
    with pytest.raises(DataFileError, match=r"Hour counts hours from 1 to 24; .*--columns hour_ending=Hour"):
        imported(tmp_path, text)
    assert (times_of(tmp_path, text, ImportOptions(columns={"hour_ending": "Hour"})) == HOURS).all()


def test_times_of_two_digits_are_asked_for(tmp_path: Path) -> None:
    text = table("Date,Time", HOURS, strftime("%Y-%m-%d"), unpadded("%H"))
    with pytest.raises(
        DataFileError, match=r"times of day, such as '1', may be hours or minutes.*--columns hour="
    ):
        imported(tmp_path, text)
    assert (times_of(tmp_path, text, ImportOptions(columns={"hour": "Time"})) == HOURS).all()


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("Date,Hour", ("%Y-%m-%d", "%I %p"), r"its column Hour holds '12 AM'; it takes whole numbers"),
        ("Date,Hour", ("%Y-%m-%d", "%j"), r"its column Hour holds '003'; it takes"),
        ("Date,Hour,Minute", ("%Y-%m-%d", "%H", "9%S"), r"Minute holds '900'|Minute holds numbers from"),
        ("Year,Month,Day", ("%y", "%m", "%d"), r"its column Year holds no years of four digits"),
    ],
)
def test_parts_that_are_none_are_refused(
    tmp_path: Path, header: str, columns: tuple[str, ...], message: str
) -> None:
    with pytest.raises(DataFileError, match=message):
        imported(tmp_path, table(header, HOURS, *map(strftime, columns)))


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("ns"), pa.string()])
def test_typed_dates_beside_hours(tmp_path: Path, kind: pa.DataType) -> None:
    days = pa.array(HOURS.astype("datetime64[D]")).cast(kind)
    prices = {name: np.full(len(HOURS), 51.0) for name in ("open", "high", "low", "close")}
    sink = io.BytesIO()
    pq.write_table(
        pa.table({"Date": days, "Hour": (HOURS - HOURS.astype("datetime64[D]")).astype(int), **prices}), sink
    )
    assert (times_of(tmp_path, sink.getvalue()) == HOURS).all()


SCIENTIFIC: dict[str, tuple[Moments, Write]] = {
    "seconds": (MINUTES, lambda moment: f"{moment.astype('datetime64[s]').astype(int):.9E}"),
    "milliseconds": (MINUTES, lambda moment: f"{moment.astype('datetime64[ms]').astype(int):.12e}"),
    "milliseconds, as short as can be": (
        HOURS,
        lambda moment: f"{moment.astype('datetime64[ms]').astype(int):.12g}",
    ),
    "days with a few digits": (DAYS, lambda moment: f"{moment.astype('datetime64[s]').astype(int):.7E}"),
    "floats": (MINUTES, lambda moment: f"{moment.astype('datetime64[ms]').astype(int)}.0"),
}


@pytest.mark.parametrize("header", ["time", None])
@pytest.mark.parametrize(("moments", "write"), SCIENTIFIC.values(), ids=SCIENTIFIC)
def test_times_since_1970_in_scientific_notation(
    tmp_path: Path, moments: Moments, write: Write, header: str | None
) -> None:
    assert (times_of(tmp_path, table(header, moments, write)) == moments).all()


def test_scientific_notation_beside_plain_numbers(tmp_path: Path) -> None:
    text = table("time", MINUTES, lambda moment: f"{moment.astype('datetime64[s]').astype(int):.10g}")
    lines = text.splitlines()
    lines[2:-1] = [f"{int(line.split(',')[0]):.9E},{line.split(',', 1)[1]}" for line in lines[2:-1]]
    assert (times_of(tmp_path, "\n".join(lines) + "\n") == MINUTES).all()


@pytest.mark.parametrize(
    ("moments", "digits", "message"),
    [
        (
            MINUTES,
            2,
            r"such as '1.58E\+09', have lost digits: .*10,000,000 seconds only, and neighbours are one",
        ),
        (MINUTES, 7, r"'1.5780438E\+09', have lost digits: .* exact to 100 seconds only, and neighbours"),
        (MINUTES[::2], 7, r"have lost digits: .* exact to 100 seconds only"),
        (HOURS, 6, r"exact to 1,000 seconds only; write the file again"),
        (DAYS, 5, r"exact to 10,000 seconds only; write the file again"),
    ],
)
def test_scientific_notation_that_lost_digits_is_refused(
    tmp_path: Path, moments: Moments, digits: int, message: str
) -> None:
    text = table("time", moments, lambda moment: f"{moment.astype('datetime64[s]').astype(int):.{digits}E}")
    for written in (text, text.replace("E+09", "E9")):
        with pytest.raises(DataFileError, match=message if written is text else "have lost digits"):
            imported(tmp_path, written)


def test_the_name_of_a_zone_with_each_time(tmp_path: Path) -> None:
    text = table("date", HOURS, strftime("%Y%m%d %H:%M:%S US/Eastern"))
    _, report = imported(tmp_path, text)
    assert report.zone == "US/Eastern with each time, brought to UTC"
    assert (times_of(tmp_path, text) == HOURS + np.timedelta64(5, "h")).all()
    with pytest.raises(
        DataFileError, match=r"marked US/Eastern and Europe/Berlin; write them all in one zone"
    ):
        imported(tmp_path, text.replace("09:00:00 US/Eastern", "09:00:00 Europe/Berlin"))


def test_a_zone_in_the_name_of_the_column_is_asked_for(tmp_path: Path) -> None:
    text = table("Time (EET)", HOURS, strftime("%Y.%m.%d %H:%M:%S"))
    with pytest.raises(
        DataFileError, match=r"its column Time \(EET\) is marked EET; say the zone with --timezone"
    ):
        imported(tmp_path, text)
    said = ImportOptions(timezone="Europe/Helsinki")
    assert (times_of(tmp_path, text, said) == HOURS - np.timedelta64(2, "h")).all()
    assert (times_of(tmp_path, text.replace("(EET)", "(UTC)")) == HOURS).all()


@pytest.mark.parametrize("form", ["%Y年%m月%d日", "%Y년 %m월 %d일", "%Y%m%d-%H:%M:%S", "%Y%m%dT%H%M%S"])
def test_further_forms_of_times(tmp_path: Path, form: str) -> None:
    assert rows_of(imported(tmp_path, table("date", DAYS, strftime(form)))[0])[-1][0] == "2020-02-19T00:00:00"


def test_parts_may_be_named_where_there_is_no_header(tmp_path: Path) -> None:
    text = table(None, HOURS, *(unpadded(f"%{part}") for part in "YmdH"))
    said = {"year": "1", "month": "2", "day": "3", "hour": "4"}
    prices = {"open": "5", "high": "6", "low": "7", "close": "8", "volume": "9"}
    assert (times_of(tmp_path, text, ImportOptions(columns=said | prices)) == HOURS).all()
    text = table(None, HOURS, strftime("%Y-%m-%d"), unpadded("%H"))
    assert (times_of(tmp_path, text, ImportOptions(columns={"timestamp": "1", "hour": "2"})) == HOURS).all()


@pytest.mark.parametrize("form", ["%Y%m%d  %H:%M:%S", "%Y%m%d %H:%M:%S US/Eastern", "%Y%m%d-%H:%M:%S"])
def test_times_of_interactive_brokers_without_a_header(tmp_path: Path, form: str) -> None:
    late = np.timedelta64(5 if "Eastern" in form else 0, "h")
    assert (times_of(tmp_path, table(None, HOURS, strftime(form))) == HOURS + late).all()
