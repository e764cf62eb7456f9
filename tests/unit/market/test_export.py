"""Files for other programs are read back to the last bit."""

from pathlib import Path

import pandas as pd
import pytest

from trad.errors import InputError
from trad.market.export import export_candles
from trad.market.files import read_candles
from trad.market.samples import read_sample


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".feather"])
def test_read_back_to_the_last_bit(tmp_path: Path, ending: str) -> None:
    candles = read_sample("sample:minute?candles=3000")
    path = tmp_path / f"out{ending}"
    export_candles(candles, path)
    assert read_candles(path).content_hash == candles.content_hash
    (tmp_path / "other").touch()
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode
    (tmp_path / "other").unlink()
    with pytest.raises(InputError, match="is there already"):
        export_candles(candles[:10], path)
    export_candles(candles[:10], path, replace=True)
    assert len(read_candles(path)) == 10
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_pandas_reads_feather(tmp_path: Path) -> None:
    candles = read_sample("sample:aapl-1d")
    export_candles(candles, tmp_path / "a.feather")
    frame = pd.read_feather(tmp_path / "a.feather")
    assert list(frame) == ["timestamp", "open", "high", "low", "close", "volume"]
    assert len(frame) == len(candles)


def test_what_cannot_be_written(tmp_path: Path) -> None:
    candles = read_sample("sample:aapl-1d")
    with pytest.raises(InputError, match=r"Trad writes .csv, .parquet, .feather"):
        export_candles(candles, tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="there is no folder"):
        export_candles(candles, tmp_path / "none" / "x.csv")
