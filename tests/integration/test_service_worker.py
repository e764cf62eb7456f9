"""`trad worker` as a program: how it ends, what it hands back, and how fast it obeys."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from tests.fakes.campaign import CampaignHome, Order
from tests.fakes.campaign_fleet import Program
from tests.fakes.plans import FAULTY
from tests.fakes.processes import PATIENCE, eventually, stopped

from trad.service.planning import TrainRequest, plan_job
from trad.storage.opening import Storage, open_storage
from trad.training.job import Job, Request

pytestmark = pytest.mark.slow

QUICK = {"TRAD_LEASE": "3", "TRAD_HEARTBEAT": "0.25", "TRAD_PROGRESS_INTERVAL": "0.1"}
LONG = Order(optimizer="bayesian", seed=1, episodes=400)
SHORT = Order(optimizer="random", seed=1, episodes=10)
OBEYED_WITHIN = 2.0


@pytest.fixture
def home(tmp_path: Path) -> CampaignHome:
    return CampaignHome(tmp_path / "home", QUICK)


@pytest.fixture
def storage(home: CampaignHome) -> Iterator[Storage]:
    with open_storage(home.settings.database) as opened:
        yield opened


@contextmanager
def working(home: CampaignHome, *arguments: str) -> Iterator[Program]:
    """Run a worker for the time of a block; nothing of it may be left afterwards."""
    program = Program(home, "worker", "--processes", "1", *arguments)
    family: list[psutil.Process] = []
    try:
        yield program
        family = program.family()
    finally:
        if program.runs:
            program.end()
    for process in family:
        process.wait(PATIENCE)


def at_it(storage: Storage, job_id: str, episodes: int = 5) -> None:
    """Wait until a job has so many episodes."""
    eventually(lambda: storage.ledger.job(job_id).recorded_episodes >= episodes, "the job to be under way")


def log(home: CampaignHome) -> str:
    """Return what the programs of a home have logged."""
    path = home.folder / "logs" / "trad.log"
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"]
)
def test_it_hands_its_job_back_and_another_one_ends_it(
    home: CampaignHome, storage: Storage, number: signal.Signals, code: int
) -> None:
    job_id = home.create(storage.ledger, SHORT)
    long = home.create(storage.ledger, LONG)
    with working(home) as first:
        at_it(storage, long)
        (entry,) = storage.register.workers()
        assert (entry.report.pid, entry.report.job_id, entry.alive) == (first.pid, long, True)
        family = first.family()
        first.signal(number)
        assert stopped(first.process) == code
    for process in family:
        process.wait(PATIENCE)
    left = storage.ledger.job(long)
    assert (left.state, left.worker, left.attempt, left.error) == ("queued", None, 1, None)
    assert left.recorded_episodes >= 5
    assert storage.register.workers() == []
    assert storage.ledger.job(job_id).fingerprint == home.undisturbed(SHORT)
    with working(home):
        eventually(lambda: storage.ledger.job(long).recorded_episodes > left.recorded_episodes, "it to go on")
        assert storage.ledger.job(long).attempt == 2


@pytest.mark.serial
@pytest.mark.parametrize(("request_", "state"), [("cancel", "cancelled"), ("pause", "paused")])
def test_it_obeys_within_two_seconds_even_inside_a_c_loop(
    home: CampaignHome, storage: Storage, request_: Request, state: str
) -> None:
    hanging = TrainRequest(
        strategy=FAULTY,
        data="minute",
        optimizer="grid",
        params=["wrong=nothing,hangs in C", "every=10"],
    )
    job = storage.ledger.create(plan_job(hanging, home.settings).spec)

    def now() -> Job:
        return storage.ledger.job(job.id)

    with working(home):
        eventually(lambda: any(episode.idle_seconds > 0.5 for episode in now().running), "it to hang")
        assert now().recorded_episodes <= 1
        began = time.monotonic()
        storage.ledger.request(job.id, request_)
        eventually(lambda: now().state == state, "the worker to obey")
        took = time.monotonic() - began
        # The worker is there for the next one.
        short = home.create(storage.ledger, SHORT)
        eventually(lambda: storage.ledger.job(short).state == "completed", "the next job")
    assert took < OBEYED_WITHIN


def test_a_stalled_episode_is_named_while_the_job_runs_on(tmp_path: Path) -> None:
    home = CampaignHome(tmp_path / "home", {**QUICK, "TRAD_STALL": "0.5"})
    hanging = TrainRequest(
        strategy=FAULTY, data="minute", optimizer="grid", params=["wrong=hangs", "every=10"]
    )
    with open_storage(home.settings.database) as storage, working(home):
        job = storage.ledger.create(plan_job(hanging, home.settings).spec)
        eventually(lambda: storage.ledger.job(job.id).note is not None, "a note")
        eventually(lambda: "has stood at" in (storage.ledger.job(job.id).note or ""), "the note")
        shown = _trad(home, "jobs", "show", job.id)
    assert "cause: episode 1 has stood at candle 7" in shown
    assert f"cancel with `trad jobs cancel {job.id}`" in shown


def _trad(home: CampaignHome, *arguments: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAD_")}
    return subprocess.run(
        [sys.executable, "-m", "trad", *arguments],
        env={**inherited, **home.environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout


def test_it_ends_at_once_with_the_owner_of_its_lifeline(home: CampaignHome, storage: Storage) -> None:
    job_id = home.create(storage.ledger, LONG)
    theirs, ours = os.pipe()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAD_")}
    worker = subprocess.Popen(
        [sys.executable, "-m", "trad", "worker", "--processes", "1", "--quiet", "--lifeline", str(theirs)],
        env={**inherited, **home.environment},
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    at_it(storage, job_id)
    family = psutil.Process(worker.pid).children(recursive=True)
    assert family
    os.close(ours)
    assert stopped(worker) == 1
    for process in family:
        process.wait(PATIENCE)


def test_a_locked_database_is_waited_out(home: CampaignHome, storage: Storage) -> None:
    job_id = home.create(storage.ledger, LONG)
    with working(home):
        at_it(storage, job_id)
        with closing(sqlite3.connect(home.folder / "trad.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            before = storage.ledger.job(job_id)
            eventually(lambda: "was locked for" in log(home), "the worker to notice")
            # Longer than the lease: nobody else can take the job either.
            eventually(lambda: time.time() - (before.heartbeat_at or 0) > 4, "the lease to end")
            during = storage.ledger.job(job_id)
            other.execute("ROLLBACK")
        assert during.recorded_episodes <= before.recorded_episodes + 1
        eventually(
            lambda: storage.ledger.job(job_id).recorded_episodes > during.recorded_episodes, "it to go on"
        )
        job = storage.ledger.job(job_id)
        assert (job.state, job.attempt) == ("running", 1)
        eventually(lambda: "the database answers again" in log(home), "the log to say so")


def test_an_idle_worker_waits_out_a_locked_database_too(home: CampaignHome, storage: Storage) -> None:
    with working(home):
        eventually(lambda: bool(storage.register.workers()), "the worker to be there")
        with closing(sqlite3.connect(home.folder / "trad.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            eventually(lambda: "was locked for" in log(home), "the worker to notice")
            other.execute("ROLLBACK")
        job_id = home.create(storage.ledger, SHORT)
        eventually(lambda: storage.ledger.job(job_id).state == "completed", "the job")


def test_its_first_line_says_where_it_works(home: CampaignHome, storage: Storage) -> None:
    job_id = home.create(storage.ledger, SHORT)
    with working(home) as worker:
        eventually(lambda: storage.ledger.job(job_id).state == "completed", "the job")
    said = (home.folder / "programs.log").read_text()
    assert f":{worker.pid}: database {home.folder / 'trad.db'}, home {home.folder}, 1 process" in said
    assert f"job {job_id}: musing" in said
    assert "Progress: 100.0% (Episode 10/10) - completed" in said
