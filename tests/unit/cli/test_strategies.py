"""`trad strategies`, and the program's own options."""

import json
from collections.abc import Callable
from pathlib import Path

import trad

Run = Callable[..., tuple[int, str, str]]
BUILT_IN = ["liquidity_sweep", "sma_cross", "donchian_breakout", "rsi_reversion", "bollinger_reversion"]


def test_people_see_names_and_ranges(run: Run, trad_home: Path) -> None:
    code, out, err = run("strategies")
    assert (code, err) == (0, "")
    for name in BUILT_IN:
        assert f"{name} (built-in)" in out
    assert "key_level_lookback" in out
    assert str(trad_home / "strategies") in out


def test_json_names_them_with_their_parameters(run: Run) -> None:
    code, out, err = run("strategies", "--json")
    entries = json.loads(out)
    assert (code, err) == (0, "")
    assert [entry["name"] for entry in entries[:5]] == BUILT_IN
    assert all(set(entry) == {"name", "source", "doc", "parameters", "error"} for entry in entries)
    assert set(entries[1]["parameters"]) == {"fast", "slow"}


def test_a_broken_file_of_the_folder_hides_no_other(run: Run, trad_home: Path) -> None:
    folder = trad_home / "strategies"
    folder.mkdir()
    (folder / "broken.py").write_text("def (:\n")
    code, out, _ = run("strategies")
    assert code == 0
    assert "broken" in out
    assert "SyntaxError" in out
    assert "sma_cross" in out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"trad {trad.__version__}\n", "")


def test_help_answers_for_every_command(run: Run) -> None:
    for command in ((), ("train",), ("backtest",), ("jobs",), ("jobs", "resume"), ("data",), ("demo",)):
        code, out, err = run(*command, "--help")
        assert (code, err) == (0, "")
        assert "Usage: trad" in out
