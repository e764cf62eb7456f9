"""Jobs of the real program, killed with -9 at any moment and resumed: nothing lost, nothing counted twice."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.plans import PLODDING
from tests.fakes.training import RecordingLedger

from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, run_job
from trad.service.starting import open_executor
from trad.settings import read_settings

KILLS = 20
EPISODES = 80
DATA = "sample:minute?candles=1500"
OPTIMIZERS = ("bayesian", "random", "grid")
PATIENCE = 120.0
PARAMS = ["lookback=5:60", "patience=1:30"]


@dataclass
class Killed:
    """A job that is run by one process after the other, and what was seen of it in the database."""

    optimizer: str
    home: Path
    chance: random.Random
    job_id: str | None = None
    kills: int = 0
    told: dict[int, tuple[str, str, float | None]] = field(default_factory=dict)
    percents: list[float] = field(default_factory=list)

    def start(self) -> "subprocess.Popen[str]":
        """Start the job, go on with it, or, when the last kill came too late to stop it, show it."""
        if self.job_id is not None and self.completed:
            return self.program("jobs", "show", self.job_id, "--json")
        space = [part for text in PARAMS for part in ("--param", text)]
        new = ["train", PLODDING, "--data", DATA, "--optimizer", self.optimizer, "--seed", "5", *space]
        new += ["--episodes", str(EPISODES)]
        how = new if self.job_id is None else ["jobs", "resume", self.job_id]
        workers = str(self.chance.choice((1, 2)))
        return self.program(*how, "--workers", workers, "--json", "--quiet")

    def program(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the program in this job's home, as the head of a process group."""
        environment = {**os.environ, "TRAD_LEASE": "0.5", "TRAD_HOME": str(self.home)}
        return subprocess.Popen(
            [sys.executable, "-m", "trad", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def completed(self) -> bool:
        """Whether the job's row said so when it was last looked at."""
        return bool(self.percents) and self.percents[-1] == 100

    def look(self) -> tuple[int, int]:
        """Read the job's row and episodes, check them; return the attempt, and how many are recorded."""
        database = self.home / "trad.db"
        if not database.exists():
            return 0, 0
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            try:
                row = connection.execute(
                    "SELECT id, attempt, progress, completed_episodes + failed_episodes, "
                    "(SELECT count(*) FROM episodes WHERE job_id = id) FROM training_jobs"
                ).fetchone()
            except sqlite3.OperationalError:
                return 0, 0  # its tables are being made
        if row is None:
            return 0, 0
        self.job_id, attempt, percent, counted, recorded = row
        self.percents.append(percent)
        assert self.percents[-1] >= max(self.percents), "progress fell"
        assert percent < 100 or recorded == EPISODES
        assert counted == recorded
        return attempt, recorded

    def recorded(self) -> dict[int, tuple[str, str, float | None]]:
        """Read the episodes by their numbers."""
        with closing(sqlite3.connect(self.home / "trad.db", timeout=30)) as connection:
            rows = connection.execute("SELECT number, state, params, score FROM episodes").fetchall()
        numbers = [number for number, *_ in rows]
        assert len(set(numbers)) == len(numbers)
        return {number: (state, params, score) for number, state, params, score in rows}

    def kill_once(self) -> "subprocess.Popen[str] | None":
        """Run the job up to a random moment and kill it; return the process if it ended before."""
        attempt, before = self.look()
        process = self.start()
        early = self.chance.random() < 0.15
        moment = time.monotonic() + self.chance.random()  # for an early one, most likely while it loads
        wanted = before + self.chance.choice((0, 1, 1, 6, 12, 20))
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None:
            now = self.look()
            if (early and time.monotonic() > moment) or (now[0] > attempt and now[1] >= wanted):
                break
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(self.chance.random() * 0.2)
        if process.poll() is not None:
            return process
        # Now and then the trainer's process alone: its workers have to notice.
        kill = os.killpg if self.chance.random() < 0.75 else os.kill
        kill(process.pid, signal.SIGKILL)
        process.communicate()
        self.kills += 1
        self.check_kept()
        return None

    def check_kept(self) -> None:
        """Make sure that what was recorded once stays as it is."""
        self.look()
        if self.job_id is None:
            return
        now = self.recorded()
        assert {number: now.get(number) for number in self.told} == self.told
        self.told = now


def finished(job: Killed, process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Let the job come to its end, and return what the program prints."""
    output, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complaints
    job.check_kept()
    assert sorted(job.told) == list(range(1, EPISODES + 1))
    assert job.percents[-1] == 100
    document: dict[str, Any] = json.loads(output)
    return document


def uninterrupted(optimizer: str) -> str | None:
    """Run the same job here, without a stop."""
    settings = read_settings()
    request = TrainRequest(
        strategy=PLODDING, data=DATA, optimizer=optimizer, episodes=EPISODES, seed=5, params=PARAMS
    )
    ledger = RecordingLedger()
    claim = begin_job(ledger, plan_job(request, settings), settings)
    return run_job(ledger, claim, settings, open_executor(0, None)).fingerprint


@pytest.mark.slow
@pytest.mark.serial
def test_jobs_killed_at_random_moments_end_in_the_same_result(tmp_path: Path) -> None:
    chance = random.Random(20)
    kills, jobs = 0, 0
    while kills < KILLS or jobs < len(OPTIMIZERS):
        # A job that ends before its share of kills leaves the rest to the next one.
        job = Killed(OPTIMIZERS[jobs % len(OPTIMIZERS)], tmp_path / str(jobs), chance)
        share = -(-(KILLS - kills) // max(1, len(OPTIMIZERS) - jobs))
        ended = None
        while job.kills < share and ended is None and not job.completed:
            ended = job.kill_once()
        document = finished(job, ended or job.start())
        kills += job.kills
        jobs += 1
        assert document["fingerprint"] == uninterrupted(job.optimizer)
        assert (document["state"], document["total_episodes"]) == ("completed", EPISODES)
        assert document["completed_episodes"] + document["failed_episodes"] == EPISODES
