import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from trad.errors import CandlesError
from trad.market.frames import columns_from_frame

HOURS = pd.date_range("2024-01-31 12:00", periods=3, freq="h")
PRICES = {"open": [10.0, 11, 12], "high": [12.0, 13, 14], "low": [9.0, 10, 11], "close": [11.0, 12, 13]}


class PolarsLike:
    """A frame of another library, which hands itself over through pandas."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def to_pandas(self) -> pd.DataFrame:
        return self._frame


class ArrowLike:
    """A frame of another library, which hands itself over as a stream of Arrow."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"timestamp": HOURS, **PRICES, **columns})


FRAMES = {
    "column": frame(),
    "zone": frame(timestamp=HOURS.tz_localize("UTC").tz_convert("Asia/Tokyo")),
    "text": frame(timestamp=HOURS.astype(str)),
    "categories": frame(timestamp=pd.Categorical(HOURS.astype(str))),
    "objects": frame(timestamp=pd.Series(list(HOURS.to_pydatetime()), dtype=object)),
    "seconds": frame(timestamp=HOURS.as_unit("s").asi8),
    "nanoseconds": frame(timestamp=HOURS.as_unit("ns").asi8),
    "nullable": frame().convert_dtypes(),
    "capitals": frame().rename(columns=str.upper),
    "index": pd.DataFrame(PRICES, index=HOURS),
    "named index": pd.DataFrame(PRICES, index=HOURS.rename("Date")),
    "index and column": frame(timestamp=[1, 2, 3]).set_index(HOURS),
    "text index": frame(timestamp=HOURS.astype(str)).rename(columns={"timestamp": "date"}).set_index("date"),
    "two levels": pd.DataFrame(
        np.array(list(PRICES.values())).T,
        index=HOURS,
        columns=pd.MultiIndex.from_tuples([(name.title(), "AAPL") for name in PRICES]),
    ),
    "table": pa.Table.from_pandas(frame()),
    "chunks": pa.concat_tables([pa.Table.from_pandas(frame()[:1]), pa.Table.from_pandas(frame()[1:])]),
    "batch": pa.RecordBatch.from_pandas(frame()),
    "to_pandas": PolarsLike(frame()),
    "stream": ArrowLike(pa.Table.from_pandas(frame())),
}


@pytest.mark.parametrize("given", FRAMES.values(), ids=FRAMES.keys())
def test_frames_of_every_kind(given: object) -> None:
    timestamp, columns = columns_from_frame(given)
    assert timestamp.dtype == "datetime64[ms]"
    assert list(timestamp) == list(HOURS.to_numpy())
    for name, values in PRICES.items():
        assert list(columns[name]) == values
    assert list(columns["volume"]) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "volume",
    [
        [1, 2, 3],
        pd.array([1, 2, 3], dtype="Int64"),
        np.array([1, 2, 3], np.float32),
        ["1", " 2.0", "3e0"],
        pd.array([1, 2, 3], dtype="double[pyarrow]"),
    ],
)
def test_numbers_of_every_kind(volume: object) -> None:
    columns = columns_from_frame(frame(volume=volume)).columns
    assert columns["volume"].dtype == np.float64
    assert list(columns["volume"]) == [1.0, 2.0, 3.0]


def test_missing_values_become_nan() -> None:
    columns = columns_from_frame(
        frame(volume=pd.array([1, None, 3], dtype="Int64"), close=[None, 12, 13])
    ).columns
    assert np.isnan(columns["volume"]).tolist() == [False, True, False]
    assert np.isnan(columns["close"]).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1, 2], "the frame was a list; give a pandas or Polars DataFrame, or a pyarrow Table"),
        (
            frame().drop(columns="low"),
            "found the columns timestamp, open, high, close, but none for low; candles",
        ),
        (frame().drop(columns="timestamp"), "but none for timestamp; candles need"),
        (
            frame(close=["11", "n.a.", "13"]),
            "the column close holds 'n.a.' at row 1; prices and volume are plain",
        ),
        (
            frame(close=pd.Series([11.0, "x", 13], dtype=object)),
            "the column close holds values of several kinds",
        ),
        (
            frame(close=[True, False, True]),
            "the column close holds bool; prices and volume are plain numbers",
        ),
        (frame(close=HOURS), r"the column close holds timestamp\[us\]; prices and volume are plain numbers"),
        (
            frame(Close=[1, 2, 3]),
            "two columns, 'close' and 'Close', could be the close; leave one of them out",
        ),
    ],
)
def test_what_is_no_frame_of_candles_is_refused(given: object, message: str) -> None:
    with pytest.raises(CandlesError, match=message):
        columns_from_frame(given)


def test_files_are_read_without_loading_pandas(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("date,time,open,high,low,close\n2024-01-31,12:30,10,12,9,11\n,,10,12,9,\n")
    pa.parquet.write_table(pa.Table.from_pandas(frame()), tmp_path / "prices.parquet")
    code = (
        "import sys, pathlib, trad.market.files as f, trad.market.cache as c\n"
        "assert 'pyarrow' not in sys.modules\n"
        f"f.check_file({str(path)!r})\n"
        f"candles = f.read_candles({str(tmp_path / 'prices.parquet')!r})\n"
        f"c.store(candles, pathlib.Path({str(tmp_path)!r}))\n"
        f"c.open_cached(pathlib.Path({str(tmp_path)!r}), candles.content_hash)\n"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
