"""Fresh processes see what this one cannot: the order of sets, and what other modules keep."""

from pathlib import Path

import pytest

from trad.checking.check import check_strategy
from trad.market.samples import read_sample
from trad.strategies.loading import load_strategy

HEAD = "import os\nimport numpy as np\nfrom trad import Signals, Strategy\n"
SETS = """
class Mine(Strategy):
    def generate_signals(self, candles):
        every = int("".join(c for c in {"3", "5", "7", "9", "2"})) % 89 + 7
        entry = np.zeros(len(candles), np.int8)
        entry[::every] = 1
        return Signals(entry=entry)
"""
RAISES = """
class Mine(Strategy):
    def generate_signals(self, candles):
        if os.environ.get("PYTHONHASHSEED") == "1":
            raise ValueError("not here")
        return Signals(entry=(candles.close > candles.open).astype(np.int8))
"""
DIES = RAISES.replace('raise ValueError("not here")', "os._exit(9)")
HONEST = RAISES.replace('"1"', '"no"')


@pytest.mark.parametrize(
    ("text", "findings", "notes"),
    [
        (SETS, "in a fresh process the signals differ, at ", ""),
        (RAISES, "in a fresh process it raises: ValueError: not here (mine.py, line 8", ""),
        (DIES, "", "a fresh process ended with exit code 9, and was not compared"),
        (HONEST, "", ""),
    ],
)
def test_afresh(
    text: str, findings: str, notes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    path = tmp_path / "mine.py"
    path.write_text(HEAD + text, encoding="utf-8")
    candles = read_sample("sample:minute?candles=500")
    report = check_strategy(candles, load_strategy(f"{path}:Mine"), {}, afresh=True)
    found = [finding.text for finding in report.findings]
    noted = [note.text for note in report.notes if note.check == "repeatable"]
    assert len(found) == bool(findings)
    assert len(noted) == bool(notes)
    assert "".join(found).startswith(findings)
    assert "".join(noted).startswith(notes)
