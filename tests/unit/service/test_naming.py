"""Names from outside lead into their folders, and nowhere else."""

from pathlib import Path

import pytest
from tests.fakes.plans import FAKES

from trad.errors import InputError, StrategyNotFound
from trad.market.linked_folders import link_folder
from trad.service.naming import checked_strategy, dataset_file, library_files
from trad.settings import Settings, read_settings


@pytest.fixture
def settings(trad_home: Path) -> Settings:
    found = read_settings()
    found.strategies.mkdir()
    found.library.mkdir()
    (found.strategies / "mine.py").write_text((FAKES / "plodding.py").read_text())
    (found.library / "btc.parquet").write_bytes(b"not read here")
    return found


class TestStrategies:
    @pytest.mark.parametrize("name", ["sma_cross", "mine", "mine:Plodding"])
    def test_a_built_in_or_a_file_of_the_folder(self, settings: Settings, name: str) -> None:
        assert checked_strategy(name, settings.strategies) == name

    @pytest.mark.parametrize(
        "name",
        [
            "../mine", "/mine", "mine.py", "mine.py:Plodding", "sub/mine", "mine/", ".mine", "", "a" * 65,
            "mine:", "mine:a-b", "mine\n", "mine\0", "míne", "~/mine", "mine:Plodding:x", "nothing",
            "nothing:Plodding",
        ],
    )  # fmt: skip
    def test_nothing_else(self, settings: Settings, name: str) -> None:
        with pytest.raises(StrategyNotFound):
            checked_strategy(name, settings.strategies)

    def test_a_file_in_the_current_folder_is_not_found(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "here.py").write_text((FAKES / "plodding.py").read_text())
        monkeypatch.chdir(tmp_path)
        for name in ("here", "here.py", "here.py:Plodding"):
            with pytest.raises(StrategyNotFound):
                checked_strategy(name, settings.strategies)

    def test_a_name_that_ends_like_a_file_means_no_file_elsewhere(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (settings.strategies / "here.py.py").write_text((FAKES / "plodding.py").read_text())
        (tmp_path / "here.py").write_text("raise SystemExit")
        monkeypatch.chdir(tmp_path)
        with pytest.raises(StrategyNotFound):
            checked_strategy("here.py", settings.strategies)

    def test_links_are_not_followed(self, settings: Settings, tmp_path: Path) -> None:
        (settings.strategies / "linked.py").symlink_to(FAKES / "plodding.py")
        with pytest.raises(StrategyNotFound):
            checked_strategy("linked", settings.strategies)

    def test_the_folder_itself_may_be_reached_by_a_link(self, settings: Settings, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(settings.strategies)
        assert checked_strategy("mine", tmp_path / "link") == "mine"

    def test_a_slip_is_pointed_out(self, settings: Settings) -> None:
        with pytest.raises(StrategyNotFound, match=r"did you mean sma_cross\?"):
            checked_strategy("sma_crosss", settings.strategies)


class TestDatasets:
    def test_a_file_of_the_library(self, settings: Settings) -> None:
        assert dataset_file("btc", settings) == settings.library / "btc.parquet"
        assert list(library_files(settings)) == ["btc"]

    @pytest.mark.parametrize(
        "name", ["../btc", "btc.parquet", "/btc", "", "btc\0", "btc\n", "cache", "b" * 65]
    )
    def test_nothing_else(self, settings: Settings, name: str) -> None:
        with pytest.raises(InputError, match="no data is called"):
            dataset_file(name, settings)

    def test_links_are_not_followed(self, settings: Settings, tmp_path: Path) -> None:
        outside = tmp_path / "outside.parquet"
        outside.write_bytes(b"secret")
        (settings.library / "linked.parquet").symlink_to(outside)
        with pytest.raises(InputError, match="no data is called"):
            dataset_file("linked", settings)
        assert list(library_files(settings)) == ["btc"]

    def test_a_file_of_a_linked_folder(self, settings: Settings, tmp_path: Path) -> None:
        linked = tmp_path / "data" / "binance" / "X-1h.feather"
        linked.parent.mkdir(parents=True)
        linked.write_bytes(b"not read here")
        link_folder(tmp_path / "data", settings)
        assert dataset_file("binance.X-1h", settings) == linked
        assert list(library_files(settings)) == ["btc", "binance.X-1h"]
        linked.unlink()
        linked.symlink_to(settings.library / "btc.parquet")
        with pytest.raises(InputError, match="no data is called"):
            dataset_file("binance.X-1h", settings)

    def test_what_is_there_is_named(self, settings: Settings) -> None:
        with pytest.raises(InputError, match=r"there are sample:aapl-1d, sample:minute, btc"):
            dataset_file("zzzzz", settings)
