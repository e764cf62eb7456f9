"""All episodes of a job are run by the same code, or not at all."""

from pathlib import Path

import pytest

from trad.errors import ChangedSince
from trad.strategies.loading import StrategyReference, identify
from trad.training.strategy_code import load_unchanged

SOURCE = """
from trad import Signals, Strategy

class Mine(Strategy):
    def generate_signals(self, candles):
        return Signals.empty(len(candles))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(SOURCE)
    return path


def known(reference: str, folder: Path | None = None) -> StrategyReference:
    found = identify(reference, folder)
    assert found is not None
    return found


def test_unchanged_code_loads(file: Path) -> None:
    found = known(f"{file}:Mine")
    assert load_unchanged(found.reference, found.code_hash, None).__name__ == "Mine"


def test_a_built_in_and_a_name_in_the_folder_load_too(file: Path) -> None:
    for reference in ("sma_cross", "mine"):
        found = known(reference, file.parent)
        assert load_unchanged(found.reference, found.code_hash, file.parent).__name__ in ("SmaCross", "Mine")


def test_changed_code_is_refused_before_it_runs(file: Path) -> None:
    found = known(f"{file}:Mine")
    file.write_text(SOURCE + "raise SystemExit('ran')\n")
    with pytest.raises(ChangedSince, match=r"changed since the job was made.*put the old code back"):
        load_unchanged(found.reference, found.code_hash, None)


def test_code_that_is_gone_is_refused(file: Path) -> None:
    found = known(f"{file}:Mine")
    file.unlink()
    with pytest.raises(ChangedSince, match=r"does not exist; put back the one"):
        load_unchanged(found.reference, found.code_hash, None)
