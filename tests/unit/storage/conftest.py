"""Fixtures of the ledgers' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.storage.ledgers import SETTINGS, Setting


@pytest.fixture(params=SETTINGS)
def setting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Setting]:
    """Each implementation of the ledger in turn, with a clock that stands still."""
    with SETTINGS[request.param](tmp_path) as given:
        yield given
