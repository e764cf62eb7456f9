"""Fixtures of all tests: a home of their own, and what is not everywhere: real candles, real servers."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest
from tests.fakes.postgres import PostgresServer, find_postgres
from tests.fakes.redis import RedisServer, find_redis

# How long an example takes says more about what else the machine does than about the code.
hypothesis.settings.register_profile("trad", deadline=None)
hypothesis.settings.load_profile("trad")

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
        do_without(f"real candles are not at {SHARED}; set TRAD_SHARED_DATA to their folder")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A Postgres server of this test process; without the program the test is skipped, or fails."""
    programs = find_postgres()
    if programs is None:
        do_without("Postgres is not here; install it (Debian, Ubuntu: apt install postgresql)")
    server = PostgresServer(programs)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty Postgres database that only this test knows."""
    postgres.start()  # a test before may have ended it
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def redis_of_session() -> Iterator[RedisServer]:
    """A Redis server of this test process; without the program the test is skipped, or fails."""
    program = find_redis()
    if program is None:
        do_without("Redis is not here; install it (Debian, Ubuntu: apt install redis-server)")
    server = RedisServer(program)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def redis(redis_of_session: RedisServer) -> RedisServer:
    """The Redis server, running and empty."""
    redis_of_session.start()
    redis_of_session.wipe()
    return redis_of_session


@pytest.fixture
def redis_url(redis: RedisServer) -> str:
    """The URL of a Redis server, running and empty."""
    return redis.url


def do_without(missing: str) -> NoReturn:
    """Skip the test for what is missing; fail it where that must be there."""
    if os.environ.get("TRAD_REQUIRE_DATA"):
        pytest.fail(missing)
    pytest.skip(missing)
