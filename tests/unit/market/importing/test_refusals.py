"""What is no table of candles, and what must be said: one sentence each, by the name of the flag."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.market.importing.test_dialects import DIALECTS
from tests.unit.market.importing.written import imported, rows_of

from trad.errors import CandlesError, DataFileError
from trad.market.files import read_candles
from trad.market.importing.importing import import_files
from trad.market.importing.options import ImportOptions

PLAIN = DIALECTS["plain"]


def parquet(rows: int) -> bytes:
    """A Parquet file of so many candles."""
    times = pa.array(np.arange(rows, dtype=np.int64) * 60_000, pa.timestamp("ms", "UTC"))
    table = pa.table(
        {"timestamp": times, **{name: np.ones(rows) for name in ("open", "high", "low", "close")}}
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def zipped(*names: str) -> bytes:
    """A zip archive of files with these names."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in names:
            archive.writestr(name, PLAIN)
    return sink.getvalue()


NOT_CANDLES: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", r"it is empty"),
    "blank": ("\n \n\t\n", r"it is empty"),
    "a header alone": (PLAIN.splitlines()[0] + "\n", r"no candles|no table"),
    "a web page": ("<!DOCTYPE html><html><body>not found</body></html>", r"it is a web page"),
    "binary": (bytes(range(256)) * 64, r"binary data"),
    "prose": (
        "Dear reader,\nthis is a letter.\nYours\n",
        r"it is no table of candles; it begins with 'Dear reader,'",
    ),
    "a PDF": (b"%PDF-1.7 blah", r"it is a PDF"),
    "a torn archive": (gzip.compress(PLAIN.encode() * 2000)[:-40], r"no whole archive"),
    "two files in an archive": (zipped("a.csv", "b.csv"), r"the archive holds 2 files"),
    "a spreadsheet": (zipped("[Content_Types].xml", "xl/workbook.xml"), r"it is an Excel file"),
    "a torn Parquet": (parquet(1000)[:-50], r"cannot be read: .*fetch or write it again"),
    "a Parquet with a broken name": (parquet(9).replace(b"close", b"cl\xefse"), r"cannot be read: .*fetch"),
    "a Parquet without rows": (parquet(0), r"it holds no candles"),
    "ticks": (
        "time,bid,ask\n2024-01-29 10:00:00,1.1,1.2\n2024-01-29 10:00:01,1.1,1.2\n2024-01-29 10:00:02,1,2\n",
        r"ticks and quotes",
    ),
    "ticks with a size": (
        "timestamp,price,size,side,id\n1706522400000,1.1,2,1,1\n1706522400001,1.1,2,1,2\n",
        r"ticks and quotes",
    ),
    "JSON without candles": ('{"error": "rate limit", "code": 429}', r"holds no list of candles"),
    "torn JSON": ('[[1706522400000,"1234.5","1240.25",', r"it is no JSON"),
    "no close": (
        "date,open,high,low,volume,x\n2024-01-29,1,2,1,5,x\n2024-01-30,1,2,1,5,x\n",
        r"none for close; say which they are with --columns close=NAME",
    ),
    "two opens": (
        PLAIN.replace("timestamp,open,high", "timestamp,Open,OPEN").replace("low", "high,low"),
        r"--columns|header names",
    ),
}


