"""Restarts Postgres and wipes Redis under a long job, while other jobs keep other workers busy."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.campaign import CampaignHome, Order, Witness, orders, patiently
from tests.fakes.campaign_fleet import Fleet
from tests.fakes.postgres import PostgresServer
from tests.fakes.processes import eventually
from tests.fakes.redis import RedisServer
from tests.integration.chaos import Findings

from trad.storage.ledger import SqlLedger, open_ledger

_SIDE_EPISODES = 40
_PATIENCE = 900.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Restarts:
    """How often the servers fail, and under what.

    Attributes:
        restarts: Of Postgres: in turn in good order, with its sessions dropped, and by kill -9.
        wipes: Of Redis: emptied, or killed with -9 and started again, in turn.
        episodes: Of the long job.
    """

    restarts: int
    wipes: int
    episodes: int
    seed: int
    workers: int = 3


def run_restarts(
    plan: Restarts, folder: Path, url: str, postgres: PostgresServer, redis: RedisServer
) -> Findings:
    """Let the servers fail at seeded moments of the long job, and say what was seen."""
    home = CampaignHome(folder, {"TRAD_DATABASE_URL": url, "TRAD_REDIS_URL": redis.url})
    with open_ledger(url) as ledger:
        run = _Run(plan, home, ledger, postgres, redis)
        began = time.monotonic()
        try:
            run.fail_all()
            run.wait_for_ends()
        finally:
            run.findings.violations += run.fleet.close()
        return run.report(began)


class _Run:
    def __init__(
        self,
        plan: Restarts,
        home: CampaignHome,
        ledger: SqlLedger,
        postgres: PostgresServer,
        redis: RedisServer,
    ) -> None:
        self.findings = Findings()
        self.fleet = Fleet(home, workers=plan.workers)
        self._plan = plan
        self._home = home
        self._ledger = ledger
        self._postgres = postgres
        self._redis = redis
        self._chance = random.Random(plan.seed)
        self._witness = Witness(ledger)
        self._side = orders(_SIDE_EPISODES)
        long = Order(optimizer="bayesian", seed=1, episodes=plan.episodes)
        self._long = home.create(ledger, long)
        self._witness.follow(self._long, long)

    def fail_all(self) -> None:
        """Spread the failures over the long job, at random episodes."""
        failures = ["postgres"] * self._plan.restarts + ["redis"] * self._plan.wipes
        self._chance.shuffle(failures)
        span = range(2, max(3, self._plan.episodes * 9 // 10))
        moments = sorted(self._chance.choice(span) for _ in failures)
        self.fleet.start_missing()
        for failure, moment in zip(failures, moments, strict=True):
            self._wait_for(moment)
            if failure == "postgres":
                self._fail_postgres()
            else:
                self._fail_redis()
            self.findings.kills += 1
            self._witness.check_kept()

    def _wait_for(self, moment: int) -> None:
        eventually(lambda: self._recorded() >= moment, "the long job to go on", _PATIENCE, 0.05)

    def wait_for_ends(self) -> None:
        """Wait until every job has ended."""

        def ended() -> bool:
            self._witness.look()
            return not self._witness.unfinished

        eventually(ended, "every job to end", _PATIENCE, 0.05)

    def report(self, began: float) -> Findings:
        """Compare every job with its undisturbed run."""
        findings, witness = self.findings, self._witness
        findings.seconds = time.monotonic() - began
        findings.equal = witness.check_ends(self._home)
        findings.jobs, findings.episodes = len(witness.jobs), witness.episodes
        findings.attempts = witness.attempts
        findings.violations += witness.violations
        findings.by_hand = witness.by_hand
        return findings

    def _recorded(self) -> int:
        """Keep the other workers busy; return how far the long job is."""
        while len(self._witness.unfinished) < self._plan.workers and self._long_runs:
            order = next(self._side)
            self._witness.follow(self._home.create(self._ledger, order), order)
        self._witness.look()
        return patiently(lambda: self._ledger.job(self._long)).recorded_episodes

    @property
    def _long_runs(self) -> bool:
        return any(job.id == self._long for job in self._witness.unfinished)

    def _fail_postgres(self) -> None:
        how = self.findings.kills % 3
        if how == 2:
            self._postgres.kill()
        else:
            self._postgres.stop("fast" if how == 0 else "immediate")
        time.sleep(self._chance.random() * 0.5)  # for as long it is away
        self._postgres.start()

    def _fail_redis(self) -> None:
        if self.findings.kills % 2:
            self._redis.wipe()
        else:
            self._redis.kill()
            time.sleep(self._chance.random() * 0.5)
            self._redis.start()
