"""Data that cannot be traded on: each file is refused by one message and exit code 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

Refused = Callable[..., str]
HEADER = "timestamp,open,high,low,close,volume\n"
GOOD = "10,11,9,10,1"
TRAIN = ("train", "sma_cross", "--workers", "0", "--episodes", "2", "--data")


def candles(*rows: str) -> str:
    return HEADER + "".join(f"2024-01-01T00:0{minute}:00Z,{row}\n" for minute, row in enumerate(rows))


def at(*minutes: int) -> str:
    return HEADER + "".join(f"2024-01-01T00:0{minute}:00Z,{GOOD}\n" for minute in minutes)


BROKEN = {
    "nan": (candles(GOOD, "nan,11,9,10,1", GOOD), "NaN or infinite value: 1 row", "open nan"),
    "infinite": (candles(GOOD, "10,inf,9,10,1", GOOD), "NaN or infinite value: 1 row", "high inf"),
    "high below low": (candles(GOOD, "10,8,11,10,1", GOOD), "high below low: 1 row", "high 8  low 11"),
    "open above high": (candles(GOOD, "12,11,9,10,1"), "open or close outside high/low: 1 row", "open 12"),
    "close below low": (candles(GOOD, "10,11,9,8,1"), "open or close outside high/low: 1 row", "close 8"),
    "price of zero": (candles(GOOD, "10,11,0,10,1"), "price at or below zero: 1 row", "low 0"),
    "price below zero": (candles(GOOD, "10,11,-2,10,1"), "price at or below zero: 1 row", "low -2"),
    "negative volume": (candles(GOOD, "10,11,9,10,-1"), "negative volume: 1 row", "volume -1"),
    "duplicates": (at(0, 1, 1, 2), "same time as an earlier row: 1 row", "row 2  2024-01-01 00:01"),
    "unsorted": (at(1, 0, 2), "time before that of the row above: 1 row", "row 1  2024-01-01"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_bad_candle_is_named_with_its_rule(refused: Refused, tmp_path: Path, rule: str) -> None:
    text, broken, found = BROKEN[rule]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    rows = text.count("\n") - 1
    first, *others = refused(*TRAIN, path).splitlines()
    assert first == (
        f"{path} cannot be traded on: 1 of {rows} candles breaks a rule; "
        "correct or remove these rows (they count from 0)"
    )
    assert f"  {broken}" in others
    assert any(line.startswith("    row ") and found in line for line in others)


def test_only_the_first_rows_are_shown_and_all_are_counted(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(candles(*["10,11,9,10,-1"] * 9))
    lines = refused(*TRAIN, path).splitlines()
    assert "9 of 9 candles break" in lines[0]
    assert "  negative volume: 9 rows" in lines
    assert sum(line.startswith("    row ") for line in lines) == 3


FILES: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "{} is empty; fetch or write it again"),
    "empty.parquet": (b"", "{} is empty; fetch or write it again"),
    "header.csv": (HEADER.encode(), "{} has a header but no candles below it"),
    "page.csv": (
        b"<html><body>Not found</body></html>\n",
        "{} is no CSV but a web page; open the link in a browser and save the data itself",
    ),
    "binary.csv": (
        bytes(range(256)) * 10,
        "{} is no CSV: it holds binary data; export the candles as CSV or Parquet",
    ),
    "book.xlsx": (
        b"PK",
        "{} has the ending .xlsx; Trad reads .parquet, .pq, .feather, .arrow, .ipc, .csv, .txt, .tsv, "
        ".csv.gz, .txt.gz, .tsv.gz",
    ),
    "columns.csv": (
        b"timestamp,open,high,low\n1,2,3,4\n",
        "{}: found the columns timestamp, open, high, low, but none for close; candles need columns named "
        "timestamp (or date, time), open, high, low, close, and may have volume",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_table_of_candles_is_refused(refused: Refused, tmp_path: Path, name: str) -> None:
    content, message = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(*TRAIN, path).startswith(message.format(path))
    assert refused("data", "check", path).startswith(message.format(path))
    assert refused("backtest", "sma_cross", "--data", path).startswith(message.format(path))


def test_a_truncated_parquet_file_is_refused(refused: Refused, tmp_path: Path) -> None:
    from trad.market.samples import _DATA

    path = tmp_path / "cut.parquet"
    path.write_bytes((_DATA / "aapl-1d.parquet").read_bytes()[:5_000])
    message = refused(*TRAIN, path)
    assert message.startswith(f"{path} is no whole Parquet file: ")
    assert message.endswith("; fetch or write it again")


def test_missing_data_is_refused(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    assert refused(*TRAIN, path) == (
        f"there is no file {path}; check the path, it is looked up from {Path.cwd()}"
    )
    assert refused(*TRAIN, tmp_path) == f"{tmp_path} is a folder; name a file in it"
    assert refused(*TRAIN, "nodata") == (
        "no data is called 'nodata'; give a path, a sample (sample:aapl-1d, sample:minute) or a name in "
        "the library; the library is empty"
    )


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ("nope", "there is no sample 'nope'; there are aapl-1d, minute"),
        ("aapl-1d?seed=2", "sample:aapl-1d?seed=2 has the setting 'seed'; it takes no settings"),
        ("minute?candels=3", "sample:minute?candels=3 has the setting 'candels'; it takes candles and seed"),
        ("minute?candles=0", "sample:minute?candles=0 has candles=0; candles runs from 2 to 20,000,000"),
        ("minute?candles=20000001", "has candles=20000001; candles runs from 2 to 20,000,000"),
        ("minute?candles=abc", "sample:minute?candles=abc has candles=abc; candles is a whole number"),
        ("minute?candles", "cannot be read; write it like sample:minute?candles=100000&seed=1"),
        ("minute?seed=-1", "has seed=-1; seed runs from 0 to "),
    ],
)
def test_a_bad_sample_is_refused(refused: Refused, sample: str, message: str) -> None:
    assert message in refused(*TRAIN, f"sample:{sample}")
