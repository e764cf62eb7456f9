"""`trad train` as a program reads it: documents, progress lines, exit codes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trad.settings import read_settings
from trad.storage.ledger import open_ledger

SAMPLE = "sample:minute?candles=3000"
TRAIN = ("train", "sma_cross", "--data", SAMPLE, "-n", "3", "-w", "0", "--seed", "7")
FIELDS = {
    "job_id", "state", "strategy", "optimizer", "seed", "objective", "total_episodes", "completed_episodes",
    "failed_episodes", "best", "fingerprint", "candles", "elapsed_seconds", "candles_per_second",
}  # fmt: skip
BUGGY = '''
from trad import Int, Signals, Strategy


class Buggy(Strategy):
    """Divides by nothing."""

    n = Int(3, low=1, high=50)

    def generate_signals(self, candles, progress):
        signals = Signals.empty(len(candles))
        for i in progress.track(range(len(candles))):
            signals.entry[i] = self.n // (100 - i)
        return signals
'''
CAUSE = "ZeroDivisionError: integer division or modulo by zero (buggy.py, line 13, in generate_signals)"
LINE = re.compile(
    r"Progress: \d+\.\d% \(Episode \d+/3\) - "
    r"(Processing candle \d+/3000 \(\d+\.\d%\) \[(signal_generation|trade_simulation)\]|[a-z].*)"
)

Run = Callable[..., tuple[int, str, str]]
Source = Callable[[str, str], Path]


def strict(text: str) -> dict[str, Any]:
    """Read JSON that holds no NaN and no infinity."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    document = json.loads(text, parse_constant=refuse)
    assert isinstance(document, dict)
    return document


def test_json_holds_the_contracts_fields_and_nothing_else(run: Run) -> None:
    code, out, err = run(*TRAIN, "--json", "--quiet")
    document = strict(out)
    assert (code, err) == (0, "")
    assert set(document) == FIELDS
    assert set(document["best"]) == {"number", "params", "score", "metrics"}
    assert set(document["best"]["params"]) == {"fast", "slow"}
    assert (document["state"], document["strategy"], document["optimizer"]) == (
        "completed",
        "sma_cross",
        "bayesian",
    )
    assert (document["seed"], document["objective"], document["candles"]) == (7, "sharpe", 3_000)
    assert (document["total_episodes"], document["completed_episodes"], document["failed_episodes"]) == (
        3,
        3,
        0,
    )
    assert re.fullmatch("[0-9a-f]{64}", document["fingerprint"])


def test_json_and_lines_of_progress_do_not_mix(run: Run) -> None:
    code, out, err = run(*TRAIN, "--json")
    assert code == 0
    assert set(strict(out)) == FIELDS
    lines = err.splitlines()
    assert all(LINE.fullmatch(line) for line in lines), err
    assert lines[-1] == "Progress: 100.0% (Episode 3/3) - completed"
    assert not any("100.0% (Episode" in line for line in lines[:-1])


def test_the_same_seed_gives_the_same_fingerprint(run: Run) -> None:
    first, second = (strict(run(*TRAIN, "--json", "--quiet").out) for _ in range(2))  # type: ignore[attr-defined]
    assert first["fingerprint"] == second["fingerprint"]
    assert first["job_id"] != second["job_id"]


def test_people_read_the_best_configuration(run: Run) -> None:
    code, out, err = run(*TRAIN, "--quiet")
    assert (code, err) == (0, "")
    assert re.match(
        r"Job \w{16} completed\nsma_cross on sample:minute\?candles=3000 \(synthetic\), 3,000", out
    )
    assert "Best: episode " in out
    assert "max drawdown duration" in out
    assert re.search(r"^fingerprint [0-9a-f]{64}$", out, re.MULTILINE)


def test_a_strategy_with_a_bug_is_named_by_its_own_line(run: Run, source: Source) -> None:
    path = source("buggy.py", BUGGY)
    code, out, err = run("train", path, "--data", SAMPLE, "-n", "2", "-w", "0", "--quiet")
    assert (code, err) == (1, "")
    assert f"episode 1 failed: {CAUSE}" in out
    assert "Every episode failed." in out
    assert "candles/s" not in out
    assert "Traceback" not in out


def test_a_job_without_a_completed_episode_fails_with_its_cause(run: Run, source: Source) -> None:
    path = source("buggy.py", BUGGY)
    code, out, err = run("train", path, "--data", SAMPLE, "-n", "2", "-w", "0", "--quiet", "--json")
    document = strict(out)
    assert code == 1
    assert set(document) == FIELDS
    assert (document["best"], document["failed_episodes"]) == (None, 2)
    assert err == f"error: no episode completed; episode 1 failed: {CAUSE}\n"


def test_a_backtest_of_it_fails_with_its_cause(run: Run, source: Source) -> None:
    code, out, err = run("backtest", source("buggy.py", BUGGY), "--data", SAMPLE)
    assert (code, out, err) == (1, "", f"error: {CAUSE}\n")


def test_what_is_refused_leaves_no_job_behind(run: Run) -> None:
    assert run(*TRAIN, "--fee", "nan")[0] == 2
    with open_ledger(read_settings().database) as ledger:
        assert not ledger.jobs()


def test_a_job_says_where_its_strategy_and_data_are(run: Run, source: Source) -> None:
    good = BUGGY.replace("self.n // (100 - i)", "0")
    path = source("buggy.py", good)
    code, out, _ = run("train", f"{path}:Buggy", "--data", SAMPLE, "-n", "1", "-w", "0", "--quiet", "--json")
    document = strict(out)
    assert code == 0
    assert document["strategy"] == f"{path}:Buggy"
    assert document["best"] is None, "no trade, no score"
