"""Fixtures of all tests: a home of their own, and the real candles where they are at hand."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("TRAD_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(autouse=True)
def trad_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A TRAD_HOME that only this test knows."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TRAD_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real candles; without it the test is skipped, or fails where it must be there."""
    if not SHARED.is_dir():
        message = f"real candles are not at {SHARED}; set TRAD_SHARED_DATA to their folder"
        if os.environ.get("TRAD_REQUIRE_DATA"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED
