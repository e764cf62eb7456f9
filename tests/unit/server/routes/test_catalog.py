"""What can be trained and on what, over the API."""

from tests.fakes.plans import FAKES
from tests.fakes.routed import Routed

from trad.market.samples import read_sample


class TestStrategies:
    def test_built_in_ones_show_their_parameters(self, service: Routed) -> None:
        listed = {one["name"]: one for one in service.get("/api/strategies").json()["strategies"]}
        assert list(listed)[:2] == ["liquidity_sweep", "sma_cross"]
        cross = listed["sma_cross"]
        assert (cross["kind"], cross["error"]) == ("built-in", None)
        assert cross["docs"]
        assert cross["docstring"].startswith(cross["docs"])
        assert "\nRules:\n    - Buy" in cross["docstring"]
        fast = cross["parameters"][0]
        assert (fast["name"], fast["type"], fast["log"], fast["choices"]) == ("fast", "int", False, None)
        assert fast["low"] <= fast["default"] <= fast["high"]

    def test_those_of_the_folder_come_with_their_errors(self, service: Routed) -> None:
        folder = service.settings.strategies
        folder.mkdir()
        (folder / "mine.py").write_text((FAKES / "plodding.py").read_text())
        (folder / "torn.py").write_text("def")
        (folder / "linked.py").symlink_to(FAKES / "faulty.py")
        listed = {one["name"]: one for one in service.get("/api/strategies").json()["strategies"]}
        assert (listed["mine"]["kind"], listed["mine"]["source"]) == ("folder", "mine.py")
        assert "SyntaxError" in listed["torn"]["error"]
        assert "linked" not in listed

    def test_a_docstring_of_half_characters_is_shown(self, service: Routed) -> None:
        folder = service.settings.strategies
        folder.mkdir()
        source = (FAKES / "plodding.py").read_text()
        (folder / "odd.py").write_text(f"{source}\n\nPlodding.__doc__ = 'half \\ud800 of one'\n")
        listed = {one["name"]: one for one in service.get("/api/strategies").json()["strategies"]}
        assert listed["odd"]["docs"] == "half \\ud800 of one"


class TestDatasets:
    def test_samples_say_what_they_are(self, service: Routed) -> None:
        listed = {one["name"]: one for one in service.get("/api/datasets").json()["datasets"]}
        assert list(listed) == ["sample:aapl-1d", "sample:minute"]
        real, made_up = listed.values()
        assert (real["sample"], real["synthetic"], real["interval"]) == (True, False, "1d")
        assert (made_up["synthetic"], made_up["candles"]) == (True, 100_000)
        assert real["first"] < real["last"]
        assert real["first"].endswith("Z")

    def test_the_library_is_listed_and_trained_on_by_name(self, service: Routed) -> None:
        library = service.settings.library
        library.mkdir()
        read_sample("sample:minute?candles=300").frame.to_parquet(library / "mine.parquet")
        (library / "torn.parquet").write_bytes(b"not a table")
        listed = {one["name"]: one for one in service.get("/api/datasets").json()["datasets"]}
        assert (listed["mine"]["candles"], listed["mine"]["sample"]) == (300, False)
        assert listed["torn"]["candles"] is None
        assert listed["torn"]["error"]
        document = service.get(f"/api/jobs/{service.created(data='mine')}").json()
        assert (document["spec"]["data"], document["spec"]["candles"]) == ("mine", 300)
