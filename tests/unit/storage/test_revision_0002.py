"""From revision 0001 to 0002, with jobs and episodes in the tables, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy import inspect as inspected
from tests.unit.storage.ledgers import START, episode, spec

from trad.storage.opening import open_storage
from trad.storage.revisions import alembic_config
from trad.storage.tables import episodes, metadata, training_jobs, versions

MOMENT = datetime.fromtimestamp(START, UTC)
WAITING, RUNNING, DONE = "0" * 16, "1" * 16, "2" * 16
COUNTS = (
    "progress",
    "current_episode",
    "total_episodes",
    "completed_episodes",
    "failed_episodes",
    "candles_processed",
    "total_candles",
    "elapsed_seconds",
    "attempt",
)


@pytest.fixture
def bare(database_url: str) -> Iterator[Engine]:
    """An empty database, and an engine that knows nothing of Trad's ways."""
    engine = create_engine(make_url(database_url.replace("postgresql:", "postgresql+psycopg:")))
    yield engine
    engine.dispose()


def job_row(job_id: str, state: str, **moments: datetime) -> dict[str, object]:
    said = spec()
    return {
        "id": job_id,
        "state": state,
        "spec": said.as_json(),
        "strategy": said.strategy,
        "optimizer": said.optimizer,
        "objective": said.objective,
        "seed": said.seed,
        "priority": 0,
        "created_at": MOMENT.timestamp(),
        **{name: moment.timestamp() for name, moment in moments.items()},
    } | dict.fromkeys(COUNTS, 1)


def episode_row(job_id: str, number: int) -> dict[str, object]:
    return {
        "job_id": job_id,
        "number": number,
        "state": "completed",
        "params": {"fast": number},
        "score": number / 4,
        "metrics": {"sharpe": number / 4},
        "candles_processed": 9,
        "total_candles": 9,
    }


def fill_0001(connection: Connection) -> None:
    """Make the tables of revision 0001, with three jobs, one of them with episodes."""
    command.upgrade(alembic_config(connection), "0001")
    later = MOMENT + timedelta(seconds=60)
    jobs = [
        job_row(WAITING, "queued"),
        job_row(RUNNING, "running", started_at=later),
        job_row(DONE, "completed", started_at=later, finished_at=later + timedelta(seconds=5)),
    ]
    for row in jobs:
        _into_0001(connection, training_jobs, row)
    for job_id, number in [(RUNNING, 9), (DONE, 3), (RUNNING, 2), (DONE, 1), (RUNNING, 40)]:
        _into_0001(connection, episodes, episode_row(job_id, number))


def _into_0001(connection: Connection, table: Table, row: dict[str, object]) -> None:
    columns = [Column(column.name, column.type) for column in table.columns if column.name in row]
    connection.execute(insert(Table(table.name, MetaData(), *columns)), row)


def test_an_older_database_keeps_its_jobs_and_learns_their_order(bare: Engine, database_url: str) -> None:
    with bare.begin() as connection:
        fill_0001(connection)
    with open_storage(database_url) as storage:
        jobs = {job.id: job for job in storage.ledger.jobs()}
        assert {job_id: job.recorded_episodes for job_id, job in jobs.items()} == {
            WAITING: 0,
            RUNNING: 3,
            DONE: 2,
        }
        changed = {job_id: job.changed_at - START for job_id, job in jobs.items()}
        assert changed == {WAITING: 0, RUNNING: 60, DONE: 65}
        assert {(job.running, job.note) for job in jobs.values()} == {((), None)}
        ended = storage.browser.ended(RUNNING, after=0, limit=10)
        assert [(one.place, one.episode.number) for one in ended] == [(1, 2), (2, 9), (3, 40)]
        assert ended[1].episode.params == {"fast": 9}
        claim = storage.ledger.claim("w1", lease_seconds=60, job_id=RUNNING)
        assert claim is not None
        storage.ledger.record_episodes(claim, [episode(9), episode(1)])
        assert [one.place for one in storage.browser.ended(RUNNING, after=3, limit=10)] == [4]


def test_the_older_file_stays_beside_the_new_one(tmp_path: Path) -> None:
    place = tmp_path / "trad.db"
    old = create_engine(f"sqlite:///{place}")
    with old.begin() as connection:
        fill_0001(connection)
    old.dispose()
    with open_storage(f"sqlite:///{place}"):
        pass
    backup = create_engine(f"sqlite:///{place}.bak-0001")
    with backup.connect() as connection:
        assert connection.scalar(select(versions.c.version_num)) == "0001"
        assert connection.scalar(select(func.count()).select_from(episodes)) == 5
    backup.dispose()


def test_alembics_check_is_content_with_what_is_made_and_with_what_is_upgraded(
    bare: Engine, database_url: str
) -> None:
    with open_storage(database_url):
        pass
    with bare.begin() as connection:
        command.check(alembic_config(connection))
        metadata.drop_all(connection)
        versions.drop(connection)
    with bare.begin() as connection:
        fill_0001(connection)
        command.upgrade(alembic_config(connection), "head")
    with bare.begin() as connection:
        command.check(alembic_config(connection))


def test_the_way_back_leads_to_the_older_tables(bare: Engine) -> None:
    with bare.begin() as connection:
        fill_0001(connection)
        before = layout(connection)
        command.upgrade(alembic_config(connection), "head")
        assert layout(connection) != before
        command.downgrade(alembic_config(connection), "0001")
    with bare.begin() as connection:
        assert layout(connection) == before
        assert connection.scalar(select(func.count()).select_from(episodes)) == 5


def layout(connection: Connection) -> dict[str, object]:
    """Say which columns and which indexes each table has."""
    seen = inspected(connection)
    return {
        name: (
            [column["name"] for column in seen.get_columns(name)],
            sorted(str(index["name"]) for index in seen.get_indexes(name)),
        )
        for name in seen.get_table_names()
    }
