"""Opening a database, and transactions in it."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import IntegrityError
from tests.unit.storage.ledgers import spec

from trad.errors import InputError, LedgerError, LedgerUnavailable
from trad.storage import database, failures
from trad.storage.database import Kind, open_database, transaction
from trad.storage.ledger import SqlLedger, open_ledger
from trad.training.job import Job


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "trad.db"


@pytest.fixture
def engine(place: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{place}")
    yield opened
    opened.dispose()


def test_a_file_is_made_with_its_folder_and_keeps_what_was_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'er' / 'trad.db'}"
    with open_ledger(url) as ledger:
        job = ledger.create(spec())
    with open_ledger(url) as ledger:
        assert ledger.job(job.id) == job


def test_readers_and_a_writer_work_side_by_side(engine: Engine, place: Path) -> None:
    with transaction(engine, "lasting") as writer:
        writer.execute(text("DELETE FROM training_jobs"))
        with transaction(engine, "read") as reader:
            assert reader.scalar(text("PRAGMA journal_mode")) == "wal"
            assert reader.scalar(text("SELECT count(*) FROM training_jobs")) == 0


@pytest.mark.parametrize(("kind", "level"), [("lasting", 2), ("passing", 1)])
def test_what_must_last_waits_for_the_disk(engine: Engine, kind: Kind, level: int) -> None:
    for known in ("passing", "lasting"):
        with transaction(engine, known):
            pass
        with transaction(engine, kind) as connection:
            assert connection.scalar(text("PRAGMA synchronous")) == level
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_block_that_raises_writes_nothing(engine: Engine) -> None:
    def half() -> None:
        with transaction(engine, "lasting") as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    with transaction(engine, "read") as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_a_write_waits_for_another_program(engine: Engine, place: Path) -> None:
    other = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def let_go() -> None:
        sleep(0.3)
        other.execute("COMMIT")

    waiting = Thread(target=let_go)
    waiting.start()
    began = perf_counter()
    SqlLedger(engine).create(spec())
    assert perf_counter() - began > 0.25
    waiting.join()
    other.close()


def test_a_database_that_stays_locked_is_an_error_in_words(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database.WAITS, "lasting", 0.1)
    other = sqlite3.connect(place, isolation_level=None)
    with open_ledger(f"sqlite:///{place}") as ledger:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match=r"trad\.db was locked for 0[.]1 s; close the program"):
            ledger.create(spec())
        other.execute("ROLLBACK")
        assert ledger.jobs() == []
        assert isinstance(ledger.create(spec()), Job)
    other.close()


def test_a_full_disk_is_an_error_in_words(engine: Engine) -> None:
    ledger = SqlLedger(engine)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    raw = engine.raw_connection()
    raw.cursor().execute(f"PRAGMA max_page_count={pages}")
    raw.close()

    def fill() -> None:
        for _ in range(200):
            ledger.create(spec())

    with pytest.raises(LedgerError, match="has no room left on its disk; free some space"):
        fill()
    assert all(job.state == "queued" for job in ledger.jobs())


def test_a_file_that_may_not_be_written_is_an_error_in_words(engine: Engine) -> None:
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA query_only=ON")
    raw.close()
    with pytest.raises(LedgerError, match="may not be written; give Trad the right"):
        SqlLedger(engine).create(spec())


def test_a_file_that_vanished_is_an_error_in_words(engine: Engine, place: Path) -> None:
    engine.dispose()
    for file in place.parent.glob("trad.db*"):
        file.unlink()
    place.parent.rmdir()
    with pytest.raises(LedgerError, match="cannot be opened; let Trad read and write"):
        SqlLedger(engine).create(spec())
    place.parent.mkdir()


def test_tables_that_are_not_those_of_their_revision_are_not_waited_for(engine: Engine) -> None:
    with transaction(engine, "lasting") as connection:
        connection.exec_driver_sql("ALTER TABLE training_jobs RENAME COLUMN note TO remark")
    with pytest.raises(LedgerError, match="lacks what its revision promises") as raised:
        SqlLedger(engine).jobs()
    assert not isinstance(raised.value, LedgerUnavailable)


def test_a_broken_rule_is_nobody_elses_fault(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine, "lasting") as connection:
        connection.execute(text("INSERT INTO alembic_version SELECT * FROM alembic_version"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("trad.db", "looks like sqlite:////home/me/trad.db"),
        ("", "looks like sqlite:////home/me/trad.db"),
        ("mysql://me@host/trad", "'mysql'; Trad keeps its jobs in SQLite or Postgres"),
        ("sqlite+aiosqlite:///x.db", "'sqlite[+]aiosqlite'; Trad keeps"),
        ("sqlite://", "needs the path of a file"),
        ("sqlite:///:memory:", "needs the path of a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "needs the path of a file"),
    ],
)
def test_a_url_that_leads_nowhere_is_refused(url: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_database(url)


def test_postgres_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="install Trad with its extra `postgres`"):
        open_database("postgres://me:secret@host/trad")


def test_a_password_is_not_shown() -> None:
    shown = failures.shown(make_url("postgresql://me:secret@host/trad"))
    assert "secret" not in shown
    assert "host/trad" in shown


def test_a_file_that_is_no_database_is_refused_and_left_alone(place: Path) -> None:
    place.write_bytes(b"open,high,low,close\n" * 200)
    with pytest.raises(InputError, match=r"trad\.db is not an SQLite database; point TRAD_DATABASE_URL"):
        open_database(f"sqlite:///{place}")
    assert place.read_bytes() == b"open,high,low,close\n" * 200


def test_a_folder_is_no_database(place: Path) -> None:
    place.mkdir()
    with pytest.raises(InputError, match="cannot be opened; let Trad read and write"):
        open_database(f"sqlite:///{place}")


def test_a_folder_that_cannot_be_made_is_refused(place: Path) -> None:
    place.touch()
    with pytest.raises(InputError, match=r"the folder .*trad\.db/more of the database cannot be made: "):
        open_database(f"sqlite:///{place / 'more' / 'trad.db'}")


def test_a_strangers_database_is_refused_and_left_alone(place: Path) -> None:
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE moz_places (id INTEGER)")
    other.close()
    before = place.read_bytes()
    with pytest.raises(InputError, match=r"holds tables that Trad did not make \(moz_places\)"):
        open_database(f"sqlite:///{place}")
    assert place.read_bytes() == before


def test_opening_what_is_up_to_date_is_quick_and_loads_no_alembic(engine: Engine, place: Path) -> None:
    script = f"""
import sys
from time import perf_counter
from trad.storage.database import open_database
took = []
for name in {[str(place)] * 5 + [str(place) + "-new"]}:
    began = perf_counter()
    open_database(f"sqlite:///{{name}}").dispose()
    took.append(perf_counter() - began)
assert "alembic" not in sys.modules
print(min(took[:5]), took[5])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    up_to_date, fresh = map(float, done.stdout.split())
    assert up_to_date < 0.05
    assert fresh < 0.5
