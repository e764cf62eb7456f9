"""Storing candles in the library."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.folder import Folder

from trad.errors import CandlesError, DataFileError, InputError
from trad.market.candles import Candles
from trad.market.dataset_marks import read_marks
from trad.market.datasets import read_dataset, save_dataset
from trad.market.library import find_candles
from trad.market.library_folder import stored_names
from trad.market.samples import read_sample
from trad.market.whole_files import ASIDE, alone_in


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


def hours(count: int, price: float = 10.0) -> Candles:
    times = np.datetime64("2024-01-01", "ms") + np.arange(count) * np.timedelta64(3_600_000, "ms")
    close = price + np.arange(count)
    return Candles(times, close, close + 1, close - 1, close, np.ones(count), name="BTC/USDT")


def test_what_was_stored_is_read_back_to_the_last_bit(folder: Folder) -> None:
    candles = read_sample("sample:aapl-1d")
    saved = save_dataset(candles, "aapl", source="a sample", settings=folder)
    assert (saved.name, saved.candles, saved.unchanged, saved.same_as) == ("aapl", 3270, False, None)
    read = find_candles("aapl", folder)
    assert (read.content_hash, read.name) == (candles.content_hash, "aapl")


def test_marks_are_kept_with_the_candles(folder: Folder) -> None:
    candles = hours(50)
    gapped = Candles(
        *(np.delete(c, [7, 20]) for c in (candles.timestamp, *candles.columns.values())), name="X"
    )
    marks = read_marks(save_dataset(gapped, "x", source="x.csv", settings=folder).path)
    assert marks is not None
    assert (marks.symbol, marks.source, marks.candles, marks.interval, marks.gaps) == (
        "X",
        "x.csv",
        48,
        "1h",
        2,
    )
    assert (marks.first, marks.last) == (1_704_067_200_000, 1_704_067_200_000 + 49 * 3_600_000)
    assert marks.content_hash == gapped.content_hash


def test_made_up_candles_stay_marked(folder: Folder) -> None:
    save_dataset(read_sample("sample:minute?candles=100"), "made-up", source="sample", settings=folder)
    assert find_candles("made-up", folder).synthetic


def test_the_same_again_writes_nothing(folder: Folder) -> None:
    first = save_dataset(hours(50), "x", source="one", settings=folder)
    before = first.path.stat().st_mtime_ns
    again = save_dataset(hours(50), "x", source="two", settings=folder)
    assert again.unchanged
    assert first.path.stat().st_mtime_ns == before


def test_the_same_under_another_name_is_stored_once(folder: Folder) -> None:
    first = save_dataset(hours(50), "x", source="one", settings=folder)
    second = save_dataset(hours(50), "y", source="two", settings=folder)
    assert second.same_as == "x"
    assert first.path.samefile(second.path)
    save_dataset(hours(51), "x", source="three", settings=folder, replace=True)
    assert len(find_candles("y", folder)) == 50


def test_a_taken_name_is_refused_unless_it_is_replaced(folder: Folder) -> None:
    save_dataset(hours(50), "x", source="one", settings=folder)
    with pytest.raises(InputError, match="other candles called x already; choose another name"):
        save_dataset(hours(51), "x", source="two", settings=folder)
    assert len(find_candles("x", folder)) == 50
    save_dataset(hours(51), "x", source="two", settings=folder, replace=True)
    assert len(find_candles("x", folder)) == 51


def test_a_file_of_the_users_own_counts_as_taken(folder: Folder) -> None:
    folder.library.mkdir()
    hours(50).frame.to_parquet(folder.library / "own.parquet")
    assert save_dataset(hours(50), "own", source="", settings=folder).unchanged
    (folder.library / "torn.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="other candles called torn"):
        save_dataset(hours(50), "torn", source="", settings=folder)


def test_marks_of_a_table_that_was_cut_since_are_not_believed(folder: Folder) -> None:
    import pyarrow.parquet as pq

    path = save_dataset(hours(50), "x", source="one", settings=folder).path
    pq.write_table(pq.read_table(path).slice(0, 40), path)
    assert read_marks(path) is None
    assert save_dataset(hours(50), "y", source="two", settings=folder).same_as is None


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "x" * 65, "a b", "x\n", "prices.csv", "x.PARQUET"])
def test_names_that_cannot_be(folder: Folder, name: str) -> None:
    with pytest.raises(InputError, match="a dataset's name was"):
        save_dataset(hours(5), name, source="", settings=folder)
    assert not folder.library.exists()


def test_no_candles_are_no_dataset(folder: Folder) -> None:
    with pytest.raises(CandlesError, match="holds no candles"):
        save_dataset(hours(5)[:0], "x", source="", settings=folder)


def test_a_library_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DataFileError, match=r"nothing can be changed in .*; make room there"):
        save_dataset(hours(5), "x", source="", settings=Folder(tmp_path / "data"))


def test_of_many_at_once_one_gets_the_name(folder: Folder) -> None:
    refusals: list[InputError] = []
    start = threading.Barrier(8)

    def save(price: float) -> None:
        start.wait()
        try:
            save_dataset(hours(50, price), "x", source=str(price), settings=folder)
        except InputError as error:
            refusals.append(error)

    threads = [threading.Thread(target=save, args=(10.0 + number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refusals) == 7
    assert stored_names(folder) == ("x",)
    assert len(read_dataset("x", folder.library / "x.parquet", most_cells=1_000)) == 50


ROOT = Path(__file__).parents[3]

STOPS_HALFWAY = """
import os, signal, sys
from pathlib import Path
from tests.fakes.folder import Folder
from trad.market import arrow_files, datasets
from trad.market.samples import read_sample

real = arrow_files.write_parquet
def half(file, *rest):
    real(file, *rest)
    file.truncate(1_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
arrow_files.write_parquet = half
datasets.save_dataset(
    read_sample("sample:aapl-1d"), "x", source="", settings=Folder(Path(sys.argv[1])), replace=True
)
"""


def test_killed_while_it_writes_leaves_the_old_and_nothing_else(folder: Folder) -> None:
    save_dataset(hours(50), "x", source="old", settings=folder)
    ended = subprocess.run([sys.executable, "-c", STOPS_HALFWAY, str(folder.library)], check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    assert len(find_candles("x", folder)) == 50
    assert stored_names(folder) == ("x",)
    assert list(folder.library.glob(f"{ASIDE}*"))  # the proof that it died in the middle
    with alone_in(folder.library):
        assert not list(folder.library.glob(f"{ASIDE}*"))
