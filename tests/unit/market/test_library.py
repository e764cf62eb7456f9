from dataclasses import dataclass
from pathlib import Path

import pytest

from trad.errors import DataFileError, InputError
from trad.market.library import find_candles, resolve_reference
from trad.market.library_folder import stored_names
from trad.market.samples import read_sample
from trad.settings import read_settings

HOURS = "time,open,high,low,close\n2024-01-31 12:00,10,12,9,11\n2024-01-31 13:00,10,12,9,11\n"


@dataclass(frozen=True)
class Folders:
    library: Path
    most_cells: int = 1_000_000


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    library = tmp_path / "library"
    library.mkdir()
    for name in ("btcusdt-1h", "spy", "not a name"):
        read_sample("sample:aapl-1d").frame.to_parquet(library / f"{name}.parquet")
    (library / "notes.txt").write_text("")
    return Folders(library)


def test_a_sample(folders: Folders) -> None:
    assert len(find_candles("sample:minute?candles=50", folders)) == 50


def test_a_name_in_the_library(folders: Folders) -> None:
    candles = find_candles("btcusdt-1h", folders)
    assert candles.name == "btcusdt-1h"
    assert stored_names(folders) == ("btcusdt-1h", "spy")


def test_the_settings_have_what_the_library_needs(trad_home: Path) -> None:
    settings = read_settings()
    assert stored_names(settings) == ()
    settings.library.mkdir()
    read_sample("sample:aapl-1d").frame.to_parquet(settings.library / "mine.parquet")
    assert find_candles("mine", settings).name == "mine"


def test_paths(folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prices.csv").write_text(HOURS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("prices.csv", "./prices.csv", str(tmp_path / "prices.csv"), "~/prices.csv"):
        assert len(find_candles(path, folders)) == 2


def test_a_path_that_leads_nowhere_is_told_as_a_path(folders: Folders) -> None:
    for path in ("prices.csv", "some/where", "x.PARQUET"):
        with pytest.raises(DataFileError, match=f"there is no file {path}"):
            find_candles(path, folders)


def test_something_that_is_there_is_a_path(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spy").write_text(HOURS)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataFileError, match="spy has no ending; Trad reads"):
        find_candles("spy", folders)


def test_the_limit_holds(folders: Folders) -> None:
    with pytest.raises(DataFileError, match="TRAD_MOST_CELLS"):
        find_candles("spy", Folders(folders.library, most_cells=10))


def test_an_unknown_name_is_answered_with_what_there_is(folders: Folders) -> None:
    with pytest.raises(InputError) as refusal:
        find_candles("btcusdt-1d", folders)
    assert str(refusal.value) == (
        "no data is called 'btcusdt-1d' (did you mean btcusdt-1h?); give a path, a sample (sample:aapl-1d, "
        "sample:minute) or a name in the library; the library has btcusdt-1h, spy"
    )


def test_a_sample_without_its_prefix_is_guessed(folders: Folders) -> None:
    with pytest.raises(InputError, match=r"'minut' \(did you mean sample:minute\?\); give a path"):
        find_candles("minut", folders)


@pytest.mark.parametrize("name", ["", "not a name", "-x", ".hidden", "x" * 65, "x" * 5_000, "a\0b"])
def test_what_can_be_no_name_is_refused(folders: Folders, name: str) -> None:
    with pytest.raises(InputError, match=r"no data is called .*; the library has btcusdt-1h, spy"):
        find_candles(name, folders)


def test_an_empty_library_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'anything'; give a path, .* the library is empty"):
        find_candles("anything", Folders(tmp_path / "none"))


def test_references_mean_the_same_in_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_reference("prices.csv") == str(tmp_path.resolve() / "prices.csv")
    assert resolve_reference("/data/prices.csv") == "/data/prices.csv"
    assert resolve_reference("sample:minute?candles=5") == "sample:minute?candles=5"
    assert resolve_reference("btcusdt-1h") == "btcusdt-1h"
