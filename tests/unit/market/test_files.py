import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from trad.errors import CandlesError, DataFileError, InputError
from trad.market.candles import Candles
from trad.market.files import check_file, read_candles, read_table

HEADER = "timestamp,open,high,low,close,volume\n"
ROWS = [
    "2024-01-31 12:00,10,12,9,11,5",
    "2024-01-31 12:01,11,13,10,12,6.5",
    "2024-01-31 12:02,12,14,11,13,0",
]


@pytest.fixture
def candles() -> Candles:
    n = 1_000
    times = np.datetime64("2024-01-01", "ms") + np.arange(n) * np.timedelta64(60_000, "ms")
    close = 100 + np.cumsum(np.random.default_rng(3).standard_normal(n)) / 10
    return Candles(times, close, close + 1, close - 1, close + 0.5, np.arange(n))


def table_of(candles: Candles) -> pa.Table:
    return pa.table({"timestamp": candles.timestamp, **candles.columns})


def refused(path: Path, **options: int) -> str:
    with pytest.raises(DataFileError) as refusal:
        read_candles(path, **options)
    message = str(refusal.value)
    assert "\n" not in message
    assert str(path) in message
    return message.replace(str(path), "FILE")


def text(folder: Path, content: str | bytes, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["a.parquet", "A.PARQUET", "a.pq"])
def test_parquet(tmp_path: Path, candles: Candles, name: str) -> None:
    pq.write_table(table_of(candles), tmp_path / name, row_group_size=300)
    read = read_candles(tmp_path / name)
    assert read.content_hash == candles.content_hash
    assert read.name.lower() == "a"
    assert not any(column.flags.writeable for column in (read.timestamp, *read.columns.values()))


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
@pytest.mark.parametrize("name", ["a.feather", "a.arrow", "a.ipc"])
def test_feather(tmp_path: Path, candles: Candles, name: str, compression: str) -> None:
    path = str(tmp_path / name)
    pyarrow.feather.write_feather(table_of(candles), path, compression=compression, chunksize=300)
    assert read_candles(tmp_path / name, name="mine").name == "mine"
    assert read_candles(tmp_path / name).content_hash == candles.content_hash


def test_an_arrow_stream(tmp_path: Path, candles: Candles) -> None:
    table = table_of(candles).append_column("symbol", pa.array(["BTC"] * len(candles)))
    with pa.ipc.new_stream(str(tmp_path / "a.arrow"), table.schema) as stream:
        stream.write_table(table, max_chunksize=300)
    assert read_candles(tmp_path / "a.arrow").content_hash == candles.content_hash


def test_a_pandas_index_in_parquet(tmp_path: Path, candles: Candles) -> None:
    candles.frame.set_index("timestamp").to_parquet(tmp_path / "named.parquet")
    candles.frame.set_index(candles.timestamp).drop(columns="timestamp").to_parquet(tmp_path / "bare.parquet")
    assert read_candles(tmp_path / "named.parquet").content_hash == candles.content_hash
    assert read_candles(tmp_path / "bare.parquet").content_hash == candles.content_hash


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "\n".join(ROWS),
        "\ufeff" + HEADER + "\n".join(ROWS) + "\n\n\n",
        (HEADER + "\n".join(ROWS)).replace(",", ";"),
        (HEADER + "\n".join(ROWS)).replace(",", "\t"),
        (HEADER + "\n".join(ROWS)).replace("\n", "\r\n"),
        (HEADER + "\n".join(ROWS)).replace(",", ";").replace("6.5", "6,5"),
        HEADER.upper() + "\n".join(ROWS),
        "\n\n" + HEADER + "\n\n".join(ROWS),
        '"symbol","timestamp","open","high","low","close","volume"\n' + "\n".join(f'"Caf\u00e9",{r}' for r in ROWS),
        (HEADER + "\n".join(ROWS)).replace("timestamp", "date,time").replace("31 12", "31,12"),
    ],
    ids=["plain", "bom", "semicolons", "tabs", "crlf", "comma", "capitals", "blanks", "quotes", "date+time"],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_texts(tmp_path: Path, content: str, zipped: bool) -> None:
    raw = content.encode()
    path = text(tmp_path, gzip.compress(raw) if zipped else raw, "p.csv.gz" if zipped else "p.txt")
    read = read_candles(path)
    assert (len(read), read.name, str(read.timeframe)) == (3, "p", "1m")
    assert read.close.tolist() == [11.0, 12.0, 13.0]
    assert read.volume.tolist() == [5.0, 6.5, 0.0]
    assert str(read.timestamp[0]) == "2024-01-31T12:00:00.000"


