"""A worker that was stopped for longer than its lease: it changes nothing, and joins again."""

import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.fakes.campaign import CampaignHome, Order, Witness
from tests.fakes.campaign_fleet import Fleet, Program
from tests.fakes.processes import eventually
from tests.integration.chaos import runs

from trad.storage.ledger import open_ledger
from trad.training.job import Job

SETTINGS = {"TRAD_LEASE": "1", "TRAD_HEARTBEAT": "0.25", "TRAD_PROGRESS_INTERVAL": "0.1"}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.serial
@pytest.mark.parametrize("group", [False, True], ids=["alone", "with its episode processes"])
def test_a_worker_stopped_past_its_lease_changes_nothing_and_joins_again(group: bool, tmp_path: Path) -> None:
    home = CampaignHome(tmp_path / "home", SETTINGS)
    long = Order(optimizer="bayesian", seed=1, episodes=120)
    fleet = Fleet(home, workers=1)
    with open_ledger(home.settings.database) as ledger:
        witness = Witness(ledger)
        job_id = home.create(ledger, long)
        witness.follow(job_id, long)

        def job() -> Job:
            witness.look()
            return ledger.job(job_id)

        try:
            fleet.start_missing()
            (late,) = fleet.programs
            eventually(lambda: job().completed_episodes >= 10, "the first worker to be at it")
            stop_between_writes(late, home.folder / "trad.db", group=group)
            other = Program(home, "worker", "--processes", "1")
            fleet.programs.append(other)
            taken = _taken_over(job, other)
            eventually(taken, "the second worker to go on")
            late.signal(signal.SIGCONT, group=group)
            eventually(lambda: job().state == "completed", "the job to end")
            witness.check_kept()
            assert job().attempt == 2
            assert runs(other, job().worker)
            assert other.end() == 0
            short = Order(optimizer="random", seed=1, episodes=10)
            second = home.create(ledger, short)
            witness.follow(second, short)
            eventually(lambda: ledger.job(second).state == "completed", "the late worker to join again")
            assert runs(late, ledger.job(second).worker)
        finally:
            late.signal(signal.SIGCONT, group=group)
            left = fleet.close()
        assert left == []
        assert witness.check_ends(home) == 2
        assert witness.violations == []


def stop_between_writes(program: Program, database: Path, *, group: bool) -> None:
    """Stop a program at a moment at which it holds no lock of SQLite's, which it would keep."""
    while True:
        program.signal(signal.SIGSTOP, group=group)
        with closing(sqlite3.connect(database, timeout=0.2, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                program.signal(signal.SIGCONT, group=group)
            else:
                connection.execute("ROLLBACK")
                return


def _taken_over(job: Callable[[], Job], other: Program) -> Callable[[], bool]:
    """Tell whether the other worker holds the job, and has recorded something of its own."""
    stopped_at = job().completed_episodes

    def taken() -> bool:
        now = job()
        return now.attempt == 2 and runs(other, now.worker) and now.completed_episodes > stopped_at + 5

    return taken
