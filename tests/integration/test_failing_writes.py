"""Every Nth write of a job fails, for every N: the job ends by itself, and in the same result."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.failing_writes import FAULTS, FailingWrites, Fault
from tests.fakes.processes import PATIENCE
from tests.fakes.training import FakeExecutor, HashingOptimizer, plan, spec

from trad.errors import JobBusy, LeaseLost, LedgerError
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger, open_ledger
from trad.training.job import Claim, Job
from trad.training.trainer import Trainer

EPISODES = 20
EPISODE_SECONDS = 0.26
"""A little more than the time for which ended episodes wait to be recorded together: each is a write."""

LEASE = 1.0
MOST_FAILURES = 12
"""A cause that never goes is no use to wait for: it does after so many failures."""

MOST_RUNS = 40


@dataclass(frozen=True, kw_only=True)
class Survival:
    """How a job came through.

    Attributes:
        runs: How often somebody had to start it.
        writes: Write transactions that were begun, the failed ones too.
    """

    every: int
    job: Job
    episodes: int
    runs: int
    writes: int
    failures: int


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables made."""
    path = tmp_path_factory.mktemp("template") / "trad.db"
    with open_ledger(f"sqlite:///{path}"):
        return path


@pytest.fixture(scope="module")
def undisturbed(template: Path) -> Survival:
    """The job when no write fails."""
    return survive(template, FAULTS["locked"], 10**6)


def survive(template: Path, fault: Fault, every: int) -> Survival:
    """Run a job, and start it again where it stops, until it is completed."""
    path = template.with_name(f"{fault.moment}-{fault.words[-5:]}-{every}.db")
    shutil.copy(template, path)
    engine = open_database(f"sqlite:///{path}")
    try:
        ledger = SqlLedger(engine)
        job = ledger.create(spec(episodes=EPISODES))
        failing = FailingWrites(engine, fault, every=every, most=MOST_FAILURES)
        runs = sum(run_once(ledger, claim) for claim in claims(ledger, job.id))
        return Survival(
            every=every,
            job=ledger.job(job.id),
            episodes=len(ledger.episodes(job.id)),
            runs=runs,
            writes=failing.writes,
            failures=failing.failures,
        )
    finally:
        engine.dispose()


def claims(ledger: SqlLedger, job_id: str) -> Iterator[Claim]:
    """Claim the job until it is completed, as its user would who resumes it."""
    deadline = time.monotonic() + PATIENCE
    for _ in range(MOST_RUNS):
        while True:
            assert time.monotonic() < deadline
            try:
                claim = ledger.claim("w1", lease_seconds=LEASE, job_id=job_id)
            except LedgerError as error:
                time.sleep(0.1 if isinstance(error, JobBusy) else 0.01)
            else:
                break
        if claim is None:
            return
        yield claim


def run_once(ledger: SqlLedger, claim: Claim) -> int:
    """Run a claimed job; an error must leave it where it can be resumed."""
    trainer = Trainer(
        ledger=ledger,
        claim=claim,
        executor=FakeExecutor(before=lambda _: time.sleep(EPISODE_SECONDS)),
        optimizer=HashingOptimizer(),
        plan=plan(),
        interval=0.5,
    )
    try:
        trainer.run()
    except LeaseLost:
        assert ledger.job(claim.job_id).state in ("completed", "paused")  # the word of its end was lost
    except LedgerError:
        assert ledger.job(claim.job_id).state in ("paused", "running")  # in name, until the lease ends
    return 1


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_whichever_write_fails_the_job_ends_in_the_same_result(
    name: str, template: Path, undisturbed: Survival
) -> None:
    fault = FAULTS[name]
    assert undisturbed.writes > EPISODES
    every = range(1, undisturbed.writes + 1)
    with ThreadPoolExecutor(len(every)) as pool:
        survivals = list(pool.map(lambda n: survive(template, fault, n), every))
    for survival in survivals:
        assert survival.job.state == "completed", survival
        assert survival.job.fingerprint == undisturbed.job.fingerprint, survival
        assert survival.episodes == survival.job.recorded_episodes == EPISODES, survival
        assert survival.failures > 0 or survival.every > undisturbed.writes // 2, survival
        assert survival.runs == 1, survival
