"""Stand-ins for what a trainer works with: all in memory, all in the order that a test wants."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trad.progress import JobProgress
from trad.storage.memory import MemoryLedger
from trad.strategies.parameters import Params
from trad.training.board import ProgressBoard
from trad.training.episode import Ending, EpisodeOutcome, EpisodePlan, EpisodeSpec
from trad.training.job import Claim, Episode, JobSpec, Metrics
from trad.training.ledger import JobLedger

CANDLES = 1_000


def spec(*, episodes: int = 20, seed: int = 7, window: int = 8, optimizer: str = "fake") -> JobSpec:
    return JobSpec(
        strategy="sma_cross",
        strategy_code="c" * 64,
        data="sample:minute",
        data_hash="d" * 64,
        candles=CANDLES,
        optimizer=optimizer,
        objective="sharpe",
        episodes=episodes,
        seed=seed,
        window=window,
        space={},
    )


def plan() -> EpisodePlan:
    return EpisodePlan(
        strategy="sma_cross",
        strategy_code="c" * 64,
        strategies_folder=None,
        cache_folder="/nowhere",
        data_hash="d" * 64,
        objective="sharpe",
        fee=0.001,
        slippage=0.0005,
        position_size=1.0,
        initial_cash=10_000.0,
    )


def claimed(ledger: JobLedger, job: JobSpec, *, lease: float = 60.0) -> Claim:
    """Add a job and take it."""
    claim = ledger.claim("w1", lease_seconds=lease, job_id=ledger.create(job).id)
    assert claim is not None
    return claim


def number_from(*parts: object) -> float:
    """Make a number from 0 to 1 out of whatever JSON can hold: any change gives another one."""
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


class HashingOptimizer:
    """Proposes a hash of everything it was told: a wrong, missing or misplaced result changes what follows.

    It insists on the contract: exactly the results up to `number - window` come before a proposal.
    """

    size: int | None = None
    default_episodes = 20

    def __init__(self, *, seed: int = 7, window: int | None = 8) -> None:
        self.window = window
        self.proposed: dict[int, Params] = {}
        self._seed = seed
        self._told: list[list[object]] = []

    def propose(self, number: int) -> Params:
        due = 0 if self.window is None else max(0, number - self.window)
        assert len(self._told) == due, f"{len(self._told)} results were told before proposal {number}"
        assert number not in self.proposed, f"{number} was proposed twice"
        self.proposed[number] = {"x": number_from(self._seed, number, self._told)}
        return self.proposed[number]

    def tell(self, number: int, params: Params, score: float | None) -> None:
        assert number == len(self._told) + 1, f"{number} was told after {len(self._told)} results"
        self._told.append([number, dict(params), score])


def outcome(
    episode: EpisodeSpec,
    ending: Ending = "completed",
    *,
    score: float | None = None,
    error: str | None = None,
) -> EpisodeOutcome:
    """Say how an episode ended."""
    metrics: Metrics | None = {"sharpe": score, "trades": 3} if ending == "completed" else None
    return EpisodeOutcome(
        number=episode.number,
        ending=ending,
        score=score,
        metrics=metrics,
        error=error,
        stage="trade_simulation",
        candles=CANDLES,
        worker="fake 1",
        started_at=1.0,
        finished_at=2.0,
    )


def by_params(episode: EpisodeSpec) -> EpisodeOutcome:
    """End an episode as its parameters will have it: some fail, some have no score."""
    value = number_from(episode.params)
    if value < 0.1:
        return outcome(episode, "failed", error="ZeroDivisionError: division by zero (mine.py, line 3)")
    return outcome(episode, score=None if value < 0.2 else round(value, 6))


def first(held: Sequence[EpisodeSpec]) -> int:
    """Pick the episode that was submitted first."""
    return 0


@dataclass
class FakeExecutor:
    """Holds episodes until `pick` says which of them ends next, and `end` how.

    Attributes:
        most: How many episodes it takes at a time.
        end: How an episode ends.
        pick: Which of those held, in the order of their submission, ends next.
        before: Called at each `collect` with how many episodes have ended so far: raises, or asks for a stop.
    """

    most: int = 4
    end: Callable[[EpisodeSpec], EpisodeOutcome] = by_params
    pick: Callable[[Sequence[EpisodeSpec]], int] = first
    before: Callable[[int], None] = lambda _: None
    workers: int = 2
    note: str | None = None
    board: ProgressBoard = field(default_factory=lambda: ProgressBoard(2))
    held: list[EpisodeSpec] = field(default_factory=list)
    submitted: list[EpisodeSpec] = field(default_factory=list)
    loaded: list[tuple[EpisodePlan, float | None]] = field(default_factory=list)
    ended: int = 0

    @property
    def room(self) -> int:
        return max(0, self.most - len(self.held))

    def load(self, plan: EpisodePlan, *, timeout: float | None = None) -> None:
        self.loaded.append((plan, timeout))

    def submit(self, episodes: Sequence[EpisodeSpec]) -> None:
        assert self.loaded, "episodes were submitted before the plan was loaded"
        self.held.extend(episodes)
        self.submitted.extend(episodes)

    def collect(self, timeout: float) -> list[EpisodeOutcome]:
        self.before(self.ended)
        if not self.held:
            return []
        episode = self.held.pop(self.pick(self.held) % len(self.held))
        self.ended += 1
        return [self.end(episode)]

    def worker_name(self, slot: int) -> str:
        return f"fake {slot + 1}"

    def stop(self) -> None:
        self.held.clear()


class RecordingLedger(MemoryLedger):
    """A ledger that remembers in which order episodes were recorded, each time they were."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded: list[Episode] = []

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        super().record_episodes(claim, episodes)
        self.recorded.extend(episodes)


@dataclass
class Album:
    """A sink that keeps every snapshot."""

    shown: list[JobProgress] = field(default_factory=list)
    finals: list[bool] = field(default_factory=list)

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        self.shown.append(progress)
        self.finals.append(final)
