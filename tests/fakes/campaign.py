"""Campaigns of failures: the jobs that they disturb, and a witness of what becomes of them."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, product
from pathlib import Path
from typing import TypeVar

from tests.fakes import campaign_strategy
from tests.fakes.processes import PATIENCE

from trad.errors import LedgerUnavailable
from trad.market.samples import read_sample
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, run_job
from trad.service.starting import open_executor
from trad.settings import Settings
from trad.storage.memory import MemoryLedger
from trad.training.job import ENDED, Episode, Job
from trad.training.ledger import JobLedger

OPTIMIZERS = ("bayesian", "random", "grid")
PARAMS = ("lookback=5:60", "patience=1:90")
STRATEGY, DATA = "musing", "minute"
"""The names that strategy and candles have in a campaign's home."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A job that a campaign asks for."""

    optimizer: str
    seed: int
    episodes: int

    @property
    def request(self) -> TrainRequest:
        """What `trad train` would be told."""
        return TrainRequest(
            strategy=STRATEGY,
            data=DATA,
            optimizer=self.optimizer,
            episodes=self.episodes,
            seed=self.seed,
            params=PARAMS,
        )


def orders(episodes: int, seeds: int = 3) -> Iterator[Order]:
    """Ask for job after job, each optimizer in turn, with a few seeds."""
    for seed, optimizer in cycle(product(range(1, seeds + 1), OPTIMIZERS)):
        yield Order(optimizer=optimizer, seed=seed, episodes=episodes)


class CampaignHome:
    """A TRAD_HOME with a strategy that takes its time, and candles for it.

    Args:
        folder: Not there yet.
        environment: `TRAD_` settings by name, for the programs that run in it.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str] | None = None, candles: int = 1_500
    ) -> None:
        self.folder = folder
        self.environment = {"TRAD_HOME": str(folder), **(environment or {})}
        given = {name.removeprefix("TRAD_").lower(): value for name, value in self.environment.items()}
        self.settings = Settings.model_validate(given)
        self.settings.strategies.mkdir(parents=True)
        shutil.copy(campaign_strategy.__file__, self.settings.strategies / f"{STRATEGY}.py")
        self.settings.library.mkdir(exist_ok=True)
        frame = read_sample(f"sample:minute?candles={candles}").frame
        frame.to_parquet(self.settings.library / f"{DATA}.parquet")
        self._undisturbed: dict[Order, str | None] = {}

    def create(self, ledger: JobLedger, order: Order) -> str:
        """Add a job to the queue and return its id."""
        planned = plan_job(order.request, self.settings)
        return patiently(lambda: ledger.create(planned.spec)).id

    def undisturbed(self, order: Order) -> str | None:
        """Return the fingerprint of the order's job when nothing happens to it."""
        if order not in self._undisturbed:
            ledger = MemoryLedger()
            claim = begin_job(ledger, plan_job(order.request, self.settings), self.settings)
            job = run_job(ledger, claim, self.settings, open_executor(0, None))
            self._undisturbed[order] = job.fingerprint
        return self._undisturbed[order]


@dataclass(kw_only=True, slots=True)
class _Seen:
    order: Order
    job: Job
    told: dict[int, Episode] = field(default_factory=dict)


class Witness:
    """Looks at jobs while they are disturbed, and writes down what must not be.

    Attributes:
        violations: What was seen that breaks a promise, in words; empty when all is well.
        by_hand: How often a job had to be put back in the queue, as its user would.
    """

    def __init__(self, ledger: JobLedger) -> None:
        self.violations: list[str] = []
        self.by_hand: list[str] = []
        self._ledger = ledger
        self._seen: dict[str, _Seen] = {}

    @property
    def jobs(self) -> Mapping[str, Order]:
        """The jobs that are followed, and what was asked for."""
        return {job_id: seen.order for job_id, seen in self._seen.items()}

    @property
    def unfinished(self) -> list[Job]:
        """The jobs that had not ended when they were last looked at."""
        return [seen.job for seen in self._seen.values() if seen.job.state not in ENDED]

    @property
    def attempts(self) -> int:
        """How often the jobs were claimed."""
        return sum(seen.job.attempt for seen in self._seen.values())

    @property
    def episodes(self) -> int:
        """How many episodes are counted in all jobs."""
        return sum(_counted(seen.job) for seen in self._seen.values())

    def follow(self, job_id: str, order: Order) -> None:
        """Look at a job from now on."""
        if job_id in self._seen:
            self.violations.append(f"job {job_id} was created twice over")
        self._seen[job_id] = _Seen(order=order, job=self._read(job_id))

    def look(self) -> int:
        """Read the unfinished jobs; return how many episodes are counted in all."""
        for before in self.unfinished:
            job = self._read(before.id)
            if job.progress < before.progress:
                self.violations.append(f"job {job.id} fell from {before.progress} % to {job.progress} %")
            if _counted(job) < _counted(before):
                self.violations.append(
                    f"job {job.id} counted {_counted(before)} episodes, then {_counted(job)}"
                )
            self._seen[job.id].job = job
            if job.state == "paused":
                self.by_hand.append(f"job {job.id} was paused: {job.error}")
                self._requeue(job.id)
        return self.episodes

    def check_kept(self) -> None:
        """Make sure that what was recorded once stays as it was, and is counted once."""
        for seen in list(self._seen.values()):
            if len(seen.told) < seen.order.episodes:
                self._check_kept(seen)

    def _check_kept(self, seen: _Seen) -> None:
        job_id = seen.job.id
        before = self._read(job_id)
        rows = patiently(lambda: self._ledger.episodes(job_id))
        after = self._read(job_id)
        told = {episode.number: episode for episode in rows}
        if len(told) < len(rows):
            self.violations.append(f"job {job_id} has episodes twice")
        if not _counted(before) <= len(rows) <= _counted(after):
            self.violations.append(
                f"job {job_id} has {len(rows)} episodes; "
                f"it counted {_counted(before)} before, {_counted(after)} after"
            )
        if lost := [number for number, episode in seen.told.items() if told.get(number) != episode]:
            self.violations.append(f"job {job_id} lost or changed the episodes {lost}")
        seen.told = told

    def _read(self, job_id: str) -> Job:
        return patiently(lambda: self._ledger.job(job_id))

    def _requeue(self, job_id: str) -> None:
        patiently(lambda: self._ledger.requeue(job_id))

    def check_ends(self, home: CampaignHome) -> int:
        """Make sure that every job ended as if nothing had happened; return how many did."""
        self.look()
        self.check_kept()
        equal = 0
        for job_id, seen in self._seen.items():
            job, order = seen.job, seen.order
            if job.state != "completed" or job.progress != 100:
                self.violations.append(f"job {job_id} is {job.state} at {job.progress} %: {job.error}")
            elif sorted(seen.told) != list(range(1, order.episodes + 1)) or _counted(job) != order.episodes:
                self.violations.append(f"job {job_id} has not each of its {order.episodes} episodes once")
            elif job.fingerprint != home.undisturbed(order):
                self.violations.append(f"job {job_id} ({order}) ended in another fingerprint")
            else:
                equal += 1
        return equal


def _counted(job: Job) -> int:
    return job.completed_episodes + job.failed_episodes


def patiently(call: Callable[[], Answer], seconds: float = PATIENCE) -> Answer:
    """Make a call of the ledger again while the database cannot be reached."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return call()
        except LedgerUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
