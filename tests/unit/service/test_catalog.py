"""Lists of strategies and datasets: a file is looked into once for each change of it."""

import os
from pathlib import Path

import pytest
from tests.fakes.plans import FAKES

from trad.errors import InspectionFailed
from trad.market.linked_folders import link_folder, unlink_folder
from trad.market.samples import read_sample
from trad.service import catalog as catalog_module
from trad.service.catalog import Catalog
from trad.service.inspector import DatasetListing, StrategyListing
from trad.service.inspector_direct import DirectInspector
from trad.settings import Settings, read_settings

MINE = (FAKES / "plodding.py").read_text()


class RecordingInspector(DirectInspector):
    """Remembers which files it looked into; some it does not come back from."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.looked: list[str] = []
        self.hanging: set[str] = set()

    def strategies_in(self, name: str) -> list[StrategyListing]:
        self.looked.append(name)
        if name in self.hanging:
            raise InspectionFailed("it gave no answer within 10 s")
        return super().strategies_in(name)

    def dataset(self, name: str) -> DatasetListing:
        self.looked.append(name)
        return super().dataset(name)


@pytest.fixture
def settings(trad_home: Path) -> Settings:
    found = read_settings()
    found.strategies.mkdir()
    found.library.mkdir()
    (found.strategies / "mine.py").write_text(MINE)
    return found


@pytest.fixture
def inspector(settings: Settings) -> RecordingInspector:
    return RecordingInspector(settings)


@pytest.fixture
def catalog(settings: Settings, inspector: RecordingInspector) -> Catalog:
    return Catalog(settings, inspector)


def named(catalog: Catalog) -> dict[str, StrategyListing]:
    return {listing.name: listing for listing in catalog.strategies()}


class TestStrategies:
    def test_those_of_the_folder_stand_behind_the_built_in_ones(self, catalog: Catalog) -> None:
        assert list(named(catalog))[-2:] == ["bollinger_reversion", "mine"]

    def test_a_file_is_looked_into_once(self, catalog: Catalog, inspector: RecordingInspector) -> None:
        assert catalog.strategies() == catalog.strategies()
        assert inspector.looked == ["mine"]

    def test_a_changed_file_is_looked_into_again(
        self, catalog: Catalog, inspector: RecordingInspector, settings: Settings
    ) -> None:
        catalog.strategies()
        file = settings.strategies / "mine.py"
        file.write_text("1 / 0\n")
        os.utime(file, (1, 1))
        assert "ZeroDivisionError" in (named(catalog)["mine"].error or "")
        assert inspector.looked == ["mine", "mine"]

    def test_new_files_come_and_removed_ones_go(
        self, catalog: Catalog, inspector: RecordingInspector, settings: Settings
    ) -> None:
        catalog.strategies()
        (settings.strategies / "mine.py").rename(settings.strategies / "yours.py")
        assert "yours" in named(catalog)
        assert "mine" not in named(catalog)

    def test_a_file_that_hangs_is_listed_and_left_alone_for_a_while(
        self,
        catalog: Catalog,
        inspector: RecordingInspector,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        inspector.hanging = {"mine"}
        assert "no answer" in (named(catalog)["mine"].error or "")
        inspector.hanging = set()
        assert named(catalog)["mine"].error
        assert inspector.looked == ["mine"]
        monkeypatch.setattr(catalog_module, "HANGING_SECONDS", 0.0)
        fresh = Catalog(settings, inspector)
        inspector.hanging = {"mine"}
        assert named(fresh)["mine"].error
        inspector.hanging = set()
        assert named(fresh)["mine"].error is None


class TestDatasets:
    def test_samples_stand_first_and_are_looked_at_once(
        self, catalog: Catalog, inspector: RecordingInspector
    ) -> None:
        names = [listing.name for listing in catalog.datasets()]
        assert names == ["sample:aapl-1d", "sample:minute"]
        catalog.datasets()
        assert inspector.looked == names

    def test_a_file_that_is_no_table_says_so(self, catalog: Catalog, settings: Settings) -> None:
        (settings.library / "torn.parquet").write_bytes(b"not a table")
        listed = {listing.name: listing for listing in catalog.datasets()}
        assert listed["torn"].error
        assert listed["torn"].candles is None

    def test_those_of_linked_folders_stand_behind_the_stored_ones(
        self, catalog: Catalog, inspector: RecordingInspector, settings: Settings, tmp_path: Path
    ) -> None:
        (tmp_path / "binance").mkdir()
        frame = read_sample("sample:aapl-1d").frame
        frame.to_feather(tmp_path / "binance" / "BTC_USDT-1d.feather")
        frame.to_parquet(settings.library / "mine.parquet")
        link_folder(tmp_path / "binance", settings)
        listed = catalog.datasets()[-2:]
        assert [listing.name for listing in listed] == ["mine", "binance.BTC_USDT-1d"]
        assert [listing.candles for listing in listed] == [3270, 3270]
        unlink_folder(tmp_path / "binance", settings)
        link_folder(tmp_path / "binance", settings, prefix="other")
        assert catalog.datasets()[-1].name == "other.BTC_USDT-1d"
        assert inspector.looked[-2:] == ["mine", "binance.BTC_USDT-1d"]
