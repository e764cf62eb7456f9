"""`trad data` for the library."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from trad.market.samples import read_sample
from trad.training.job import Job

Run = Callable[..., tuple[int, str, str]]
Refused = Callable[..., str]


@pytest.fixture
def stored(run: Run) -> str:
    code, _, err = run("data", "resample", "sample:minute?candles=3000", "5m", "--name", "mine")
    assert code == 0, err
    return "mine"


def test_list_tells_of_each(run: Run, stored: str, trad_home: Path) -> None:
    code, out, err = run("data", "list")
    assert code == 0
    names = [line.split()[0] for line in out.splitlines()]
    assert names == ["name", "sample:aapl-1d", "sample:minute", "mine"]
    assert [line.split()[1] for line in out.splitlines()][2:] == ["(synthetic)", "(synthetic)"]
    assert str(trad_home / "data") in err
    rows = json.loads(run("data", "list", "--json")[1])
    mine = rows[2]
    assert (mine["name"], mine["kind"], mine["interval"], mine["synthetic"]) == ("mine", "stored", "5m", True)
    assert mine["source"] == "sample:minute?candles=3000, resampled to 5m"
    assert (rows[0]["candles"], rows[0]["first"]) == (3270, "2000-03-01T00:00:00Z")


def test_show(run: Run, stored: str, refused: Refused) -> None:
    assert "mine (synthetic)" in run("data", "show", "mine")[1]
    assert json.loads(run("data", "show", "sample:aapl-1d", "--json")[1])["symbol"] == "aapl-1d"
    assert "did you mean mine or" in refused("data", "show", "mime")


def test_rename_and_delete(run: Run, stored: str, refused: Refused) -> None:
    assert json.loads(run("data", "rename", "mine", "yours", "--json")[1])["name"] == "yours"
    assert "holds no dataset called 'mine'" in refused("data", "rename", "mine", "x")
    assert "a dataset's name was '../x'" in refused("data", "rename", "yours", "../x")
    assert "called yours already" in refused("data", "rename", "yours", "yours")
    assert "give --yes" in refused("data", "delete", "yours")
    assert run("data", "delete", "yours", "--yes") == (0, "deleted yours\n", "")
    assert "holds no dataset called 'yours'" in refused("data", "delete", "yours", "--yes")


def test_a_job_goes_on_when_its_dataset_is_deleted(
    run: Run, stored: str, queued: Callable[..., Job], trad_home: Path
) -> None:
    job, waiting = queued(data="mine"), queued(data="mine", episodes=2)
    assert run("data", "delete", "mine", "--yes")[0] == 0
    assert run("jobs", "resume", job.id, "-w", "0", "--quiet")[0] == 0
    for kept in (trad_home / "data" / "cache").glob("*.arrow"):
        kept.unlink()
    code, _, err = run("jobs", "resume", waiting.id, "-w", "0", "--quiet")
    assert (code, "no data is called 'mine'" in err) == (2, True), err


def test_resample_counts_what_it_leaves_out(run: Run, stored: str, refused: Refused) -> None:
    document = json.loads(run("data", "resample", "mine", "15m", "--json")[1])
    assert document["name"] == "mine-15m"
    assert document["left_out"] > 0
    assert "7m is no multiple of 5m" in refused("data", "resample", "mine", "7m")


def test_export(run: Run, stored: str, tmp_path: Path, refused: Refused) -> None:
    assert run("data", "export", "mine", tmp_path / "x.csv")[0] == 0
    assert "is there already" in refused("data", "export", "mine", tmp_path / "x.csv")
    assert run("data", "export", "mine", tmp_path / "x.csv", "--replace")[0] == 0


def test_link_and_unlink(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "binance").mkdir(parents=True)
    read_sample("sample:aapl-1d").frame.to_feather(data / "binance" / "BTC_USDT-1d.feather")
    names = json.loads(run("data", "link", data, "--json")[1])["names"]
    assert names == ["binance.BTC_USDT-1d"]
    assert f"Linked: {data}\n" in run("data", "list")[2]
    assert run("backtest", "sma_cross", "--data", names[0], "--json")[0] == 0
    data.rename(tmp_path / "moved")
    assert "it is not there" in run("data", "list")[2]
    assert run("data", "unlink", data)[0] == 0
    assert len(json.loads(run("data", "list", "--json")[1])) == 2
