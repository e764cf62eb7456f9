"""Fixtures of the ledgers' tests."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.fakes.postgres import PostgresServer
from tests.unit.storage.ledgers import Setting, memory_setting, postgres_setting, sqlite_setting


@pytest.fixture(scope="session")
def database_of_session(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a Postgres database that the tests of this process use one after the other."""
    with postgres.database() as url:
        yield url


def on_postgres(request: pytest.FixtureRequest) -> AbstractContextManager[Setting]:
    request.getfixturevalue("postgres").start()  # a test before may have ended it
    return postgres_setting(request.getfixturevalue("database_of_session"))


def in_a_file(request: pytest.FixtureRequest) -> AbstractContextManager[Setting]:
    folder: Path = request.getfixturevalue("tmp_path")
    return sqlite_setting(folder)


SETTINGS: dict[str, Callable[[pytest.FixtureRequest], AbstractContextManager[Setting]]] = {
    "memory": lambda request: memory_setting(),
    "sqlite": in_a_file,
    "postgres": on_postgres,
}


@pytest.fixture(params=SETTINGS)
def setting(request: pytest.FixtureRequest) -> Iterator[Setting]:
    """Each implementation of ledger, browser and register in turn, with a clock that stands still."""
    with SETTINGS[request.param](request) as given:
        yield given


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'trad.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
