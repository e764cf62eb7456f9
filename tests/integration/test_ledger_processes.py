"""One database, many processes, and some of them killed."""

from pathlib import Path
from signal import SIGKILL

import pytest
from tests.integration.claim_campaign import answers, claim_and_finish
from tests.integration.ledger_workers import BATCH
from tests.unit.storage.ledgers import spec

from trad.storage.ledger import open_ledger


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'trad.db'}"


def test_eight_processes_claim_200_jobs_and_none_twice(url: str) -> None:
    with open_ledger(url) as ledger:
        made = [ledger.create(spec(), priority=number % 3).id for number in range(200)]
        taken = answers("claim_all", url, 8)
        jobs = ledger.jobs(limit=300)
    assert sorted(job_id for share in taken for job_id in share) == sorted(made)
    assert sum(bool(share) for share in taken) > 1
    assert {(job.state, job.attempt) for job in jobs} == {("running", 1)}


def check_claims(url: str, jobs: int) -> None:
    made, shares, _ = claim_and_finish(url, jobs, 16)
    assert len(set(made)) == jobs
    assert sorted(job_id for share in shares for job_id in share) == sorted(made)
    assert sum(bool(share) for share in shares) > 1
    with open_ledger(url) as ledger:
        assert {(job.state, job.attempt) for job in ledger.jobs(limit=jobs + 1)} == {("completed", 1)}


@pytest.mark.slow
@pytest.mark.serial
def test_16_processes_claim_2000_jobs_and_none_twice(url: str) -> None:
    check_claims(url, 2_000)


@pytest.mark.slow
@pytest.mark.serial
def test_16_processes_claim_2000_jobs_and_none_twice_on_postgres(postgres_url: str) -> None:
    check_claims(postgres_url, 2_000)


def test_processes_that_open_a_fresh_database_at_once_all_can(url: str) -> None:
    made = answers("open_and_create", url, 4)
    with open_ledger(url) as ledger:
        assert {job.id for job in ledger.jobs()} == {share[0] for share in made}
    assert len(made) == 4


def check_all_or_nothing(found: list[list[int]]) -> None:
    """Every batch is there whole or not at all, and the job's count and best agree with it."""
    for _, kept, counted, best, last in found:
        assert kept % BATCH == 0
        assert counted == kept
        assert best == last


def test_a_process_killed_at_any_step_of_recording_leaves_all_or_nothing(url: str) -> None:
    (found,) = answers("die_while_recording", url, 1)
    check_all_or_nothing(found)
    signals = [row[0] for row in found]
    assert signals.count(SIGKILL) >= 16
    assert signals[-1] == 0
    assert found[-1][1] == signals.count(0) * BATCH


def test_a_process_killed_at_any_moment_of_recording_leaves_all_or_nothing(url: str) -> None:
    (found,) = answers("killed_while_recording", url, 1)
    check_all_or_nothing(found)
    assert all(row[0] == SIGKILL for row in found)
    assert found[-1][1] >= 12 * BATCH