def test_a_text_without_volume(tmp_path: Path) -> None:
    path = text(tmp_path, "t,o,h,l,c\n1706704200,10,12,9,11\n1706704260,10,12,9,11\n", "p.tsv")
    assert read_candles(path).volume.tolist() == [0.0, 0.0]


def test_a_text_of_a_frame_with_its_index(tmp_path: Path, candles: Candles) -> None:
    candles.frame.to_csv(tmp_path / "numbered.csv")
    candles.frame.set_index(candles.timestamp).drop(columns="timestamp").to_csv(tmp_path / "bare.csv")
    assert len(read_candles(tmp_path / "numbered.csv")) == len(candles)
    assert read_candles(tmp_path / "bare.csv").content_hash == candles.content_hash


def test_a_long_text_is_read_to_its_end(tmp_path: Path) -> None:
    minutes = np.datetime64("2000-01-01", "s") + 60 * np.arange(300_000)
    path = text(tmp_path, HEADER + "".join(f"{minute},10,12,9,11,5\n" for minute in minutes))
    assert len(read_candles(path)) == 300_000


def test_there_is_no_such_file(tmp_path: Path) -> None:
    message = refused(tmp_path / "prices.csv")
    assert message.startswith("there is no file FILE; check the path, it is looked up from ")


def test_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path) == "FILE is a folder; name a file in it"


def test_an_unknown_ending(tmp_path: Path) -> None:
    assert refused(text(tmp_path, "x", "a.xlsx")).startswith("FILE has the ending .xlsx; Trad reads .parquet, .pq")
    assert refused(text(tmp_path, "x", "prices")).startswith("FILE has no ending; Trad reads .parquet")


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.csv", "a.csv.gz"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    assert refused(text(tmp_path, "", name)) == "FILE is empty; fetch or write it again"


def test_a_text_of_blank_lines(tmp_path: Path) -> None:
    assert refused(text(tmp_path, "\n \n\n")) == "FILE is empty; it needs a header and candles"


@pytest.mark.parametrize("content", [HEADER, HEADER.strip(), HEADER + "\n\n"])
def test_a_header_alone(tmp_path: Path, content: str) -> None:
    assert refused(text(tmp_path, content)) == "FILE has a header but no candles below it"


def test_a_table_without_rows(tmp_path: Path, candles: Candles) -> None:
    pq.write_table(table_of(candles)[:0], tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet") == "FILE holds no candles; at least one row is needed"


@pytest.mark.parametrize("kept", [4, 100, 0.5, 0.99])
def test_a_truncated_parquet(tmp_path: Path, candles: Candles, kept: float) -> None:
    pq.write_table(table_of(candles), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    path = text(tmp_path, whole[: int(kept if kept > 1 else kept * len(whole))], "a.parquet")
    message = refused(path)
    assert message.startswith("FILE is no whole Parquet file: ")
    assert message.endswith("; fetch or write it again")


def test_a_corrupt_parquet(tmp_path: Path, candles: Candles) -> None:
    pq.write_table(table_of(candles), tmp_path / "a.parquet", compression="zstd")
    broken = bytearray((tmp_path / "a.parquet").read_bytes())
    broken[200:5_000] = bytes(4_800)
    assert "FILE is no whole Parquet file: " in refused(text(tmp_path, bytes(broken), "a.parquet"))


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_truncated_feather(tmp_path: Path, candles: Candles, kept: float) -> None:
    pyarrow.feather.write_feather(table_of(candles), str(tmp_path / "a.feather"))
    whole = (tmp_path / "a.feather").read_bytes()
    assert "FILE is no whole Arrow file: " in refused(text(tmp_path, whole[: int(kept * len(whole))], "a.feather"))


@pytest.mark.parametrize("name", ["a.parquet", "a.feather"])
def test_a_text_with_another_ending(tmp_path: Path, name: str) -> None:
    assert "is no whole" in refused(text(tmp_path, HEADER + "\n".join(ROWS), name))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PAR1....", "FILE is no CSV but a Parquet file; name it .parquet"),
        (b"ARROW1..", "FILE is no CSV but an Arrow file; name it .arrow"),
        (b"PK\x03\x04....", "FILE is no CSV but a zip archive; unpack it first"),
        (gzip.compress(b"timestamp"), "FILE is no CSV but compressed with gzip; name it .csv.gz"),
        (HEADER.encode("utf-16"), "FILE is no CSV but UTF-16 text; save it as UTF-8"),
        (b"\x89PNG\0\0", "FILE is no CSV: it holds binary data; export the candles as CSV or Parquet"),
        (b'[{"open": 1}]', "FILE is no CSV but JSON; save its rows as CSV or Parquet"),
        (
            b"\n<!DOCTYPE html>\n<html><body>404</body></html>",
            "FILE is no CSV but a web page; open the link in a browser and save the data itself",
        ),
    ],
)
def test_something_else_saved_as_csv(tmp_path: Path, content: bytes, message: str) -> None:
    assert refused(text(tmp_path, content)) == message


