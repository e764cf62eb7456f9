"""Opening a storage, and what it says when its database ails."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import Engine, make_url, text
from tests.fakes.postgres import PostgresServer
from tests.unit.storage.ledgers import progress, spec

from trad.errors import InputError, LedgerUnavailable
from trad.storage import database, probe
from trad.storage.database import transaction
from trad.storage.opening import Storage, open_storage, storage_in_memory
from trad.training.job import Claim
from trad.training.workers import WorkerReport

WORKER = WorkerReport(id="w1", host="anna", pid=7, processes=2, job_id=None, version="0.1.0")


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    with open_storage(database_url) as opened:
        yield opened


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Storage]:
    with open_storage(postgres_url) as opened:
        yield opened


def claimed(storage: Storage) -> Claim:
    storage.ledger.create(spec())
    claim = storage.ledger.claim("w1", lease_seconds=60)
    assert claim is not None
    return claim


def delete_while(engine: Engine, happens: Callable[[], None]) -> None:
    with transaction(engine, "lasting") as connection:
        connection.execute(text("DELETE FROM training_jobs"))
        happens()


def test_its_parts_share_one_database(storage: Storage) -> None:
    job = storage.ledger.create(spec())
    assert storage.browser.jobs().jobs == (job,)
    storage.register.report(WORKER, lease_seconds=3)
    assert [worker.report for worker in storage.register.workers()] == [WORKER]
    assert storage.ailment() is None


def test_in_memory_they_share_what_they_hold() -> None:
    storage = storage_in_memory()
    job = storage.ledger.create(spec())
    assert storage.browser.jobs().jobs == (job,)
    assert storage.register.workers() == []
    assert storage.ailment() is None


def test_the_moments_of_a_database_are_its_own(storage: Storage) -> None:
    job = storage.ledger.create(spec())
    assert job.changed_at == job.created_at
    assert 0 <= storage.browser.changes(None).now - job.created_at < 60


class TestLocked:
    def test_a_file_that_another_program_holds_ails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(database.WAITS, "probe", 0.1)
        with open_storage(f"sqlite:///{tmp_path / 'trad.db'}") as storage:
            other = sqlite3.connect(tmp_path / "trad.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            ailment = storage.ailment()
            assert ailment is not None
            assert "trad.db was locked for 0.1 s; close the program that holds it" in ailment
            other.execute("ROLLBACK")
            assert storage.ailment() is None
            other.close()

    def test_who_reports_progress_gives_up_soon(
        self, storage: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claim = claimed(storage)
        assert database.WAITS["passing"] == 2
        monkeypatch.setitem(database.WAITS, "passing", 0.2)
        assert storage.engine is not None
        with transaction(storage.engine, "lasting") as other:
            other.execute(text("UPDATE training_jobs SET note = 'held'"))
            began = perf_counter()
            with pytest.raises(LedgerUnavailable, match=r"was locked for 0\.2 s"):
                storage.ledger.save_progress(claim, progress(claim, 10))
            assert 0.15 < perf_counter() - began < 10
        storage.ledger.save_progress(claim, progress(claim, 10))
        assert storage.ledger.job(claim.job_id).progress == 10


def test_a_full_disk_ails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_storage(f"sqlite:///{tmp_path / 'trad.db'}") as storage:
        monkeypatch.setattr(probe, "LEAST_FREE_BYTES", 1 << 62)
        ailment = storage.ailment()
    assert ailment is not None
    assert "bytes left on its disk; free some space" in ailment


def test_a_folder_that_vanished_ails(tmp_path: Path) -> None:
    with open_storage(f"sqlite:///{tmp_path / 'deep' / 'trad.db'}") as storage:
        (tmp_path / "deep").rename(tmp_path / "elsewhere")
        ailment = storage.ailment()
    assert ailment is not None
    assert "cannot be read: No such file or directory; bring it back" in ailment


class TestPostgres:
    def test_after_a_restart_the_next_call_works(
        self, on_postgres: Storage, postgres: PostgresServer
    ) -> None:
        claim = claimed(on_postgres)
        for _ in range(3):
            postgres.restart()
            on_postgres.ledger.save_progress(claim, progress(claim, 10))
            assert on_postgres.ledger.heartbeat(claim) is None

    def test_while_it_is_down_every_call_says_so_and_then_works_again(
        self, on_postgres: Storage, postgres: PostgresServer
    ) -> None:
        claim = claimed(on_postgres)
        postgres.kill()
        for _ in range(2):
            with pytest.raises(LedgerUnavailable, match=r"did not answer: .*see that it runs"):
                on_postgres.ledger.heartbeat(claim)
        assert "did not answer" in (on_postgres.ailment() or "")
        postgres.start()
        assert on_postgres.ledger.heartbeat(claim) is None
        assert on_postgres.ailment() is None

    def test_a_transaction_that_a_restart_cuts_off_wrote_nothing(
        self, on_postgres: Storage, postgres: PostgresServer
    ) -> None:
        job = on_postgres.ledger.create(spec())
        assert on_postgres.engine is not None
        with pytest.raises(LedgerUnavailable):
            delete_while(on_postgres.engine, postgres.restart)
        assert on_postgres.ledger.job(job.id) == job

    def test_one_that_may_only_be_read_ails(self, on_postgres: Storage, postgres_url: str) -> None:
        assert on_postgres.engine is not None
        name = make_url(postgres_url).database
        with on_postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only TO on"))
        on_postgres.engine.dispose()
        assert "may only be read at present" in (on_postgres.ailment() or "")

    def test_one_that_is_down_when_it_is_opened_may_come_later(
        self, postgres_url: str, postgres: PostgresServer
    ) -> None:
        postgres.stop()
        with pytest.raises(LedgerUnavailable, match="did not answer: "), open_storage(postgres_url):
            pass
        postgres.start()
        with open_storage(postgres_url) as storage:
            assert storage.ailment() is None

    def test_one_that_is_not_there_is_the_users_to_make(self, postgres: PostgresServer) -> None:
        postgres.start()
        url = postgres.url("no_such_database")
        with pytest.raises(InputError, match='"no_such_database" does not exist'), open_storage(url):
            pass
