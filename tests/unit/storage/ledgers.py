"""What the tests of ledgers share: a clock that stands still, ledgers that go by it, and things to store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, literal, text

from trad.progress import JobProgress, RunningEpisode
from trad.storage.browser import SqlBrowser
from trad.storage.clock import UtcTime
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger
from trad.storage.memory import MemoryLedger
from trad.storage.memory_browser import MemoryBrowser
from trad.storage.memory_register import MemoryWorkerRegister
from trad.storage.register import SqlWorkerRegister
from trad.strategies.parameters import ParameterValue
from trad.training.browsing import JobBrowser
from trad.training.job import Claim, Episode, EpisodeState, JobSpec, JobState
from trad.training.ledger import JobLedger
from trad.training.workers import WorkerRegister

START = 1_790_000_000.0
LEASE = 3.0
STOPPED: tuple[JobState, ...] = ("paused", "failed", "cancelled")


class FakeClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def read(self) -> float:
        return self.now

    def moment(self, seconds: float = 0.0) -> ColumnElement[float]:
        return literal(self.now + seconds, UtcTime())

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Setting:
    """A ledger, who looks at it, a register of workers, and the clock they all go by."""

    ledger: JobLedger
    browser: JobBrowser
    register: WorkerRegister
    clock: FakeClock

    def claimed(self, *, worker: str = "w1", episodes: int = 20) -> Claim:
        """Make a job, and hand it to a worker."""
        job = self.ledger.create(spec(episodes=episodes))
        claim = self.ledger.claim(worker, lease_seconds=LEASE, job_id=job.id)
        assert claim is not None
        return claim

    def taken_over(self, claim: Claim, worker: str = "w2") -> Claim:
        """Let the claim's lease end, and hand its job to another worker."""
        self.clock.advance(LEASE)
        later = self.ledger.claim(worker, lease_seconds=LEASE, job_id=claim.job_id)
        assert later is not None
        return later


@contextmanager
def memory_setting() -> Iterator[Setting]:
    clock = FakeClock()
    ledger = MemoryLedger(clock.read)
    yield Setting(ledger, MemoryBrowser(ledger.kept), MemoryWorkerRegister(clock.read), clock)


@contextmanager
def sqlite_setting(folder: Path) -> Iterator[Setting]:
    engine = open_database(f"sqlite:///{folder / 'trad.db'}")
    try:
        yield sql_setting(engine)
    finally:
        engine.dispose()


@contextmanager
def postgres_setting(url: str) -> Iterator[Setting]:
    engine = open_database(url)
    try:
        empty(engine)
        yield sql_setting(engine)
    finally:
        engine.dispose()


def sql_setting(engine: Engine) -> Setting:
    clock = FakeClock()
    browser, register = SqlBrowser(engine, clock.moment), SqlWorkerRegister(engine, clock.moment)
    return Setting(SqlLedger(engine, clock.moment), browser, register, clock)


def empty(engine: Engine) -> None:
    """Remove whatever a test before has left: quicker than a new Postgres database for each."""
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE training_jobs, episodes, removed_jobs, workers"))


def left(setting: Setting, state: JobState, claim: Claim | None = None) -> str:
    """Make a job that a worker has left in `state`; return its id."""
    held = claim or setting.claimed()
    setting.ledger.finish(held, state, error="the disk was full" if state == "failed" else None)
    return held.job_id


def spec(*, episodes: int = 20, seed: int = 7, candles: int = 10_000) -> JobSpec:
    return JobSpec(
        strategy="sma_cross",
        strategy_code="c" * 64,
        data="sample:minute",
        data_hash="d" * 64,
        candles=candles,
        optimizer="random",
        objective="sharpe",
        episodes=episodes,
        seed=seed,
        space={
            "fast": {"type": "int", "default": 10, "low": 5, "high": 50, "step": 1, "log": False},
            "slow": 90,
        },
    )


def episode(
    number: int,
    score: float | None = None,
    *,
    state: EpisodeState = "completed",
    error: str | None = None,
    **params: ParameterValue,
) -> Episode:
    return Episode(
        number=number,
        state=state,
        params=params or {"fast": 10 + number, "threshold": 0.123456789012, "kind": "ema"},
        score=score,
        metrics={"sharpe": score, "trades": 12, "win_rate": None} if state == "completed" else None,
        stage="trade_simulation",
        candles_processed=10_000,
        total_candles=10_000,
        worker="w1",
        started_at=START + 0.25,
        finished_at=START + 0.5,
        error=error,
    )


def running(number: int, candles: int = 4_500) -> RunningEpisode:
    return RunningEpisode(
        number=number,
        worker="w1",
        stage="signal_generation",
        candles_processed=candles,
        total_candles=10_000,
        fraction=candles / 20_000,
        age_seconds=0.5,
    )


def progress(
    claim: Claim,
    percent: float,
    *episodes: RunningEpisode,
    finished: int = 0,
    planned: int = 20,
    eta: float | None = 12.5,
    note: str | None = None,
) -> JobProgress:
    return JobProgress(
        job_id=claim.job_id,
        state="running",
        percent=percent,
        planned=planned,
        finished=finished,
        failed=0,
        running=episodes,
        total_candles=10_000,
        best_score=9.9,
        best_number=1,
        candles_per_second=250_000.0,
        eta_seconds=eta,
        elapsed_seconds=3.5,
        taken_at=START,
        note=note,
    )
