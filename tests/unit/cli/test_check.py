"""`trad check`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trad.checking.report import CHECKS
from trad.cli import checking_lines
from trad.cli.checking_lines import CheckingLines

Run = Callable[..., tuple[int, str, str]]
Refused = Callable[..., str]
DATA = ("--data", "sample:minute?candles=3000")

CHEAT = """
import numpy as np
from trad import Int, Signals, Strategy

class Tomorrow(Strategy):
    ahead = Int(1, low=1, high=5)

    def generate_signals(self, candles):
        print("hello")
        entry = np.zeros(len(candles), np.int8)
        entry[:-self.ahead] = candles.close[self.ahead:] > candles.close[:-self.ahead]
        return Signals(entry=entry)
"""


def test_an_honest_strategy_leaves_with_0(run: Run) -> None:
    code, out, err = run("check", "sma_cross", *DATA, "--param", "fast=5", "--param", "slow=30", "-q")
    assert (code, err) == (0, "")
    assert out.startswith("SmaCross on minute (synthetic, 3,000 candles), 3,000 candles  fast=5  slow=30\n")
    assert "nothing found; " in out


def test_a_cheat_leaves_with_1_and_a_sentence(run: Run, source: Callable[[str, str], Path]) -> None:
    code, out, err = run("check", source("tomorrow.py", CHEAT), *DATA, "--quiet")
    assert code == 1
    assert "becomes BUY only when candle " in out
    assert "hello" not in out
    assert err == "hello\n"  # of some forty runs, one is heard


def test_json(run: Run, source: Callable[[str, str], Path]) -> None:
    options = ("--json", "--candles", "1000", "--seed", "3")
    code, out, _ = run("check", source("tomorrow.py", CHEAT), *DATA, *options)
    document: dict[str, Any] = json.loads(out, parse_constant=lambda constant: 1 / 0)
    assert code == 1
    assert (document["strategy"], document["candles"], document["seed"]) == ("Tomorrow", 1000, 3)
    assert document["params"] == {"ahead": 1}
    assert document["good"] is False
    (finding,) = document["findings"]
    assert finding["check"] == "look_ahead"
    assert tuple(document["checks"]) == CHECKS


def test_what_is_refused(refused: Refused) -> None:
    assert "takes one: fast=" in refused("check", "sma_cross", *DATA, "--param", "fast=5:10")
    assert "--candles was -1" in refused("check", "sma_cross", *DATA, "--candles", "-1")
    assert "a check needs 100 or more" in refused("check", "sma_cross", *DATA, "--candles", "50")
    assert "seed was -2" in refused("check", "sma_cross", *DATA, "--seed", "-2")


def test_a_strategy_that_raises_fails_as_in_a_backtest(run: Run, source: Callable[[str, str], Path]) -> None:
    path = source("broken.py", CHEAT.replace('print("hello")', "1 / 0"))
    code, out, err = run("check", path, *DATA, "--quiet")
    assert (code, out) == (1, "")
    assert err.startswith("error: ZeroDivisionError: division by zero (broken.py, line 9")
    assert run("backtest", path, *DATA)[2] == err


def test_progress_is_a_line_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter([0.0, 0.9, 1.1, 1.2, 2.3])
    monkeypatch.setattr(checking_lines, "monotonic", lambda: next(times))
    lines = CheckingLines()
    for runs in range(4):
        lines("look_ahead", runs)
    assert capsys.readouterr().err == (
        "Checking: look-ahead, 1 runs so far\nChecking: look-ahead, 3 runs so far\n"
    )
