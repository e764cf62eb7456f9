"""The short form of the campaigns that `make chaos` runs in full: 20 kills, and nothing lost."""

from pathlib import Path

import pytest
from tests.integration.chaos import Campaign, Victim, run_campaign

SHORT_LEASE = {"TRAD_LEASE": "1", "TRAD_HEARTBEAT": "0.25", "TRAD_PROGRESS_INTERVAL": "0.1"}
KILLS: dict[Victim, int] = {"episode": 8, "worker": 8, "server": 2, "everything": 2}


@pytest.mark.slow
@pytest.mark.serial
@pytest.mark.timeout(900)
@pytest.mark.parametrize("victim", KILLS)
def test_whatever_is_killed_at_any_moment_every_job_ends_in_the_same_result(
    victim: Victim, tmp_path: Path
) -> None:
    campaign = Campaign(
        victim=victim,
        kills=KILLS[victim],
        seed=20,
        workers={"server": 0, "everything": 1}.get(victim, 2),
        episodes=25,
        settings=SHORT_LEASE,
    )
    findings = run_campaign(campaign, tmp_path / "home")
    assert findings.violations == []
    assert findings.kills == KILLS[victim]
    assert findings.equal == findings.jobs > 0
