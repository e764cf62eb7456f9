"""What `trad jobs` says of jobs that do not go on: the cause and the next step, in every view."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from tests.fakes.processes import eventually

from trad.cli.watching import job_progress
from trad.progress import JobProgress, RunningEpisode
from trad.settings import read_settings
from trad.storage.opening import Storage, open_storage
from trad.training.job import Claim, Job
from trad.training.workers import WorkerReport

Run = Callable[..., tuple[int, str, str]]
Queued = Callable[..., Job]
NOBODY = "no worker is running"


@pytest.fixture
def storage(queued: Queued) -> Iterator[Storage]:
    with open_storage(read_settings().database) as opened:
        yield opened


def shown(run: Run, job: Job) -> tuple[str, dict[str, str] | None]:
    """Return a job's condition as `show` prints it for people and for programs."""
    condition: dict[str, str] | None = json.loads(run("jobs", "show", job.id, "--json")[1])["condition"]
    return run("jobs", "show", job.id)[1], condition


def entered(storage: Storage, job_id: str | None = None) -> None:
    report = WorkerReport(id="there:2", host="there", pid=2, processes=1, job_id=job_id, version="1")
    storage.register.report(report, lease_seconds=600)


def claimed(storage: Storage, job: Job, lease: float = 600.0) -> Claim:
    claim = storage.ledger.claim("there:2", lease_seconds=lease, job_id=job.id)
    assert claim is not None
    return claim


def test_a_queued_job_without_a_worker(run: Run, queued: Queued) -> None:
    job = queued()
    text, condition = shown(run, job)
    remedy = f"start `trad serve` or `trad worker`, or run it here with `trad jobs resume {job.id}`"
    assert condition == {"kind": "no_worker", "cause": NOBODY, "remedy": remedy}
    assert f"cause: {NOBODY}\nnext: {remedy}\n" in text


def test_a_queued_job_behind_a_busy_worker_needs_nobody(run: Run, queued: Queued, storage: Storage) -> None:
    entered(storage, "another")
    job = queued()
    text, condition = shown(run, job)
    assert condition is not None
    assert condition["kind"] == "busy_workers"
    assert "cause: the only worker is busy with another job\n" in text
    assert "!" not in run("jobs", "list")[1]


def test_one_that_an_idle_worker_is_about_to_take_has_none(
    run: Run, queued: Queued, storage: Storage
) -> None:
    entered(storage)
    text, condition = shown(run, queued())
    assert condition is None
    assert "cause:" not in text


def test_a_lost_worker(run: Run, queued: Queued, storage: Storage) -> None:
    job = queued()
    claimed(storage, job, lease=0.0)
    text, condition = shown(run, job)
    assert condition is not None
    assert condition["kind"] == "lost_worker"
    assert "cause: its worker there:2 has not been heard of for " in text
    assert f"next: start `trad worker`, or go on here with `trad jobs resume {job.id}`\n" in text


def test_a_failed_and_a_paused_one_with_their_error(run: Run, queued: Queued, storage: Storage) -> None:
    for state, kind in (("failed", "failed"), ("paused", "stopped")):
        job = queued()
        storage.ledger.finish(claimed(storage, job), state, error="the strategy mine changed")  # type: ignore[arg-type]
        text, condition = shown(run, job)
        assert condition is not None
        assert (condition["kind"], condition["cause"]) == (kind, "the strategy mine changed")
        assert text.count("the strategy mine changed") == 1


@contextmanager
def locked() -> Iterator[None]:
    """Let another program hold the database for the time of a block."""
    path = read_settings().home / "trad.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_database(run: Run, queued: Queued) -> None:
    job = queued()
    with locked():
        condition = json.loads(run("jobs", "show", job.id, "--json")[1])["condition"]
    assert condition["kind"] == "database"
    assert "was locked" in condition["cause"]
    assert "goes on by itself" in condition["remedy"]


def test_the_list_marks_who_needs_attention_and_says_why(run: Run, queued: Queued, completed: str) -> None:
    jobs = [queued(), queued()]
    lines = run("jobs", "list")[1].splitlines()
    rows = {line.split()[0]: line.split()[1:3] for line in lines[1:4]}
    assert rows == {
        jobs[0].id: ["queued", "!"],
        jobs[1].id: ["queued", "!"],
        completed: ["completed", "100.0%"],
    }
    assert lines[4:] == [f"! {NOBODY}", "see what to do with: trad jobs show ID"]
    documents = json.loads(run("jobs", "list", "--json")[1])
    assert [row["condition"] and row["condition"]["kind"] for row in documents] == ["no_worker"] * 2 + [None]


def test_watching_says_why_nothing_moves(run: Run, queued: Queued, storage: Storage) -> None:
    job = queued()
    cancel = threading.Timer(0.5, lambda: storage.ledger.request(job.id, "cancel"))
    cancel.start()
    code, _, err = run("jobs", "watch", job.id)
    cancel.join()
    first, *_, last = err.splitlines()
    assert code == 0
    assert first.startswith(f"Progress: 0.0% (Episode 0/3) - {NOBODY}; start `trad serve`")
    assert last == "Progress: 0.0% (Episode 0/3) - cancelled"


def test_watching_shows_every_running_episode(queued: Queued, storage: Storage) -> None:
    job = queued()
    claim = claimed(storage, job)
    running = tuple(
        RunningEpisode(
            number=number,
            worker=f"worker {number}",
            stage="signal_generation",
            candles_processed=100 * number,
            total_candles=3_000,
            fraction=0.1,
            age_seconds=1.0,
            idle_seconds=0.5,
        )
        for number in (1, 2)
    )
    progress = JobProgress(
        job_id=job.id,
        state="running",
        percent=10.0,
        planned=3,
        finished=0,
        failed=0,
        running=running,
        total_candles=3_000,
        best_score=None,
        best_number=None,
        candles_per_second=None,
        eta_seconds=None,
        elapsed_seconds=1.0,
        taken_at=0.0,
        note="loading kernels",
    )
    storage.ledger.save_progress(claim, progress)
    eventually(lambda: bool(storage.ledger.job(job.id).running), "progress to be written")
    row = storage.ledger.job(job.id)
    again = job_progress(row, row.note)
    assert [episode.number for episode in again.running] == [1, 2]
    assert again.running[1].candles_processed == 200
    assert again.note == "loading kernels"
