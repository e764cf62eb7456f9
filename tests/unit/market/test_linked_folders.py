"""Folders of other programs, read where they lie."""

import json
from pathlib import Path

import pytest
from tests.fakes.folder import Folder

from trad.errors import DataFileError, DataNotFound, InputError
from trad.market.dataset_summaries import summaries, summary
from trad.market.datasets import delete_dataset, rename_dataset, save_dataset
from trad.market.library import dataset_names, find_candles
from trad.market.linked_folders import link_folder, linked_folders, unlink_folder
from trad.market.samples import read_sample


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "home" / "data")


@pytest.fixture
def freqtrade(tmp_path: Path) -> Path:
    """Data as freqtrade lays them out."""
    data = tmp_path / "user_data" / "data"
    (data / "binance" / "futures").mkdir(parents=True)
    frame = read_sample("sample:aapl-1d").frame.rename(columns={"timestamp": "date"})
    for file in ("BTC_USDT-1d", "futures/ETH_USDT_USDT-1d-futures", "futures/ETH_USDT_USDT-8h-funding_rate"):
        frame.to_feather(data / "binance" / f"{file}.feather")
    (data / "binance" / "notes.md").write_text("")
    return data


NAMES = ("binance.BTC_USDT-1d", "binance.futures.ETH_USDT_USDT-1d-futures")


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")}


def test_candles_are_found_by_name_and_nothing_is_written(folder: Folder, freqtrade: Path) -> None:
    before = snapshot(freqtrade)
    link_folder(freqtrade, folder)
    assert dataset_names(folder) == NAMES
    read = find_candles("binance.BTC_USDT-1d", folder)
    assert read.content_hash == read_sample("sample:aapl-1d").content_hash
    assert snapshot(freqtrade) == before


def test_a_folder_of_files_gives_its_name_or_the_one_asked_for(folder: Folder, freqtrade: Path) -> None:
    link_folder(freqtrade / "binance", folder)
    assert dataset_names(folder) == NAMES
    unlink_folder(freqtrade / "binance", folder)
    assert dataset_names(folder) == ()
    link_folder(freqtrade / "binance", folder, prefix="mine")
    assert dataset_names(folder) == tuple(name.replace("binance", "mine") for name in NAMES)


def test_they_are_told_of_without_their_prices(folder: Folder, freqtrade: Path) -> None:
    link_folder(freqtrade, folder)
    listed = [one for one in summaries(folder) if one.kind == "linked"]
    assert [one.name for one in listed] == list(NAMES)
    assert (listed[0].candles, listed[0].interval, listed[0].source) == (3270, "1d", str(freqtrade))
    assert summary(NAMES[0], folder) == listed[0]


def test_a_stored_dataset_of_the_same_name_goes_first(folder: Folder, freqtrade: Path) -> None:
    link_folder(freqtrade, folder)
    save_dataset(read_sample("sample:minute?candles=50"), NAMES[0], source="", settings=folder)
    assert len(find_candles(NAMES[0], folder)) == 50
    assert [one.kind for one in summaries(folder)][2:] == ["stored", "linked"]


def test_they_cannot_be_renamed_or_deleted(folder: Folder, freqtrade: Path) -> None:
    link_folder(freqtrade, folder)
    for change in (
        lambda: delete_dataset(NAMES[0], settings=folder),
        lambda: rename_dataset(NAMES[0], "x", settings=folder),
    ):
        with pytest.raises(DataNotFound, match="linked folder, whose files stay as they are"):
            change()


def test_links_in_a_linked_folder_are_not_followed(folder: Folder, freqtrade: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    read_sample("sample:aapl-1d").frame.to_feather(outside / "secret.feather")
    (freqtrade / "binance" / "file.feather").symlink_to(outside / "secret.feather")
    (freqtrade / "elsewhere").symlink_to(outside)
    link_folder(freqtrade, folder)
    assert dataset_names(folder) == NAMES


def test_a_folder_that_is_gone_has_no_candles(folder: Folder, freqtrade: Path) -> None:
    link_folder(freqtrade, folder)
    freqtrade.rename(freqtrade.with_name("moved"))
    assert dataset_names(folder) == ()
    unlink_folder(freqtrade, folder)
    assert linked_folders(folder) == ()


def test_what_cannot_be_linked(folder: Folder, freqtrade: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    link_folder(freqtrade, folder)
    for path, message in (
        (tmp_path / "none", "there is no folder"),
        (tmp_path / "empty", "holds no file of candles"),
        (folder.library, "belongs to the library"),
        (freqtrade, "is linked already"),
    ):
        with pytest.raises(InputError, match=message):
            link_folder(path, folder)
    with pytest.raises(InputError, match="the name was 'a b'"):
        link_folder(freqtrade / "binance", folder, prefix="a b")
    with pytest.raises(InputError, match=r"is not linked; linked: .*user_data"):
        unlink_folder(tmp_path / "empty", folder)


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"folder": "/x"}]', json.dumps({"folder": "x"})])
def test_a_torn_list_is_told(folder: Folder, text: str) -> None:
    folder.library.mkdir(parents=True)
    (folder.library / "linked.json").write_text(text)
    with pytest.raises(DataFileError, match="delete it and link again"):
        dataset_names(folder)
