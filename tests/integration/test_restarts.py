"""Postgres restarted and Redis wiped under jobs that three workers run: nothing lost."""

from pathlib import Path

import pytest
from tests.fakes.campaign import patiently
from tests.fakes.postgres import PostgresServer
from tests.fakes.redis import RedisServer
from tests.integration.chaos_restarts import Restarts, run_restarts
from tests.unit.storage.ledgers import progress, spec

from trad.storage.ledger import open_ledger


def test_progress_that_was_shown_outlives_a_postgres_that_is_killed(
    postgres: PostgresServer, postgres_url: str
) -> None:
    with open_ledger(postgres_url) as ledger:
        made = ledger.create(spec())
        claim = ledger.claim("w1", lease_seconds=60, job_id=made.id)
        assert claim is not None
        for percent in (10.0, 20.0, 30.0, 40.0):
            ledger.save_progress(claim, progress(claim, percent))
            postgres.kill()
            postgres.start()
            assert patiently(lambda: ledger.job(made.id)).progress == percent


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.serial
def test_nothing_is_lost_when_postgres_restarts_and_redis_forgets(
    postgres: PostgresServer, postgres_url: str, redis: RedisServer, tmp_path: Path
) -> None:
    plan = Restarts(restarts=3, wipes=3, episodes=100, seed=3)
    findings = run_restarts(plan, tmp_path / "home", postgres_url, postgres, redis)
    assert findings.violations == []
    assert findings.by_hand == []
    assert findings.kills == 6
    assert findings.equal == findings.jobs > 1
