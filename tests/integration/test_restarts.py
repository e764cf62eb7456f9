"""Postgres restarted and Redis wiped under jobs that three workers run: nothing lost."""

from pathlib import Path

import pytest
from tests.fakes.postgres import PostgresServer
from tests.fakes.redis import RedisServer
from tests.integration.chaos_restarts import Restarts, run_restarts


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
