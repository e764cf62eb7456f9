"""`trad data import`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.market.importing.test_dialects import DIALECTS

Run = Callable[..., tuple[int, str, str]]
Refused = Callable[..., str]


@pytest.fixture
def german(tmp_path: Path) -> Path:
    file = tmp_path / "Kurse März.csv"
    file.write_text(DIALECTS["German, decimal comma, thousands point"])
    return file


def test_a_file_becomes_a_dataset_that_can_be_trained_on(run: Run, german: Path) -> None:
    code, out, err = run("data", "import", str(german), "--timezone", "Europe/Berlin")
    assert (code, err) == (0, "")
    assert "open 'Eröffnung'" in out
    assert "span:     2024-01-29 09:00 to 2024-01-29 12:00 UTC" in out
    assert out.endswith("stored as Kurse-M-rz; train on it with --data Kurse-M-rz\n")
    rows = json.loads(run("data", "list", "--json")[1])
    assert (rows[-1]["name"], rows[-1]["candles"], rows[-1]["source"]) == ("Kurse-M-rz", 4, "Kurse März.csv")
    assert run("backtest", "sma_cross", "--data", "Kurse-M-rz", "--json")[0] == 0


def test_what_is_imported_twice_is_stored_once(run: Run, german: Path) -> None:
    first = run("data", "import", str(german), "--name", "mine", "--json")
    again = run("data", "import", str(german), "--name", "mine", "--json")
    assert json.loads(first[1])["hash"] == json.loads(again[1])["hash"]
    assert "(it was there already)" in run("data", "import", str(german), "--name", "mine")[1]


def test_json_is_one_document(run: Run, german: Path) -> None:
    code, out, err = run("data", "import", str(german), "--name", "mine", "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert (document["name"], document["rows"], document["kept"]) == ("mine", 4, 4)
    assert document["columns"]["close"] == "Schluss"


def test_another_series_of_the_name_is_not_overwritten(
    run: Run, refused: Refused, german: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text(DIALECTS["plain"].replace("1249.5", "1249"))
    run("data", "import", str(german), "--name", "mine")
    assert "--replace" in refused("data", "import", str(other), "--name", "mine")
    assert run("data", "import", str(other), "--name", "mine", "--replace")[0] == 0


def test_what_is_wrong_is_one_sentence_and_leaves_nothing(run: Run, refused: Refused, tmp_path: Path) -> None:
    page = tmp_path / "prices.csv"
    page.write_text("<html><body>404</body></html>")
    assert "it is a web page" in refused("data", "import", str(page))
    assert "--columns was 'open'" in refused("data", "import", str(page), "--columns", "open")
    assert "--stamps was 'middle'; it is one of open, close" in refused(
        "data", "import", str(page), "--stamps", "middle"
    )
    assert all(row["kind"] == "sample" for row in json.loads(run("data", "list", "--json")[1]))


def test_dates_begin_with_one_thing(run: Run, refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("date,open,high,low,close\n240102,1,2,1,1.5\n240103,1,2,1,1.5\n")
    assert "say which with --year-first or --day-first" in refused("data", "import", str(file))
    told = refused("data", "import", str(file), "--year-first", "--month-first")
    assert "--year-first and --month-first were given" in told
    assert "span:     2024-01-02 to 2024-01-03 UTC" in run("data", "import", str(file), "--year-first")[1]