@pytest.mark.parametrize("kept", [10, 0.5, 0.95])
def test_a_truncated_archive(tmp_path: Path, kept: float) -> None:
    random = np.random.default_rng(5).integers(100, 10**9, 30_000)
    whole = gzip.compress((HEADER + "".join(f"{n},{n},{n},{n},{n},{n}\n" for n in random)).encode())
    path = text(tmp_path, whole[: int(kept if kept > 1 else kept * len(whole))], "a.csv.gz")
    message = refused(path)
    assert "is no whole gzip archive: " in message or "cannot be read: Truncated compressed stream" in message


def test_no_archive_at_all(tmp_path: Path) -> None:
    assert "FILE is no whole gzip archive: Not a gzipped file" in refused(text(tmp_path, "hello", "a.csv.gz"))


def test_missing_columns(tmp_path: Path, candles: Candles) -> None:
    pq.write_table(table_of(candles).drop_columns(["low"]), tmp_path / "a.parquet")
    message = "FILE: found the columns timestamp, open, high, close, volume, but none for low; candles need"
    assert refused(tmp_path / "a.parquet").startswith(message)
    assert refused(text(tmp_path, "a,b\n1,2\n")).startswith("FILE: found the columns a, b, but none for timestamp, ")


def test_no_header(tmp_path: Path) -> None:
    message = refused(text(tmp_path, "\n".join(ROWS)))
    assert message.startswith(f"FILE has no header: its first line is {ROWS[0]!r}; put a line above it that names")


def test_text_where_numbers_should_be(tmp_path: Path) -> None:
    rows = [*ROWS, "", "2024-01-31 12:03,12,14,11,cheap,0", "2024-01-31 12:04,12,14,11,dear,0"]
    assert refused(text(tmp_path, HEADER + "\n".join(rows))) == (
        "FILE: the column close holds 'cheap' at line 6; prices and volume are plain numbers such as 4787.25, "
        "without currency signs or thousands separators"
    )


def test_text_where_times_should_be(tmp_path: Path) -> None:
    rows = [*ROWS, "noon,12,14,11,13,0"]
    assert "the column timestamp holds 'noon' at line 5, which is no time" in refused(
        text(tmp_path, HEADER + "\n".join(rows))
    )


def test_a_ragged_line(tmp_path: Path) -> None:
    rows = [*ROWS, "", "2024-01-31 12:03,12,14,11,13,0,7"]
    assert refused(text(tmp_path, HEADER + "\n".join(rows))) == (
        "FILE has 7 fields at line 6, where its header names 6; every line has the fields of the header"
    )


def test_text_that_is_no_utf8(tmp_path: Path) -> None:
    rows = "\n".join(ROWS).encode() + b"\n2024-01-31 \xff,12,14,11,13,0"
    assert "FILE cannot be read as a table: " in refused(text(tmp_path, HEADER.encode() + rows))


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.csv"])
def test_more_than_may_be_read(tmp_path: Path, candles: Candles, name: str) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        pq.write_table(table_of(candles), path)
    elif name.endswith("feather"):
        pyarrow.feather.write_feather(table_of(candles), str(path))
    else:
        candles.frame.to_csv(path, index=False)
    message = refused(path, most_cells=5_999)
    assert message.endswith(("cut the file, or raise TRAD_MOST_CELLS",))
    assert len(read_candles(path, most_cells=6_000)) == 1_000


def test_more_rows_than_may_be_read_are_told_by_number(tmp_path: Path, candles: Candles) -> None:
    pq.write_table(table_of(candles), tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet", most_cells=100) == (
        "FILE holds 1,000 rows of 6 columns, 6,000 values; Trad reads at most 100: cut the file, or raise "
        "TRAD_MOST_CELLS"
    )


def test_bad_candles_are_refused_but_can_be_reported(tmp_path: Path) -> None:
    path = text(tmp_path, HEADER + "\n".join([*ROWS, "2024-01-31 12:02,12,11,11,,-1"]))
    with pytest.raises(CandlesError) as refusal:
        read_candles(path)
    assert str(refusal.value).startswith(f"{path} cannot be traded on: 1 of 4 candles breaks a rule; correct or")
    report = check_file(path)
    rules = [broken.rule for broken in report.broken]
    assert rules == ["not_finite", "outside", "negative_volume", "duplicate"]
    assert len(read_table(path).timestamp) == 4


