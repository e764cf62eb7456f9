"""A service worker in this process: what it takes, what it leaves behind, and that nothing ends it."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from tests.fakes.outages import UnavailableLedger
from tests.fakes.plans import FAKES
from tests.fakes.processes import eventually
from tests.fakes.training import Album

from trad.errors import ExecutorError
from trad.progress import JobProgress, ProgressSink
from trad.service import worker as worker_module
from trad.service.hints import NoHints
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import check_unchanged, worker_identity
from trad.service.starting import open_executor
from trad.service.worker import ServiceWorker, unwatched
from trad.settings import Settings, read_settings
from trad.storage.memory_browser import MemoryBrowser
from trad.storage.memory_register import MemoryWorkerRegister
from trad.storage.opening import Storage
from trad.training.job import Claim, Job, JobSpec, JobState

ASKED = TrainRequest(strategy="sma_cross", data="sample:minute?candles=500", optimizer="random", episodes=5)


@pytest.fixture
def settings(trad_home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRAD_LEASE", "30")
    monkeypatch.setenv("TRAD_HEARTBEAT", "0.05")
    return read_settings()


@pytest.fixture
def ledger() -> UnavailableLedger:
    return UnavailableLedger()


@pytest.fixture
def storage(ledger: UnavailableLedger) -> Storage:
    return Storage(ledger=ledger, browser=MemoryBrowser(ledger.kept), register=MemoryWorkerRegister())


@pytest.fixture
def asked(settings: Settings) -> JobSpec:
    return plan_job(ASKED, settings).spec


@contextmanager
def at_work(
    storage: Storage, settings: Settings, watch: worker_module.Watch = unwatched
) -> Iterator[ServiceWorker]:
    """Let a worker run in a thread for the time of a block."""
    worker = ServiceWorker(storage, settings, processes=0, hints=NoHints(), watch=watch)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(60)
        assert not thread.is_alive()


def becomes(storage: Storage, job: Job, state: JobState) -> Job:
    eventually(lambda: storage.ledger.job(job.id).state == state, f"job {job.id} to be {state}")
    return storage.ledger.job(job.id)


class TestJobs:
    def test_it_runs_what_waits_the_most_urgent_first(
        self, storage: Storage, settings: Settings, asked: JobSpec
    ) -> None:
        first, urgent = storage.ledger.create(asked), storage.ledger.create(asked, priority=5)
        album = Album()

        def watch(claim: Claim) -> Sequence[ProgressSink]:
            return [album]

        with at_work(storage, settings, watch):
            done = becomes(storage, first, "completed")
            later = becomes(storage, storage.ledger.create(asked), "completed")
        order = list(dict.fromkeys(progress.job_id for progress in album.shown))
        assert order == [urgent.id, first.id, later.id]
        assert (done.completed_episodes, done.worker) == (5, worker_identity())
        assert done.fingerprint == later.fingerprint

    def test_the_register_has_it_for_as_long_as_it_is_there(
        self, storage: Storage, settings: Settings, asked: JobSpec
    ) -> None:
        said: list[str | None] = []

        class Looking(Album):
            def show(self, progress: JobProgress, *, final: bool = False) -> None:
                eventually(lambda: storage.register.workers()[0].report.job_id is not None, "the register")
                said.append(storage.register.workers()[0].report.job_id)

        with at_work(storage, settings, lambda _: [Looking()]):
            eventually(lambda: bool(storage.register.workers()), "the worker to be entered")
            (idle,) = storage.register.workers()
            job = becomes(storage, storage.ledger.create(asked), "completed")
            eventually(lambda: storage.register.workers()[0].report.job_id is None, "it to be idle again")
        assert (idle.report.id, idle.alive, idle.report.job_id) == (worker_identity(), True, None)
        assert set(said) == {job.id}
        assert storage.register.workers() == []

    def test_a_cancel_that_a_lost_worker_never_heard_of_is_not_lost(
        self, storage: Storage, settings: Settings, asked: JobSpec, ledger: UnavailableLedger
    ) -> None:
        job = storage.ledger.create(asked)
        storage.ledger.claim("gone:1", lease_seconds=60)
        storage.ledger.request(job.id, "cancel")
        ledger.kept.jobs[job.id] = replace(ledger.kept.jobs[job.id], lease_until=0.0)
        with at_work(storage, settings):
            becomes(storage, job, "cancelled")


class TestTroubles:
    """Each time the worker must go on: the job that comes after is completed."""

    def goes_on(self, storage: Storage, settings: Settings, asked: JobSpec, job: Job, state: JobState) -> Job:
        with at_work(storage, settings):
            left = becomes(storage, job, state)
            becomes(storage, storage.ledger.create(asked), "completed")
        return left

    def test_a_changed_strategy_pauses_its_job(
        self, storage: Storage, settings: Settings, asked: JobSpec
    ) -> None:
        settings.strategies.mkdir()
        file = settings.strategies / "mine.py"
        shutil.copy(FAKES / "plodding.py", file)
        job = storage.ledger.create(plan_job(replace(ASKED, strategy="mine"), settings).spec)
        file.write_text(file.read_text() + "\n# another version\n")
        left = self.goes_on(storage, settings, asked, job, "paused")
        assert left.error == (
            "the strategy mine changed since the job was made, so its episodes would not belong together; "
            "put the old code back, or start a new job with `trad train`"
        )

    def test_a_strategy_that_is_gone_pauses_its_job(
        self, storage: Storage, settings: Settings, asked: JobSpec
    ) -> None:
        job = storage.ledger.create(replace(asked, strategy="gone"))
        left = self.goes_on(storage, settings, asked, job, "paused")
        assert left.error is not None
        assert left.error.startswith("no strategy is called 'gone'; put back the one")

    def test_data_that_are_gone_pause_their_job(
        self, storage: Storage, settings: Settings, asked: JobSpec
    ) -> None:
        job = storage.ledger.create(replace(asked, data="gone", data_hash="0" * 64))
        left = self.goes_on(storage, settings, asked, job, "paused")
        assert left.error is not None
        assert "put back the data that the job was made with" in left.error

    def test_a_job_that_makes_no_sense_fails(
        self, storage: Storage, settings: Settings, asked: JobSpec
    ) -> None:
        job = storage.ledger.create(replace(asked, optimizer="guessing"))
        assert self.goes_on(storage, settings, asked, job, "failed").error is not None

    def test_an_error_that_nobody_thought_of_pauses_its_job(
        self, storage: Storage, settings: Settings, asked: JobSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = storage.ledger.create(replace(asked, seed=666))

        def break_once(spec: JobSpec, settings: Settings) -> None:
            if spec.seed == 666:
                raise ZeroDivisionError("division by zero")
            check_unchanged(spec, settings)

        monkeypatch.setattr(worker_module, "check_unchanged", break_once)
        left = self.goes_on(storage, settings, asked, job, "paused")
        assert left.error == "ZeroDivisionError: division by zero"

    def test_a_lost_lease_leaves_the_job_to_its_new_owner(
        self, storage: Storage, settings: Settings, asked: JobSpec, ledger: UnavailableLedger
    ) -> None:
        job = storage.ledger.create(asked)

        def watch(claim: Claim) -> Sequence[ProgressSink]:
            if claim.job_id == job.id:
                ledger.lose(job.id)
            return ()

        with at_work(storage, settings, watch):
            becomes(storage, storage.ledger.create(asked), "completed")
        left = ledger.job(job.id)
        assert (left.state, left.worker, left.attempt) == ("running", "w2", 2)

    def test_no_processes_to_be_had_is_waited_out(
        self, storage: Storage, settings: Settings, asked: JobSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries = [0]

        def refuse_twice(workers: int, output: Path | None) -> object:
            tries[0] += 1
            if tries[0] <= 2:
                raise ExecutorError("worker process 1 cannot be started")
            return open_executor(workers, output)

        monkeypatch.setattr(worker_module, "open_executor", refuse_twice)
        job = storage.ledger.create(asked)
        with at_work(storage, settings):
            becomes(storage, job, "completed")

    def test_a_ledger_that_does_not_answer_is_waited_out(
        self, storage: Storage, settings: Settings, asked: JobSpec, ledger: UnavailableLedger
    ) -> None:
        job = storage.ledger.create(asked)
        ledger.down, ledger.refused_until = True, 3
        with at_work(storage, settings):
            eventually(lambda: not ledger.down, "the ledger to answer")
            becomes(storage, job, "completed")


class TestPreparation:
    """A strategy or data that take longer to load than a lease lasts."""

    @pytest.fixture
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], bool]], None]:
        def wait_until(done: Callable[[], bool]) -> None:
            def check(spec: JobSpec, settings: Settings) -> None:
                eventually(done, "the data to be read")

            monkeypatch.setattr(worker_module, "check_unchanged", check)

        return wait_until

    def test_the_lease_is_renewed_meanwhile(
        self,
        storage: Storage,
        settings: Settings,
        asked: JobSpec,
        slow: Callable[[Callable[[], bool]], None],
    ) -> None:
        job, began = storage.ledger.create(asked), time.time()
        short = settings.model_copy(update={"lease": 0.5, "heartbeat": 0.05})
        slow(lambda: (storage.ledger.job(job.id).heartbeat_at or 0) > began + 1.5)
        with at_work(storage, short):
            assert becomes(storage, job, "completed").attempt == 1

    def test_a_cancel_does_not_wait_for_it(
        self,
        storage: Storage,
        settings: Settings,
        asked: JobSpec,
        slow: Callable[[Callable[[], bool]], None],
    ) -> None:
        job, other = storage.ledger.create(asked), storage.ledger.create(asked)
        slow(lambda: storage.ledger.job(job.id).state == "cancelled")
        with at_work(storage, settings):
            becomes(storage, job, "running")
            storage.ledger.request(job.id, "cancel")
            becomes(storage, other, "completed")
        assert storage.ledger.job(job.id).recorded_episodes == 0


def test_an_interrupt_hands_the_job_back(storage: Storage, settings: Settings, asked: JobSpec) -> None:
    class Interrupting(Album):
        def show(self, progress: JobProgress, *, final: bool = False) -> None:
            if not final:
                raise KeyboardInterrupt

    job = storage.ledger.create(replace(asked, episodes=5_000))
    worker = ServiceWorker(storage, settings, processes=0, hints=NoHints(), watch=lambda _: [Interrupting()])
    with pytest.raises(KeyboardInterrupt):
        worker.run()
    left = storage.ledger.job(job.id)
    assert (left.state, left.worker, left.error) == ("queued", None, None)
    assert storage.register.workers() == []
