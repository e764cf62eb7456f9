"""The ledger in memory and the one in SQLite answer alike, whatever is done to them in whatever order."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.unit.storage.ledgers import (
    LEASE,
    Setting,
    episode,
    memory_setting,
    progress,
    running,
    spec,
    sqlite_setting,
)

from trad.errors import TradError
from trad.training.browsing import BEST_FIRST, EpisodeSort
from trad.training.job import Claim, EpisodeState, Job, JobState, Request

TICK = 0.015625
"""Seconds: a number of microseconds, which the table keeps, and a power of two, which adds up exactly."""

ORDERS = (BEST_FIRST, EpisodeSort(by="metric", name="sharpe"))
PICK = st.integers(0, 30)
TOLD = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(["completed", "completed", "failed", "pruned", "cancelled"]),
        st.sampled_from([None, -1.5, 0.0, 0.25, 0.25, 2.0]),
    ),
    max_size=5,
)


class Side:
    """One ledger, the jobs made in it and the claims it gave, in their order."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.ledger = setting.ledger
        self.jobs: list[str] = []
        self.claims: list[Claim] = []

    def job(self, pick: int) -> str:
        return self.jobs[pick % len(self.jobs)] if self.jobs else "zzzz"

    def claim(self, pick: int) -> Claim:
        if self.claims:
            return self.claims[-1 - pick % len(self.claims)]
        return Claim(job_id="zzzz", attempt=1, worker="w1", lease_seconds=LEASE, spec=spec())

    def took(self, claim: Claim | None) -> object:
        if claim is None:
            return None
        self.claims.append(claim)
        return self.jobs.index(claim.job_id), claim.attempt, claim.worker, claim.spec

    def seen(self, job: Job) -> object:
        return {**asdict(job), "id": self.jobs.index(job.id), "error": bool(job.error)}

    def everything(self) -> object:
        jobs = self.ledger.jobs(limit=1_000)
        return [(self.seen(job), self.ledger.episodes(job.id), self.browsed(job)) for job in jobs]

    def browsed(self, job: Job) -> object:
        """Leaf through the job's episodes in some orders, and read them as they were recorded."""
        orders = [self.leafed(job, sort) for sort in ORDERS]
        return orders, self.setting.browser.ended(job.id, after=1, limit=3)

    def leafed(self, job: Job, sort: EpisodeSort) -> list[int]:
        numbers: list[int] = []
        cursor = None
        while True:
            page = self.setting.browser.episodes(job.id, sort=sort, limit=2, cursor=cursor)
            numbers += [episode.number for episode in page.episodes]
            cursor = page.cursor
            if cursor is None:
                return numbers

    def news(self, since: float) -> object:
        changes = self.setting.browser.changes(since)
        told = sorted(self.jobs.index(job.id) for job in changes.jobs)
        return changes.now, told, [self.jobs.index(job_id) for job_id in changes.removed]


class LedgersAgree(RuleBasedStateMachine):
    """Does the same to both ledgers and compares what they answer, then what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        folder = Path(self.opened.enter_context(tempfile.TemporaryDirectory()))
        made = (memory_setting(), sqlite_setting(folder))
        self.sides = [Side(self.opened.enter_context(setting)) for setting in made]

    def teardown(self) -> None:
        self.opened.close()

    def both(self, act: Callable[[Side], object]) -> None:
        def outcome(side: Side) -> object:
            try:
                return act(side)
            except TradError as error:
                return type(error)

        memory, sqlite = map(outcome, self.sides)
        assert memory == sqlite

    @rule(priority=st.integers(-1, 1))
    def create(self, priority: int) -> None:
        for side in self.sides:
            side.jobs.append(side.ledger.create(spec(), priority=priority).id)

    @rule(seconds=st.sampled_from([TICK, 1.0, LEASE - TICK, LEASE]))
    def time_passes(self, seconds: float) -> None:
        for side in self.sides:
            side.setting.clock.advance(seconds)

    @rule(lease=st.sampled_from([1.0, LEASE]))
    def claim_next(self, lease: float) -> None:
        self.both(lambda side: side.took(side.ledger.claim("w1", lease_seconds=lease)))

    @rule(pick=PICK)
    def claim_named(self, pick: int) -> None:
        self.both(lambda side: side.took(side.ledger.claim("w2", lease_seconds=LEASE, job_id=side.job(pick))))

    @rule(pick=PICK)
    def heartbeat(self, pick: int) -> None:
        self.both(lambda side: side.ledger.heartbeat(side.claim(pick)))

    @rule(pick=PICK, percent=st.floats(0, 100), busy=st.booleans())
    def save_progress(self, pick: int, percent: float, busy: bool) -> None:
        episodes = [running(3)] if busy else []
        self.both(
            lambda side: side.ledger.save_progress(
                side.claim(pick), progress(side.claim(pick), percent, *episodes, finished=2)
            )
        )

    @rule(pick=PICK, told=TOLD)
    def record_episodes(self, pick: int, told: list[tuple[int, EpisodeState, float | None]]) -> None:
        batch = [episode(number, score, state=state) for number, state, score in told]
        self.both(lambda side: side.ledger.record_episodes(side.claim(pick), batch))

    @rule(pick=PICK, state=st.sampled_from(["completed", "failed", "cancelled", "paused", "queued"]))
    def finish(self, pick: int, state: JobState) -> None:
        self.both(lambda side: side.seen(side.ledger.finish(side.claim(pick), state)))

    @rule(pick=PICK, request=st.sampled_from(["cancel", "pause"]))
    def ask(self, pick: int, request: Request) -> None:
        self.both(lambda side: side.seen(side.ledger.request(side.job(pick), request)))

    @rule(pick=PICK)
    def requeue(self, pick: int) -> None:
        self.both(lambda side: side.seen(side.ledger.requeue(side.job(pick))))

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        self.both(lambda side: side.ledger.delete(side.job(pick)))

    @rule(back=st.sampled_from([0.0, TICK, 1.0, LEASE]))
    def look_for_changes(self, back: float) -> None:
        self.both(lambda side: side.news(side.setting.clock.now - back))
        self.both(lambda side: side.setting.browser.counts())

    @invariant()
    def they_hold_the_same(self) -> None:
        memory, sqlite = (side.everything() for side in self.sides)
        assert memory == sqlite


TestLedgersAgree = LedgersAgree.TestCase
# Making a failing example small takes minutes here: add `Phase.shrink` when there is one.
TestLedgersAgree.settings = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
