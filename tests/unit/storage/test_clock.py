"""Time in the database."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep, time

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql
from tests.unit.storage.ledgers import episode, spec

from trad.storage.clock import UtcTime, database_clock
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'trad.db'}")
    yield opened
    opened.dispose()


def read(engine: Engine, seconds: float = 0.0) -> float:
    with engine.connect() as connection:
        return connection.execute(select(database_clock(seconds))).scalar_one()


@pytest.mark.parametrize("seconds", [0.0, 3.0, 0.05, -10.0, 86_400.0, 1e-3, 123_456.789])
def test_the_database_tells_the_time_to_the_millisecond(engine: Engine, seconds: float) -> None:
    before = time()
    told = read(engine, seconds) - seconds
    assert before - 0.0011 <= told <= time() + 0.0011


def test_time_moves_on(engine: Engine) -> None:
    first = read(engine)
    sleep(0.02)
    assert 0.018 <= read(engine) - first < 5


def test_the_table_shows_dates_in_utc_that_sort_as_text(engine: Engine, tmp_path: Path) -> None:
    ledger = SqlLedger(engine)
    job = ledger.create(spec())
    claim = ledger.claim("w1", lease_seconds=0.5)
    assert claim is not None
    ledger.record_episodes(claim, [episode(1, 0.5)])
    with sqlite3.connect(tmp_path / "trad.db") as outside:
        made, lease = outside.execute("SELECT created_at, lease_until FROM training_jobs").fetchone()
        started = outside.execute("SELECT started_at FROM episodes").fetchone()[0]
    outside.close()
    assert made == datetime.fromtimestamp(job.created_at, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    assert made.endswith("000")
    assert lease > made
    assert started == "2026-09-21 14:13:20.250000"


def test_leases_end_by_the_database_clock(engine: Engine) -> None:
    ledger = SqlLedger(engine)
    ledger.create(spec())
    assert ledger.claim("w1", lease_seconds=0.25)
    assert ledger.claim("w2", lease_seconds=0.25) is None
    sleep(0.3)
    claim = ledger.claim("w2", lease_seconds=60)
    assert claim is not None
    assert claim.attempt == 2
    job = ledger.job(claim.job_id)
    assert job.lease_until is not None
    assert job.heartbeat_at is not None
    assert job.lease_until - job.heartbeat_at == pytest.approx(60, abs=1e-4)


def test_postgres_is_asked_for_its_wall_clock() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert str(database_clock(3.0).compile(dialect=dialect)).startswith(
        "(clock_timestamp() + make_interval(secs =>"
    )


def test_a_time_is_seconds_on_this_side(engine: Engine) -> None:
    kind = UtcTime()
    assert kind.process_bind_param(None, engine.dialect) is None
    assert kind.process_result_value(None, engine.dialect) is None
    moment = kind.process_bind_param(1_790_000_000.125, engine.dialect)
    assert moment == datetime.fromtimestamp(1_790_000_000.125, UTC)
    assert kind.process_result_value(moment, engine.dialect) == 1_790_000_000.125
    assert moment is not None
    assert kind.process_result_value(moment.replace(tzinfo=None), engine.dialect) == 1_790_000_000.125