# What the table in the folder's README says of gaps, the longest of them in hours, and zero volumes.
REAL = {
    "6eh4-1m-2024-01": (29_996, 375, 48, 0),
    "adausdt-1h": (32_855, 1, 2, 1),
    "bnbusdt-1h": (32_855, 1, 2, 1),
    "btcusd-1m": (1_685_648, 143_256, 61 * 24, 0),
    "btcusdt-15m": (26_400, 0, None, 0),
    "btcusdt-1d": (2_967, 0, None, 0),
    "btcusdt-1h": (32_855, 1, 2, 1),
    "ethusdt-15m": (26_400, 0, None, 0),
    "ethusdt-1h": (32_855, 1, 2, 1),
    "eurusd-1h": (74_439, 641, 6.3 * 24, 74_439),
    "eurusd-1m-2023-06": (16_752, 167, 2.1 * 24, 16_752),
    "filusdt-perp-1m": (131_040, 0, None, 7),
    "gbpusd-1m-2012-02": (30_117, 111, 48, 30_117),
    "ltcbtc-5m": (5_760, 0, None, 0),
    "ltcusd-1m": (427_263, 56_326, 3, 0),
    "msft-1d": (8_111, 1_755, 7 * 24, 506),
    "nifty-1m": (183_888, 499, 5.7 * 24, 183_888),
    "spy-1d": (5_241, 1_138, 7 * 24, 0),
    "spy-1m-2011-01": (14_180, 1_435, 3.3 * 24, 0),
}


@pytest.mark.parametrize("name", REAL)
def test_real_candles_are_good(shared_data: Path, name: str) -> None:
    rows, gaps, longest, zero_volume = REAL[name]
    report = check_file(shared_data / f"{name}.parquet")
    assert report.good
    assert (report.rows, report.gaps, report.zero_volume) == (rows, gaps, zero_volume)
    hours = None if report.longest_gap_ms is None else report.longest_gap_ms / 3_600_000
    assert hours == (None if longest is None else pytest.approx(longest, abs=1.3))
    candles = read_candles(shared_data / f"{name}.parquet")
    assert len(candles) == rows
    assert f"-{candles.timeframe}" in name
    assert candles.name == name


def test_every_real_file_is_known_here(shared_data: Path) -> None:
    assert {path.stem for path in shared_data.glob("*.parquet")} == set(REAL)


DIRTY = {
    "planted-bad-1d.csv": [
        "cannot be traded on: 165 of 502 candles break a rule; correct or remove these rows (they count from 0)",
        "NaN or infinite value: 51 rows",
        "high below low: 3 rows",
        "price at or below zero: 54 rows",
        "row 358  2018-06-06  open 266.68  high 268.36  low 266.01  close 268.24  volume -64874192",
        "no time: 50 rows",
    ],
    "cboe-vix-1d-1990-1999.csv": [
        "cannot be traded on: 43 of 2,524 candles break a rule;",
        "open or close outside high/low: 43 rows",
        "row 533  1992-02-11  open 19.24  high 18.57  low 17.61  close 17.7  volume 0",
    ],
    "yahoo-unilever-1d-null.csv": ["NaN or infinite value: 3 rows", "row 15  2005-03-18"],
    "eurex-fesx-1m-2006-wrong-header.txt": ["has 8 fields at line 2, where its header names 7; every line has"],
    "nasdaq-tesla-1d.csv": ["the column volume holds '4,787,699' at line 2; prices and volume are plain numbers"],
    "binance-btcusdt-1h-2025-01.csv": ["has no header: its first line is '1735689600000000,93576.00000000,"],
    "investing-bitcoin-1d.csv": ["found the columns Date, Price, Open, High, Low, Vol., Change %, but none for close"],
}


@pytest.mark.parametrize("name", DIRTY)
def test_dirty_files_are_refused_in_clear_words(shared_data: Path, name: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_candles(shared_data / "dirty" / name)
    for words in DIRTY[name]:
        assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "rows", "timeframe"),
    [
        ("mt5-tabs-angle-brackets.csv", 16, "1h"),
        ("iso-offset-1m-zero-volume.csv", 3_013, "1m"),
        ("dukascopy-eurusd-1h-dayfirst.csv", 6_225, "1h"),
        ("mt5-gbpusd-4h-scaled.csv", 6_000, "4h"),
    ],
)
def test_odd_but_good_files_are_read(shared_data: Path, name: str, rows: int, timeframe: str) -> None:
    candles = read_candles(shared_data / "dirty" / name)
    assert (len(candles), str(candles.timeframe)) == (rows, timeframe)
