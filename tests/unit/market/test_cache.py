import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trad.errors import DataFileError
from trad.market.cache import open_cached, store
from trad.market.candles import Candles
from trad.market.samples import read_sample


@pytest.fixture
def candles() -> Candles:
    return read_sample("sample:minute?candles=3000")


def test_what_was_stored_is_mapped(tmp_path: Path, candles: Candles) -> None:
    path = store(candles, tmp_path / "new" / "cache")
    assert path == tmp_path / "new" / "cache" / f"{candles.content_hash}.arrow"
    opened = open_cached(path.parent, candles.content_hash)
    assert (opened.name, opened.synthetic) == (candles.name, True)
    assert np.array_equal(opened.timestamp, candles.timestamp)
    for name, column in candles.columns.items():
        assert np.array_equal(opened.columns[name], column)
    assert opened[:].content_hash == candles.content_hash


def test_the_arrays_are_views_of_the_mapping_and_read_only(tmp_path: Path, candles: Candles) -> None:
    store(candles, tmp_path)
    opened = open_cached(tmp_path, candles.content_hash)
    for column in (opened.timestamp, *opened.columns.values()):
        assert not column.flags.owndata
        assert column.flags.aligned
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[1]
        with pytest.raises(ValueError, match="cannot set WRITEABLE"):
            column.flags.writeable = True


def test_the_mapping_lives_as_long_as_a_view_of_it(tmp_path: Path, candles: Candles) -> None:
    store(candles, tmp_path)
    close = open_cached(tmp_path, candles.content_hash).close[1000:]
    store_again = tmp_path / f"{candles.content_hash}.arrow"
    store_again.unlink()
    assert np.array_equal(close, candles.close[1000:])


def test_storing_twice_writes_once(tmp_path: Path, candles: Candles) -> None:
    first = store(candles, tmp_path).stat()
    again = store(candles, tmp_path).stat()
    assert (first.st_ino, first.st_mtime_ns) == (again.st_ino, again.st_mtime_ns)
    assert [path.name for path in tmp_path.iterdir()] == [f"{candles.content_hash}.arrow"]


def test_a_torn_file_is_written_anew(tmp_path: Path, candles: Candles) -> None:
    path = store(candles, tmp_path)
    path.write_bytes(path.read_bytes()[:5_000])
    store(candles, tmp_path)
    assert open_cached(tmp_path, candles.content_hash)[:].content_hash == candles.content_hash


def test_a_failed_write_leaves_nothing(
    tmp_path: Path, candles: Candles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        DataFileError, match=r"cannot be kept in .*: No space left on device; make room there, or set"
    ):
        store(candles, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path, candles: Candles) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFileError, match="the candles cannot be kept in"):
        store(candles, tmp_path / "file" / "cache")


@pytest.mark.parametrize(
    "content_hash", ["", "../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "/", "a" * 64 + "\n"]
)
def test_only_a_hash_is_looked_for(tmp_path: Path, content_hash: str) -> None:
    with pytest.raises(DataFileError, match="is no content hash; it has 64 digits from 0-9a-f"):
        open_cached(tmp_path, content_hash)


def test_a_hash_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=f"no candles with the hash {'a' * 64} are in .*; read their file again"
    ):
        open_cached(tmp_path, "a" * 64)


def test_a_truncated_file(tmp_path: Path, candles: Candles) -> None:
    path = store(candles, tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataFileError, match=r"is no whole Arrow file: .*; fetch or write it again"):
        open_cached(tmp_path, candles.content_hash)


def test_a_file_under_a_wrong_name(tmp_path: Path, candles: Candles) -> None:
    store(candles, tmp_path).rename(tmp_path / f"{'b' * 64}.arrow")
    with pytest.raises(DataFileError, match="holds other candles than its name says; delete it"):
        open_cached(tmp_path, "b" * 64)


def test_a_process_that_touches_one_column_maps_it_alone(tmp_path: Path) -> None:
    large = read_sample("sample:minute?candles=1500000")
    store(large, tmp_path)
    code = (
        "import pathlib, pyarrow\n"
        "from trad.market.cache import open_cached\n"
        "def resident(): return int(open('/proc/self/statm').read().split()[1]) * 4096\n"
        f"open_cached(pathlib.Path({str(tmp_path)!r}), {large.content_hash!r}).close[0]\n"
        "before = resident()\n"
        f"candles = open_cached(pathlib.Path({str(tmp_path)!r}), {large.content_hash!r})\n"
        "opened = resident() - before\n"
        "candles.close.sum()\n"
        "print(opened, resident() - before)"
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("resident memory is read from /proc")
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    opened, touched = map(int, printed.split())
    assert opened < 2_000_000
    assert touched < 20_000_000
