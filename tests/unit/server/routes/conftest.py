"""Fixtures of the routes' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.routed import Routed, routed


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Routed]:
    """A service over an empty SQLite database."""
    with routed(tmp_path) as given:
        yield given
