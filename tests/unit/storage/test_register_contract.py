"""The register's contract, sentence by sentence, for every implementation."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tests.unit.storage.ledgers import LEASE, START, Setting

from trad.training.workers import RegisteredWorker, WorkerReport

ANNA = WorkerReport(id="anna-12-7f", host="anna", pid=12, processes=4, job_id=None, version="0.1.0")
BEN = replace(ANNA, id="ben-9-a0", host="ben", pid=9, job_id="6fhnk8wpx62rvn30")


def test_who_reported_is_there(setting: Setting) -> None:
    assert setting.register.workers() == []
    setting.register.report(ANNA, lease_seconds=LEASE)
    assert setting.register.workers() == [
        RegisteredWorker(report=ANNA, started_at=START, heartbeat_at=START, alive=True)
    ]


def test_a_later_report_renews_what_was_said(setting: Setting) -> None:
    setting.register.report(ANNA, lease_seconds=LEASE)
    setting.clock.advance(2)
    busy = replace(ANNA, job_id="6fhnk8wpx62rvn30", processes=2)
    setting.register.report(busy, lease_seconds=LEASE)
    assert setting.register.workers() == [
        RegisteredWorker(report=busy, started_at=START, heartbeat_at=START + 2, alive=True)
    ]


def test_who_is_silent_for_its_lease_is_not_alive(setting: Setting) -> None:
    setting.register.report(ANNA, lease_seconds=LEASE)
    setting.register.report(BEN, lease_seconds=60)
    setting.clock.advance(LEASE)
    assert [(worker.report.id, worker.alive) for worker in setting.register.workers()] == [
        (ANNA.id, False),
        (BEN.id, True),
    ]
    setting.register.report(ANNA, lease_seconds=LEASE)
    assert all(worker.alive for worker in setting.register.workers())


def test_the_longest_serving_comes_first(setting: Setting) -> None:
    setting.register.report(BEN, lease_seconds=LEASE)
    setting.clock.advance(1)
    setting.register.report(ANNA, lease_seconds=LEASE)
    setting.register.report(BEN, lease_seconds=LEASE)
    assert [worker.report for worker in setting.register.workers()] == [BEN, ANNA]


def test_who_leaves_is_gone_and_may_leave_twice(setting: Setting) -> None:
    setting.register.report(ANNA, lease_seconds=LEASE)
    setting.register.report(BEN, lease_seconds=LEASE)
    setting.register.leave(ANNA.id)
    setting.register.leave(ANNA.id)
    assert [worker.report for worker in setting.register.workers()] == [BEN]


def test_who_is_silent_for_an_hour_is_forgotten_and_starts_anew(setting: Setting) -> None:
    setting.register.report(ANNA, lease_seconds=10_000)
    setting.clock.advance(3599)
    assert len(setting.register.workers()) == 1
    setting.clock.advance(1)
    assert setting.register.workers() == []
    setting.register.report(ANNA, lease_seconds=LEASE)
    assert [worker.started_at for worker in setting.register.workers()] == [START + 3600]


def test_text_that_no_database_holds_is_escaped(setting: Setting) -> None:
    setting.register.report(replace(ANNA, host="\x00 \udc80"), lease_seconds=LEASE)
    assert setting.register.workers()[0].report.host == r"\x00 \udc80"


def test_threads_report_at_once(setting: Setting) -> None:
    reports = [replace(ANNA, id=f"w{number % 10}", pid=number) for number in range(80)]
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(setting.register.report, one, lease_seconds=LEASE) for one in reports]:
            done.result()
    assert sorted(worker.report.id for worker in setting.register.workers()) == [f"w{n}" for n in range(10)]
