"""`trad backtest`."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, str, str]]
BACKTEST = ("backtest", "sma_cross", "--data", "sample:minute?candles=3000")
COLUMNS = [
    "side", "entry_index", "entry_time", "entry_price", "exit_index", "exit_time", "exit_price", "size",
    "pnl", "return_pct", "fees", "exit_reason",
]  # fmt: skip


def test_json_is_the_contracts_document(run: Run) -> None:
    code, out, err = run(*BACKTEST, "--param", "fast=5", "--param", "slow=30", "--json")
    document: dict[str, Any] = json.loads(out, parse_constant=lambda constant: 1 / 0)
    assert (code, err) == (0, "")
    assert set(document) == {"params", "metrics", "trades", "candles", "elapsed_seconds"}
    assert document["params"] == {"fast": 5, "slow": 30}
    assert document["candles"] == 3_000
    assert len(document["trades"]) == document["metrics"]["trades"] > 20
    assert list(document["trades"][0]) == COLUMNS
    for earlier, later in pairwise(document["trades"]):
        assert earlier["exit_index"] <= later["entry_index"]


def test_terms_of_trading_are_taken_by_name(run: Run) -> None:
    terms = ("--term", "time_stop=4", "--term", "sides=long")
    code, out, _ = run(*BACKTEST, *terms, "--json")
    trades = json.loads(out)["trades"]
    assert code == 0
    assert {trade["side"] for trade in trades} == {"long"}
    assert "time_stop" in {trade["exit_reason"] for trade in trades}
    code, _, err = run(*BACKTEST, "--term", "time_stop=soon")
    assert code == 2
    assert "time_stop was soon" in err


def test_what_a_strategy_prints_is_no_part_of_the_document(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "talking.py"
    file.write_text(
        "from trad import Signals, Strategy\n\n\n"
        "print('while it loads')\n\n\n"
        "class Talking(Strategy):\n"
        "    def generate_signals(self, candles):\n"
        "        print('while it runs')\n"
        "        return Signals.empty(len(candles))\n"
    )
    code, out, err = run("backtest", f"{file}:Talking", "--data", "sample:minute?candles=100", "--json")
    assert code == 0
    assert json.loads(out)["candles"] == 100
    assert "while it loads" in err
    assert "while it runs" in err


def test_people_see_the_first_and_the_last_trades(run: Run) -> None:
    code, out, err = run(*BACKTEST, "--param", "fast=5", "--param", "slow=30")
    assert (code, err) == (0, "")
    assert out.startswith("minute (synthetic, 3,000 candles), 3,000 x 1m")
    assert "fast=5  slow=30" in out
    assert "trades in all; --json prints every one." in out


def test_no_trades_are_no_error(run: Run) -> None:
    small = ("backtest", "sma_cross", "--data", "sample:minute?candles=10")
    code, out, err = run(*small)
    assert (code, err) == (0, "")
    assert "No trades." in out
    code, out, _ = run(*small, "--json")
    document = json.loads(out, parse_constant=lambda constant: 1 / 0)
    assert code == 0
    assert document["trades"] == []
    assert document["metrics"]["sharpe"] is None


def test_no_column_of_the_trades_is_cut_at_80(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run(*BACKTEST, "--param", "fast=5", "--param", "slow=30")
    assert code == 0
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= 80
    monkeypatch.setenv("COLUMNS", "120")
    assert "exit time" in run(*BACKTEST)[1]