@pytest.mark.parametrize(("written", "message"), NOT_CANDLES.values(), ids=NOT_CANDLES)
def test_what_is_no_table_of_candles_is_refused_in_a_sentence(
    tmp_path: Path, written: str | bytes, message: str
) -> None:
    with pytest.raises(DataFileError, match=message) as caught:
        imported(tmp_path, written)
    assert str(caught.value).startswith(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_dates_that_can_be_read_in_two_ways_are_asked_for(tmp_path: Path) -> None:
    text = "date,open,high,low,close\n" + "".join(f"0{day}/02/2024,1,2,1,1.5\n" for day in range(1, 6))
    with pytest.raises(DataFileError, match=r"say which with --day-first or --month-first"):
        imported(tmp_path, text)
    first = [
        rows_of(imported(tmp_path, text, options=ImportOptions(day_first=said))[0]) for said in (True, False)
    ]
    assert [rows[1][0] for rows in first] == ["2024-02-02T00:00:00", "2024-02-02T00:00:00"]
    assert [rows[0][0] for rows in first] == ["2024-02-01T00:00:00", "2024-01-02T00:00:00"]


def test_one_late_day_tells_for_all(tmp_path: Path) -> None:
    text = "date,open,high,low,close\n05/02/2024,1,2,1,1.5\n06/02/2024,1,2,1,1.5\n13/02/2024,1,2,1,1.5\n"
    assert rows_of(imported(tmp_path, text)[0])[0][0] == "2024-02-05T00:00:00"


def test_a_thousand_or_a_fraction_is_asked_for(tmp_path: Path) -> None:
    text = (
        "date;open;high;low;close\n2024-01-29;1,234;1,240;1,230;1,236\n2024-01-30;1,236;1,238;1,220;1,221\n"
    )
    with pytest.raises(
        DataFileError, match=r"'1,234' may be a thousand or a fraction.*--decimal point or --decimal comma"
    ):
        imported(tmp_path, text)
    for said, expected in ((".", 1234.0), (",", 1.234)):
        options = ImportOptions(decimal="," if said == "," else ".")
        assert rows_of(imported(tmp_path, text, options=options)[0])[0][1] == expected


def test_points_of_a_thousand_are_asked_for_where_semicolons_part_the_fields(tmp_path: Path) -> None:
    days = ("29.01.2024;45.008;45.438;44.950;45.100", "30.01.2024;45.100;45.500;45.001;45.200")
    text = "\n".join(("Datum;Open;High;Low;Close", *days)) + "\n"
    with pytest.raises(DataFileError, match=r"--decimal point or --decimal comma"):
        imported(tmp_path, text)
    assert rows_of(imported(tmp_path, text, options=ImportOptions(decimal=","))[0])[0][1] == 45_008.0
    assert rows_of(imported(tmp_path, text, options=ImportOptions(decimal="."))[0])[0][1] == 45.008
    assert rows_of(imported(tmp_path, text.replace(";", ","))[0])[0][1] == 45.008


def test_a_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"--timezone was 'Mars/Olympus', which is no zone"):
        imported(tmp_path, PLAIN, options=ImportOptions(timezone="Mars/Olympus"))


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"--columns says close=last, and there is no one such column among"
    ):
        imported(tmp_path, PLAIN, options=ImportOptions(columns={"close": "last"}))
    with pytest.raises(DataFileError, match=r"--columns names 'shut'; its roles are timestamp, open"):
        imported(tmp_path, PLAIN, options=ImportOptions(columns={"shut": "close"}))


def test_more_values_than_allowed_are_refused_before_they_are_read(tmp_path: Path) -> None:
    options = ImportOptions(most_cells=1_000)
    for written in (
        parquet(1_000),
        PLAIN + PLAIN.splitlines()[-1] * 1 + "\n" + PLAIN.splitlines()[1].join("\n" * 400),
    ):
        with pytest.raises(DataFileError, match=r"TRAD_MOST_CELLS"):
            imported(tmp_path, written, options=options)


def test_bad_rows_are_shown_and_dropped_only_on_demand(tmp_path: Path) -> None:
    text = PLAIN.replace("1236.5,1238,1220.5", "1236.5,1200,1220.5").replace("1221,1229.75", ",1229.75")
    with pytest.raises(CandlesError, match=r"leave them out with --drop-bad") as caught:
        imported(tmp_path, text)
    assert "high below low: 1 row\n    2024-01-29 11:00  open 1236.5  high 1200" in str(caught.value)
    assert "an empty field: 1 row\n    2024-01-29 12:00  open nan" in str(caught.value)
    candles, report = imported(tmp_path, text, options=ImportOptions(drop_bad=True))
    assert (len(candles), report.dropped, report.rows) == (2, 2, 4)


def test_words_among_numbers_and_ragged_lines_are_bad_rows(tmp_path: Path) -> None:
    text = PLAIN.replace("1221.25", "soon") + "2024-01-29 14:00,1,2\nTotal rows: 4\n"
    with pytest.raises(CandlesError) as caught:
        imported(tmp_path, text)
    assert "a field that cannot be read: 1 row" in str(caught.value)
    assert "a line with another number of fields: 2 rows" in str(caught.value)
    candles, report = imported(tmp_path, text, options=ImportOptions(drop_bad=True))
    assert (len(candles), report.dropped) == (3, 3)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"there is no such file"):
        import_files([tmp_path / "nothing.csv"], ImportOptions(), name="x")
    with pytest.raises(DataFileError, match=r"it is a folder"):
        import_files([tmp_path], ImportOptions(), name="x")


def test_a_broken_name_in_a_parquet_is_a_sentence_where_it_is_read_directly(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    path.write_bytes(parquet(9).replace(b"close", b"cl\xefse"))
    with pytest.raises(DataFileError, match=r"is no whole Parquet file"):
        read_candles(path)
