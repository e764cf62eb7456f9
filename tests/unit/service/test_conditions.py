"""What is said of a job that does not go on: in every state, the cause and the next step."""

from dataclasses import replace

import pytest
from tests.fakes.training import spec

from trad.progress import RunningEpisode
from trad.service.conditions import AS_WANTED, Condition, condition
from trad.storage.transitions import new_job
from trad.training.job import Job, JobState
from trad.training.outage import ANSWERS_AGAIN, KEPT
from trad.training.stalls import stalled_note
from trad.training.workers import RegisteredWorker, WorkerReport

NOW = 1_000.0
LOCKED = "the database /home/me/trad.db was locked for 2 s; close the program that holds it"


def a_job(state: JobState = "queued", **changes: object) -> Job:
    return replace(new_job("job1", spec(), 0, NOW - 100), state=state, **changes)  # type: ignore[arg-type]


def running(**changes: object) -> Job:
    return a_job(
        "running", **{"worker": "here:1", "lease_until": NOW + 2, "heartbeat_at": NOW - 1, **changes}
    )


def worker(name: str = "there:2", *, job_id: str | None = None, alive: bool = True) -> RegisteredWorker:
    report = WorkerReport(id=name, host="there", pid=2, processes=2, job_id=job_id, version="1")
    return RegisteredWorker(report=report, started_at=1.0, heartbeat_at=NOW, alive=alive)


def found(job: Job, *workers: RegisteredWorker, ailment: str | None = None) -> Condition:
    said = condition(job, NOW, workers=workers, ailment=ailment)
    assert said is not None
    assert said.cause
    assert said.remedy
    return said


class TestQueued:
    @pytest.mark.parametrize("workers", [(), (worker(alive=False),)], ids=["none", "one that is gone"])
    def test_without_a_worker_it_says_how_to_start_one(self, workers: tuple[RegisteredWorker, ...]) -> None:
        said = found(a_job(), *workers)
        assert (said.kind, said.cause) == ("no_worker", "no worker is running")
        assert said.remedy == (
            "start `trad serve` or `trad worker`, or run it here with `trad jobs resume job1`"
        )

    def test_with_busy_workers_only_time_is_needed(self) -> None:
        one, two = worker(job_id="a"), worker("there:3", job_id="b")
        assert found(a_job(), one).cause == "the only worker is busy with another job"
        said = found(a_job(), one, two, worker("gone:4", alive=False))
        assert (said.kind, said.cause) == ("busy_workers", "all 2 workers are busy with other jobs")
        assert said.kind in AS_WANTED

    def test_with_an_idle_worker_there_is_nothing_to_say(self) -> None:
        idle = worker("there:3")
        assert condition(a_job(), NOW, workers=[worker(job_id="a"), idle]) is None


class TestRunning:
    def test_one_that_runs_has_no_condition(self) -> None:
        assert condition(running(), NOW, workers=[]) is None
        assert condition(running(note="loading kernels"), NOW, workers=[]) is None

    def test_a_lost_worker_is_named_with_its_silence(self) -> None:
        job = running(lease_until=NOW - 9, heartbeat_at=NOW - 12)
        said = found(job, worker("here:1", alive=False))
        assert (said.kind, said.cause) == (
            "lost_worker",
            "its worker here:1 has not been heard of for 12 s",
        )
        assert said.remedy == "start `trad worker`, or go on here with `trad jobs resume job1`"

    def test_another_worker_takes_over_from_a_lost_one(self) -> None:
        job = running(lease_until=NOW - 9, heartbeat_at=NOW - 12)
        assert found(job, worker()).remedy == "another worker takes it over when it is free"
        assert found(job, worker("here:1")).remedy.startswith("start `trad worker`"), "itself is no other"

    def test_a_stalled_episode_is_told_as_its_worker_told_it(self) -> None:
        episode = RunningEpisode(
            number=7,
            worker="worker 1",
            stage="trade_simulation",
            candles_processed=4_500,
            total_candles=10_000,
            fraction=0.7,
            age_seconds=80.0,
            idle_seconds=65.0,
        )
        said = found(running(note=stalled_note(episode, "job1")))
        assert said.kind == "stalled"
        assert said.cause == ("episode 7 has stood at candle 4,500 of 10,000 in trade_simulation for 65 s")
        assert "`trad jobs cancel job1`" in said.remedy

    def test_its_workers_trouble_with_the_database_is_told(self) -> None:
        said = found(running(note=f"{LOCKED}; {KEPT}"))
        assert (said.kind, said.cause) == ("database", "the database /home/me/trad.db was locked for 2 s")
        assert said.remedy.startswith("close the program that holds it; ")
        assert found(running(note=f"{ANSWERS_AGAIN}, after 12 s; nothing was lost")).kind == "database"


class TestDatabase:
    @pytest.mark.parametrize("job", [a_job(), running(), running(lease_until=NOW - 9)])
    def test_an_ailing_one_comes_before_all_that_follows_from_it(self, job: Job) -> None:
        said = found(job, ailment=LOCKED)
        assert (said.kind, said.cause) == ("database", "the database /home/me/trad.db was locked for 2 s")
        assert "goes on by itself" in said.remedy

    @pytest.mark.parametrize("state", ["completed", "cancelled"])
    def test_what_is_over_does_not_suffer_from_it(self, state: JobState) -> None:
        assert condition(a_job(state), NOW, workers=[], ailment=LOCKED) is None


class TestStopped:
    def test_one_that_its_user_paused_is_as_wanted(self) -> None:
        said = found(a_job("paused"))
        assert (said.kind, said.cause) == ("paused", "it was paused")
        assert said.remedy.startswith("go on with `trad jobs resume job1`")
        assert said.kind in AS_WANTED

    def test_an_error_is_the_cause(self) -> None:
        for state, kind in (("paused", "stopped"), ("failed", "failed")):
            said = found(a_job(state, error="the strategy mine changed"))  # type: ignore[arg-type]
            assert (said.kind, said.cause) == (kind, "the strategy mine changed")
            assert "`trad jobs resume job1`" in said.remedy
            assert said.kind not in AS_WANTED
