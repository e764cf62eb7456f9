"""The revisions of the tables."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from tests.unit.storage.ledgers import episode, spec

from trad.errors import DatabaseTooNew, InputError
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger, open_ledger
from trad.storage.revisions import REVISIONS, SCRIPTS, alembic_config, bring_up_to_date
from trad.storage.tables import metadata

NEXT = '''"""Rebuild the table of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "%s"


def upgrade() -> None:
    with op.batch_alter_table("training_jobs", recreate="always") as jobs:
        jobs.add_column(sa.Column("mood", sa.Text))
    %s
'''


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "trad.db"


@pytest.fixture
def bare(place: Path) -> Iterator[Engine]:
    """An empty file, and an engine that knows nothing of Trad's ways."""
    engine = create_engine(f"sqlite:///{place}")
    yield engine
    engine.dispose()


def schema(place: Path) -> dict[str, str]:
    with closing(sqlite3.connect(place)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.replace('"', "").split()) for name, sql in found}


def scripts_with_next(folder: Path, then: str = "") -> Path:
    """Copy the migrations, and add one that rebuilds `training_jobs`."""
    scripts = folder / "100% scripts"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "next.py").write_text(NEXT % (REVISIONS[-1], then))
    return scripts


def stored(place: Path) -> str:
    with closing(sqlite3.connect(place)) as connection:
        revision: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return revision


def test_the_known_revisions_are_alembics(bare: Engine) -> None:
    with bare.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS
    assert scripts.get_heads() == [REVISIONS[-1]]


def test_migrations_lead_to_the_tables(bare: Engine) -> None:
    with bare.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_alembics_own_check_is_content(bare: Engine) -> None:
    with bare.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        command.check(alembic_config(connection))


def test_a_fresh_database_equals_a_migrated_one(bare: Engine, place: Path, tmp_path: Path) -> None:
    with bare.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    fresh = tmp_path / "fresh.db"
    open_database(f"sqlite:///{fresh}").dispose()
    assert schema(fresh) == schema(place)
    assert stored(fresh) == stored(place) == REVISIONS[-1]


def test_migrations_lead_back_to_nothing(bare: Engine, place: Path) -> None:
    with bare.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        command.downgrade(alembic_config(connection), "base")
    assert set(schema(place)) == {"alembic_version"}


def test_an_older_database_is_copied_then_upgraded_and_loses_nothing(place: Path, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{place}")
    ledger = SqlLedger(engine)
    job = ledger.create(spec())
    claim = ledger.claim("w1", lease_seconds=60)
    assert claim is not None
    ledger.record_episodes(claim, [episode(number, 0.5) for number in range(1, 6)])
    before = schema(place)

    bring_up_to_date(engine, (*REVISIONS, "next"), scripts_with_next(tmp_path))

    assert stored(place) == "next"
    assert "mood" in schema(place)["training_jobs"]
    assert [kept.number for kept in ledger.episodes(job.id)] == [1, 2, 3, 4, 5]
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()
    backup = place.with_name(f"trad.db.bak-{REVISIONS[-1]}")
    assert schema(backup) == before
    with open_ledger(f"sqlite:///{backup}") as old:
        assert len(old.episodes(job.id)) == 5
    assert not list(tmp_path.glob("*.part"))


def test_an_upgrade_that_fails_changes_nothing(place: Path, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{place}")
    SqlLedger(engine).create(spec())
    before = schema(place)
    scripts = scripts_with_next(tmp_path, then="raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        bring_up_to_date(engine, (*REVISIONS, "next"), scripts)
    assert schema(place) == before
    assert stored(place) == REVISIONS[-1]
    assert len(SqlLedger(engine).jobs()) == 1
    engine.dispose()


def test_threads_that_upgrade_at_once_upgrade_once(place: Path, tmp_path: Path) -> None:
    open_database(f"sqlite:///{place}").dispose()
    scripts, wanted = scripts_with_next(tmp_path), (*REVISIONS, "next")
    engine = open_database(f"sqlite:///{place}")
    start, errors = Barrier(2), []

    def upgrade() -> None:
        start.wait()
        try:
            bring_up_to_date(engine, wanted, scripts)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [Thread(target=upgrade) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert errors == []
    assert stored(place) == "next"


@pytest.mark.parametrize("revision", ["9999", "", "zzz'; DROP TABLE episodes"])
def test_a_newer_database_is_refused_untouched(place: Path, revision: str) -> None:
    open_database(f"sqlite:///{place}").dispose()
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    before = place.read_bytes()
    with pytest.raises(DatabaseTooNew, match="upgrade Trad, or point TRAD_DATABASE_URL"):
        open_database(f"sqlite:///{place}")
    assert place.read_bytes() == before
    assert [file.name for file in place.parent.glob("trad.db*")] == ["trad.db"]


def test_a_table_of_jobs_that_trad_did_not_make_is_refused(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("CREATE TABLE training_jobs (id INTEGER)")
    with pytest.raises(InputError, match=r"did not make \(training_jobs\)"):
        open_database(f"sqlite:///{place}")
