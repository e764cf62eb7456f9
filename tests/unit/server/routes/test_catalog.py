"""What can be trained and on what, over the API."""

from pathlib import Path

import pytest
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


class TestCandles:
    def test_a_window_of_a_sample(self, service: Routed) -> None:
        found = service.get("/api/datasets/sample:aapl-1d/candles?start=10&stop=20").json()
        candles = read_sample("sample:aapl-1d")
        assert (found["name"], found["total_candles"], found["width"]) == ("sample:aapl-1d", 3_270, 1)
        assert found["candles"]["close"] == candles.close[10:20].tolist()

    def test_a_dataset_of_the_library_is_read_again_when_it_changed(self, service: Routed) -> None:
        library = service.settings.library
        library.mkdir()
        for candles in (300, 400):
            read_sample(f"sample:minute?candles={candles}").frame.to_parquet(library / "mine.parquet")
            found = service.get("/api/datasets/mine/candles?points=100").json()
            assert found["total_candles"] == candles
            assert len(found["candles"]["close"]) <= 100

    def test_the_longest_gaps(self, service: Routed) -> None:
        found = service.get("/api/datasets/sample:aapl-1d/gaps").json()
        missing = [gap["missing"] for gap in found["longest"]]
        assert (found["interval"], len(missing)) == ("1d", 20)
        assert missing == sorted(missing, reverse=True)
        first = found["longest"][0]
        # The exchange was closed for four days of September 2001, beside the weekends.
        assert (first["start"], first["stop"]) == ("2001-09-11T00:00:00.000Z", "2001-09-17T00:00:00.000Z")

    @pytest.mark.parametrize("kind", ["candles", "gaps"])
    @pytest.mark.parametrize("name", ["nothing", "sample:nothing"])
    def test_an_unknown_name_is_not_found(self, service: Routed, name: str, kind: str) -> None:
        assert "no data is called" in service.get(f"/api/datasets/{name}/{kind}", 404).json()["detail"]

    @pytest.mark.parametrize("kind", ["candles", "gaps"])
    @pytest.mark.parametrize("name", [".hidden", "a%00b", "x" * 65, "sample:minute%3Fcandles=9", "~root"])
    def test_what_is_no_name_is_refused(self, service: Routed, name: str, kind: str) -> None:
        problem = service.get(f"/api/datasets/{name}/{kind}", 422).json()
        assert problem["errors"][0]["field"] == "path.name"

    @pytest.mark.parametrize("name", ["..%2fsecrets", "%2fetc%2fpasswd"])
    def test_a_path_leads_nowhere(self, service: Routed, name: str) -> None:
        service.get(f"/api/datasets/{name}/candles", 404)

    def test_a_link_is_not_followed(self, service: Routed, tmp_path: Path) -> None:
        library = service.settings.library
        library.mkdir()
        read_sample("sample:minute?candles=300").frame.to_parquet(tmp_path / "outside.parquet")
        (library / "linked.parquet").symlink_to(tmp_path / "outside.parquet")
        service.get("/api/datasets/linked/candles", 404)
