"""Running a job here: claims, what must be unchanged, and what an error leaves behind."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.plans import FAKES
from tests.fakes.plodding import Plodding
from tests.fakes.training import Album, FakeExecutor

from trad.errors import ChangedSince, ExecutorError, InputError, JobBusy, JobNotFound, TransitionError
from trad.executors.inline import InlineExecutor
from trad.executors.processes import ProcessExecutor
from trad.service import running
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import (
    begin_job,
    check_unchanged,
    claim_again,
    left_resumable,
    run_job,
    worker_identity,
)
from trad.service.starting import checked_workers, name_output, open_executor, output_file
from trad.settings import Settings, read_settings
from trad.storage.memory import MemoryLedger
from trad.training.job import Claim, JobSpec, JobState

ASKED = TrainRequest(strategy="sma_cross", data="sample:minute?candles=500", optimizer="random", episodes=6)


@pytest.fixture
def settings(trad_home: Path) -> Settings:
    return read_settings()


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


def begun(ledger: MemoryLedger, settings: Settings, asked: TrainRequest = ASKED) -> Claim:
    return begin_job(ledger, plan_job(asked, settings), settings)


class TestRun:
    def test_a_job_runs_to_its_end_and_its_executor_is_stopped(
        self, ledger: MemoryLedger, settings: Settings
    ) -> None:
        album, executor = Album(), InlineExecutor()
        job = run_job(ledger, begun(ledger, settings), settings, executor, [album])
        assert (job.state, job.progress, job.completed_episodes) == ("completed", 100, 6)
        assert job.fingerprint is not None
        assert job.worker == worker_identity() == f"{os.uname().nodename}:{os.getpid()}"
        assert album.shown[-1].state == "completed"
        assert executor.board.slot(0).stop_asked

    def test_a_class_at_hand_is_not_looked_for(self, ledger: MemoryLedger, settings: Settings) -> None:
        class Local(Plodding):
            pass

        claim = begun(ledger, settings, replace(ASKED, strategy=Local))
        job = run_job(ledger, claim, settings, open_executor(2, None, Local), strategy=Local)
        assert job.state == "completed"

    @pytest.mark.parametrize(
        ("error", "state", "cause"),
        [
            (InputError("no such thing"), "failed", "no such thing"),
            (ChangedSince("the data changed"), "paused", "the data changed"),
            (ExecutorError("no worker"), "paused", "no worker"),
            (KeyboardInterrupt(), "paused", None),
        ],
    )
    def test_an_error_before_the_trainer_takes_over_leaves_the_job_resumable(
        self,
        ledger: MemoryLedger,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
        error: BaseException,
        state: JobState,
        cause: str | None,
    ) -> None:
        def refuse(*args: object, **more: object) -> None:
            raise error

        claim, executor = begun(ledger, settings), FakeExecutor()
        monkeypatch.setattr(running, "make_optimizer", refuse)
        with pytest.raises(type(error)):
            run_job(ledger, claim, settings, executor)
        job = ledger.job(claim.job_id)
        assert (job.state, job.error) == (state, cause)

    def test_what_goes_well_is_left_alone(self, ledger: MemoryLedger, settings: Settings) -> None:
        claim = begun(ledger, settings)
        with left_resumable(ledger, claim):
            pass
        assert ledger.job(claim.job_id).state == "running"


class TestWorkers:
    def test_none_is_one_for_each_core_that_may_be_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
        assert checked_workers(None) == 3

    @pytest.mark.parametrize("workers", [0, 1, 256])
    def test_what_works_is_returned(self, workers: int) -> None:
        assert checked_workers(workers) == workers

    @pytest.mark.parametrize("workers", [-1, 257])
    def test_what_does_not_is_refused(self, workers: int) -> None:
        with pytest.raises(
            InputError, match=rf"workers was {workers}; it is a whole number from 0 .* to 256"
        ):
            checked_workers(workers)

    def test_no_workers_or_a_class_at_hand_run_in_this_process(self) -> None:
        assert isinstance(open_executor(0, None), InlineExecutor)
        assert isinstance(open_executor(2, None, Plodding), InlineExecutor)


class TestOutput:
    @pytest.fixture
    def executor(self, settings: Settings) -> Iterator[ProcessExecutor]:
        executor = open_executor(1, output_file(settings, "starting-1"))
        assert isinstance(executor, ProcessExecutor)
        yield executor
        executor.stop()

    def test_it_gets_the_jobs_name_and_keeps_what_earlier_runs_wrote(
        self, settings: Settings, executor: ProcessExecutor
    ) -> None:
        start, named = output_file(settings, "starting-1"), output_file(settings, "job1")
        named.write_text("the first run\n")
        name_output(executor, settings, "job1")
        executor.stop()
        assert not start.exists()
        assert named.read_text() == "the first run\n"

    def test_nothing_is_left_of_strategies_that_print_nothing(
        self, settings: Settings, executor: ProcessExecutor
    ) -> None:
        name_output(executor, settings, "job1")
        assert output_file(settings, "job1").exists()
        executor.stop()
        assert list((settings.home / "logs").iterdir()) == []

    def test_it_is_nothing_to_an_executor_in_this_process(self, settings: Settings) -> None:
        name_output(InlineExecutor(), settings, "job1")
        assert not (settings.home / "logs").exists()


class TestClaims:
    def test_a_job_that_another_worker_snatched_is_busy(self, settings: Settings) -> None:
        class Snatched(MemoryLedger):
            def claim(self, worker: str, *, lease_seconds: float, job_id: str | None = None) -> Claim | None:
                return None

        with pytest.raises(JobBusy, match="was taken by another worker"):
            begun(Snatched(), settings)

    def test_a_killed_runs_lease_is_waited_for_and_told_of_once(
        self, ledger: MemoryLedger, settings: Settings
    ) -> None:
        brief = settings.model_copy(update={"lease": 0.5})
        claim = begun(ledger, brief)
        told: list[str] = []
        began = time.monotonic()
        again = claim_again(ledger, claim.job_id, brief, told.append)
        assert time.monotonic() - began > 0.2
        assert again.attempt == claim.attempt + 1
        assert len(told) == 1
        assert "whose lease lasts another" in told[0]

    def test_a_living_worker_keeps_its_job(self, ledger: MemoryLedger, settings: Settings) -> None:
        claim = begun(ledger, settings.model_copy(update={"lease": 60.0}))
        with pytest.raises(JobBusy):
            claim_again(ledger, claim.job_id, settings.model_copy(update={"lease": 0.1}))

    def test_a_paused_job_is_claimed_at_once_by_the_beginning_of_its_id(
        self, ledger: MemoryLedger, settings: Settings
    ) -> None:
        claim = begun(ledger, settings)
        ledger.finish(claim, "paused")
        assert claim_again(ledger, claim.job_id[:12], settings).job_id == claim.job_id

    def test_a_completed_job_needs_no_resuming(self, ledger: MemoryLedger, settings: Settings) -> None:
        claim = begun(ledger, settings)
        run_job(ledger, claim, settings, InlineExecutor())
        with pytest.raises(TransitionError, match="is completed; there is nothing left to resume"):
            claim_again(ledger, claim.job_id, settings)

    def test_an_unknown_job_is_not_found(self, ledger: MemoryLedger, settings: Settings) -> None:
        with pytest.raises(JobNotFound):
            claim_again(ledger, "nothere1", settings)


class TestUnchanged:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "mine.py"
        path.write_text((FAKES / "plodding.py").read_text())
        return path

    def spec(self, settings: Settings, file: Path) -> JobSpec:
        return plan_job(replace(ASKED, strategy=f"{file}:Plodding"), settings).spec

    def test_the_same_strategy_and_data_pass(self, settings: Settings, file: Path) -> None:
        check_unchanged(self.spec(settings, file), settings)

    def test_a_changed_strategy_does_not(self, settings: Settings, file: Path) -> None:
        spec = self.spec(settings, file)
        file.write_text(file.read_text() + "\n")
        with pytest.raises(ChangedSince, match=r"changed since the job was made.* start a new job"):
            check_unchanged(spec, settings)

    def test_a_strategy_that_is_gone_does_not(self, settings: Settings, file: Path) -> None:
        spec = self.spec(settings, file)
        file.unlink()
        with pytest.raises(ChangedSince, match="does not exist; put back the one"):
            check_unchanged(spec, settings)

    def test_a_class_without_a_file_cannot_be_loaded_again(self, settings: Settings) -> None:
        class Local(Plodding):
            pass

        spec = plan_job(replace(ASKED, strategy=Local), settings).spec
        with pytest.raises(
            ChangedSince, match=r"the strategy Local lives in no file.*train it from the program"
        ):
            check_unchanged(spec, settings)

    def test_candles_that_left_the_cache_are_read_again(self, settings: Settings, file: Path) -> None:
        spec = self.spec(settings, file)
        cached = settings.cache / f"{spec.data_hash}.arrow"
        cached.unlink()
        check_unchanged(spec, settings)
        assert cached.exists()

    def test_data_that_changed_is_not_taken_for_the_old(self, settings: Settings, file: Path) -> None:
        changed = replace(self.spec(settings, file), data_hash="0" * 64)
        with pytest.raises(ChangedSince, match=r"the data sample:minute\?candles=500 changed since"):
            check_unchanged(changed, settings)
