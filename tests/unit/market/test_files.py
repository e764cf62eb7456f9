import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from trad.errors import CandlesError, DataFileError
from trad.market.candles import Candles
from trad.market.files import MOST_CELLS, check_file, read_candles, read_table

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


def refused(path: Path, *, most_cells: int = MOST_CELLS) -> str:
    with pytest.raises(DataFileError) as refusal:
        read_candles(path, most_cells=most_cells)
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
        '"symbol","timestamp","open","high","low","close","volume"\n'
        + "\n".join(f'"Caf\u00e9",{r}' for r in ROWS),
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
    assert refused(text(tmp_path, "x", "a.xlsx")).startswith(
        "FILE has the ending .xlsx; Trad reads .parquet, .pq"
    )
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
    assert "FILE is no whole Arrow file: " in refused(
        text(tmp_path, whole[: int(kept * len(whole))], "a.feather")
    )


@pytest.mark.parametrize("name", ["a.parquet", "a.feather"])
def test_a_text_with_another_ending(tmp_path: Path, name: str) -> None:
    assert "is no whole" in refused(text(tmp_path, HEADER + "\n".join(ROWS), name))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PAR1....", "FILE is no CSV but a Parquet file; name it .parquet"),
        (b"ARROW1..", "FILE is no CSV but an Arrow file; name it .arrow"),
        (b"PK\x03\x04....", "FILE is no CSV but a zip archive; unpack it first"),
        (gzip.compress(b"timestamp", mtime=0), "FILE is no CSV but compressed with gzip; name it .csv.gz"),
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
    assert refused(text(tmp_path, "a,b\n1,2\n")).startswith(
        "FILE: found the columns a, b, but none for timestamp, "
    )


def test_no_header(tmp_path: Path) -> None:
    message = refused(text(tmp_path, "\n".join(ROWS)))
    assert message.startswith(
        f"FILE has no header: its first line is {ROWS[0]!r}; put a line above it that names"
    )


def test_text_where_numbers_should_be(tmp_path: Path) -> None:
    rows = [*ROWS, "", "2024-01-31 12:03,12,14,11,cheap,0", "2024-01-31 12:04,12,14,11,dear,0"]
    assert refused(text(tmp_path, HEADER + "\n".join(rows))) == (
        "FILE: the column close holds 'cheap' at line 6; prices and volume are plain numbers such as "
        "4787.25, without currency signs or thousands separators"
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
    assert refused(path, most_cells=5_999).endswith("cut the file, or raise TRAD_MOST_CELLS")
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
    assert str(refusal.value).startswith(
        f"{path} cannot be traded on: 1 of 4 candles breaks a rule; correct or"
    )
    report = check_file(path)
    rules = [broken.rule for broken in report.broken]
    assert rules == ["not_finite", "outside", "negative_volume", "duplicate"]
    assert len(read_table(path).timestamp) == 4
