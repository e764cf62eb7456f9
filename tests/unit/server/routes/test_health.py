"""How the service is, also when it is not well."""

from dataclasses import replace

import pytest
from tests.fakes.routed import Routed, routed_over, spec

from trad.errors import LedgerUnavailable
from trad.storage.opening import Storage, storage_in_memory
from trad.training.workers import RegisteredWorker, WorkerReport

LOCKED = "the database trad.db is locked; end what holds it"


class NoBrowser:
    """Stands for a database that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise LedgerUnavailable(LOCKED)


class LockedStorage(Storage):
    """A storage that can be read and not written."""

    def ailment(self) -> str | None:
        return LOCKED


def report(worker: str, job_id: str | None = None) -> WorkerReport:
    return WorkerReport(id=worker, host="host", pid=4711, processes=2, job_id=job_id, version="0.1.0")


def test_all_is_well(service: Routed) -> None:
    job_id = service.storage.ledger.create(spec()).id
    service.storage.register.report(report("host:1", job_id), lease_seconds=60)
    found = service.get("/api/health").json()
    assert (found["status"], found["database"]) == ("ok", {"ok": True, "ailment": None})
    assert found["version"] == service.state.version
    assert found["jobs"] == {
        "queued": 1,
        "running": 0,
        "paused": 0,
        "completed": 0,
        "failed": 0,
        "cancelled": 0,
    }
    assert [(one["id"], one["alive"], one["job_id"], one["processes"]) for one in found["workers"]] == [
        ("host:1", True, job_id, 2)
    ]


def test_a_database_that_does_not_answer_is_an_ailment_not_a_failure() -> None:
    storage = replace(storage_in_memory(), browser=NoBrowser())  # type: ignore[arg-type]
    service = routed_over(storage)
    found = service.get("/api/health").json()
    assert (found["status"], found["database"]) == ("ailing", {"ok": False, "ailment": LOCKED})
    assert (found["jobs"], found["workers"]) == (None, [])


def test_other_routes_then_ask_to_come_again() -> None:
    service = routed_over(replace(storage_in_memory(), browser=NoBrowser()))  # type: ignore[arg-type]
    answer = service.get("/api/jobs", 503)
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["detail"] == LOCKED


def test_a_database_that_cannot_be_written_is_told_of() -> None:
    kept = storage_in_memory()
    service = routed_over(LockedStorage(ledger=kept.ledger, browser=kept.browser, register=kept.register))
    found = service.get("/api/health").json()
    assert (found["status"], found["database"]["ailment"]) == ("ailing", LOCKED)
    assert found["jobs"]["queued"] == 0


class TestOutlook:
    def test_it_is_read_once_a_second_however_many_ask(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reads = []

        class Watched:
            def __init__(self, storage: Storage) -> None:
                self._register = storage.register

            def workers(self) -> list[RegisteredWorker]:
                reads.append(1)
                return self._register.workers()

        kept = storage_in_memory()
        service = routed_over(replace(kept, register=Watched(kept)))  # type: ignore[arg-type]
        for _ in range(5):
            service.state.outlook.surroundings()
        assert len(reads) == 1

    def test_jobs_carry_their_condition(self) -> None:
        service = routed_over(storage_in_memory())
        states = [service.state.outlook.job(service.storage.ledger.job(service.created())).state]
        assert states == ["queued"]
