"""Runs a campaign: jobs in a queue, programs that work on them, and kills at seeded moments."""

import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.fakes.campaign import CampaignHome, Order, Witness, orders, patiently
from tests.fakes.campaign_api import StubbornClient, free_port
from tests.fakes.campaign_fleet import Fleet, Program
from tests.fakes.processes import eventually

from trad.storage.ledger import SqlLedger, open_ledger

Victim = Literal["episode", "worker", "server", "everything"]
VICTIMS: tuple[Victim, ...] = ("episode", "worker", "server", "everything")

_AT_ONCE = 2
"""Jobs in the queue or running at any time, until enough was killed."""

_PATIENCE = 240.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """What is killed, how often, and on what.

    Attributes:
        workers: `trad worker` programs, with `processes` episode processes each.
        episodes: Of each job.
        settings: `TRAD_` settings that differ from their defaults.
    """

    victim: Victim
    kills: int
    seed: int
    workers: int = 2
    processes: int = 1
    episodes: int = 60
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def served(self) -> bool:
        """Whether a server takes part; jobs are then submitted over HTTP."""
        return self.victim in ("server", "everything")


@dataclass(kw_only=True, slots=True)
class Findings:
    """What a campaign found.

    Attributes:
        equal: Jobs that completed with the fingerprint of an undisturbed run.
        noticed: Seconds from the kill of a worker to the claim of its job by another one, where another
            was idle.
    """

    kills: int = 0
    jobs: int = 0
    episodes: int = 0
    attempts: int = 0
    equal: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    noticed: list[float] = field(default_factory=list)


def run_campaign(campaign: Campaign, folder: Path) -> Findings:
    """Kill as often as the campaign says, let the jobs come to their ends, and say what was seen."""
    home = CampaignHome(folder, campaign.settings)
    with open_ledger(home.settings.database) as ledger, ThreadPoolExecutor(1) as post:
        run = _Run(campaign, home, ledger, post)
        began = time.monotonic()
        try:
            run.kill_all()
            run.wait_for_ends()
        finally:
            run.findings.violations += run.fleet.close()
        return run.report(began)


class _Run:
    def __init__(
        self, campaign: Campaign, home: CampaignHome, ledger: SqlLedger, post: ThreadPoolExecutor
    ) -> None:
        self.findings = Findings()
        self._campaign = campaign
        self._home = home
        self._ledger = ledger
        self._post = post
        self._chance = random.Random(campaign.seed)
        self._orders = orders(campaign.episodes)
        self._witness = Witness(ledger)
        self._submitted: tuple[Order, Future[str]] | None = None
        port = free_port()
        self._client = StubbornClient(home.folder, port)
        serve = ("--port", str(port), "--workers", "1") if campaign.served else None
        self.fleet = Fleet(home, workers=campaign.workers, processes=campaign.processes, serve=serve)

    def kill_all(self) -> None:
        """Kill, at one seeded moment after the other."""
        while self.findings.kills < self._campaign.kills:
            self._fill_queue()
            self.fleet.start_missing()
            self._wait_for_moment()
            if self._kill():
                self.findings.kills += 1
                self._witness.check_kept()

    def wait_for_ends(self) -> None:
        """Start what was killed a last time, and wait until every job has ended."""
        self.fleet.start_missing()

        def ended() -> bool:
            self._take_submitted(wait=True)
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
        existing = len(patiently(lambda: self._ledger.jobs(limit=10_000)))
        if existing != findings.jobs:
            findings.violations.append(f"{findings.jobs} jobs were asked for, and {existing} were made")
        return findings

    def _fill_queue(self) -> None:
        self._take_submitted(wait=False)
        while len(self._witness.unfinished) + (self._submitted is not None) < _AT_ONCE:
            if self._submitted is not None:
                # Nothing else is under way: it is waited for, and no other one sent beside it.
                self.fleet.start_missing()
                self._take_submitted(wait=True)
                continue
            order = next(self._orders)
            if not self._campaign.served:
                self._witness.follow(self._home.create(self._ledger, order), order)
                continue
            # A kill may come before the answer: the client then sends the same again.
            key = f"order-{len(self._witness.jobs)}"
            self._submitted = order, self._post.submit(self._client.submit, order, key)

    def _take_submitted(self, *, wait: bool) -> None:
        if self._submitted is None:
            return
        order, answer = self._submitted
        if wait or answer.done():
            self._witness.follow(answer.result(), order)
            self._submitted = None

    def _wait_for_moment(self) -> None:
        """Wait until some more episodes are recorded, or, now and then, only for a part of a second."""
        before = self._witness.look()
        early = self._chance.random() < (0.08 if self._campaign.victim == "episode" else 0.15)
        wanted = before + self._chance.choice((1, 1, 2, 5, 10))
        moment = time.monotonic() + self._chance.random() * 1.5

        def come() -> bool:
            if early and time.monotonic() > moment:
                return True
            return self._witness.look() >= wanted or not self._witness.unfinished

        eventually(come, "episodes to be recorded", _PATIENCE, 0.01)
        time.sleep(self._chance.random() * 0.15)

    def _kill(self) -> bool:
        victim = self._campaign.victim
        if victim == "episode":
            return self.fleet.kill_episode(self._chance)
        if victim == "worker":
            return self._kill_worker()
        if victim == "server":
            self.fleet.server().kill()
        else:
            self.fleet.kill_everything()
        return True

    def _kill_worker(self) -> bool:
        """Kill a worker; where another one waits for work, see how long it takes to go on with the job."""
        workers = self.fleet.workers()
        if not workers:
            return False
        victim = self._chance.choice(workers)
        self._witness.look()
        held = [
            job for job in self._witness.unfinished if runs(victim, job.worker) and job.state == "running"
        ]
        busy = sum(job.state == "running" for job in self._witness.unfinished)
        victim.kill()
        killed_at = time.monotonic()
        if held and busy < len(workers) and busy == len(self._witness.unfinished):
            self._see_taken_over(held[0].id, held[0].attempt, killed_at)
        return True

    def _see_taken_over(self, job_id: str, attempt: int, killed_at: float) -> None:
        def taken() -> bool:
            job = patiently(lambda: self._ledger.job(job_id))
            return job.attempt > attempt or job.state != "running"

        eventually(taken, "another worker to take over", _PATIENCE, 0.005)
        if patiently(lambda: self._ledger.job(job_id)).attempt > attempt:
            self.findings.noticed.append(time.monotonic() - killed_at)


def runs(program: Program, worker: str | None) -> bool:
    """Tell whether a job's worker, named as in its row, is this program."""
    return worker is not None and str(program.pid) in worker.replace(":", "-").split("-")
