"""A training job as plain data: what is asked (`JobSpec`), and how it stands (`Job`)."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from trad.errors import InputError
from trad.progress import RunningEpisode
from trad.strategies.parameters import Params

JobState = Literal["queued", "running", "paused", "completed", "failed", "cancelled"]
JOB_STATES: tuple[JobState, ...] = get_args(JobState)
ENDED: frozenset[JobState] = frozenset({"completed", "failed", "cancelled"})

EpisodeState = Literal["completed", "failed", "pruned", "cancelled"]

Request = Literal["cancel", "pause"]
"""What a user asks of a job that runs: its worker learns of it at the next heartbeat."""

Metrics = dict[str, float | int | None]
"""Metrics by name; None where a metric does not exist, never NaN or infinite."""

DEFAULT_WINDOW = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class JobSpec:
    """Everything that a job's result depends on, and how to find it again.

    Two specs that are equal, on equal data and code, give equal fingerprints. Stored as JSON.

    Attributes:
        strategy: A built-in's name, `/absolute/file.py:Class`, or a name in the strategies folder.
        strategy_code: sha256 of the strategy's source.
        data: Where the candles came from: an absolute path, a library name or `sample:NAME`.
        data_hash: `Candles.content_hash`.
        candles: How many candles the data holds.
        optimizer: `random`, `grid` or `bayesian`.
        objective: The metric that is maximised.
        episodes: How many episodes are planned.
        seed: What every random choice comes from.
        window: A proposal depends on the episodes up to `number - window`.
        space: The search space: a parameter's description (`Parameter.as_json`), or its fixed value.
        fee, slippage, position_size: Fractions, see `trad.backtest.costs`.
        initial_cash: Money at the start.
        terms: What differs from the usual terms of trading (`Terms.as_json`).
        episode_timeout: Seconds after which an episode is given up; None: never.
        episode_memory: Bytes that an episode may add to its worker; None: no limit.
    """

    strategy: str
    strategy_code: str
    data: str
    data_hash: str
    candles: int
    optimizer: str
    objective: str
    episodes: int
    seed: int
    space: dict[str, Any]
    window: int = DEFAULT_WINDOW
    fee: float = 0.001
    slippage: float = 0.0005
    position_size: float = 1.0
    initial_cash: float = 10_000.0
    episode_timeout: float | None = None
    episode_memory: int | None = None
    synthetic: bool = False
    terms: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the spec as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "JobSpec":
        """Read what `as_json` gave.

        Raises:
            InputError: A field is missing or unknown.
        """
        known = {entry.name for entry in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise InputError(
                f"the job's spec has the unknown fields {', '.join(unknown)}; was it written by a newer Trad?"
            )
        try:
            return cls(**data)
        except TypeError as error:
            raise InputError(f"the job's spec is not complete: {error}") from None


@dataclass(frozen=True, kw_only=True, slots=True)
class Episode:
    """One ended episode, as it is recorded.

    Attributes:
        number: From 1.
        score: The objective's value to 12 significant digits; None where it does not exist.
        metrics: To 12 significant digits; None for an episode that did not complete.
        stage, candles_processed: Where it ended.
        worker: Who ran it.
        started_at, finished_at: Seconds since 1970, UTC.
        error: The cause, for an episode that failed.
    """

    number: int
    state: EpisodeState
    params: Params
    score: float | None = None
    metrics: Metrics | None = None
    stage: str | None = None
    candles_processed: int = 0
    total_candles: int = 0
    worker: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A row of `training_jobs`, as it stood when it was read. Times are seconds since 1970, UTC.

    Attributes:
        recorded_episodes: How many episodes are recorded, whatever their state; see `EndedEpisode`.
        lost_attempts: How many attempts in a row ended without a word of their worker, and recorded nothing.
        running: The episodes under way when progress was last written; empty unless `running`.
        note: What the worker is busy with or waits for, where no episode shows it.
        request: What its user asked of a running job, and its worker has not done yet.
        changed_at: When the row last changed in anything but progress and heartbeat.
    """

    id: str
    state: JobState
    spec: JobSpec
    strategy: str
    optimizer: str
    objective: str
    seed: int
    priority: int
    progress: float
    current_episode: int
    total_episodes: int
    current_stage: str | None
    candles_processed: int
    total_candles: int
    backtest_stage: str | None
    best_score: float | None
    best_episode: int | None
    eta_seconds: float | None
    candles_per_second: float | None
    completed_episodes: int
    failed_episodes: int
    recorded_episodes: int
    elapsed_seconds: float
    running: tuple[RunningEpisode, ...]
    note: str | None
    attempt: int
    lost_attempts: int
    worker: str | None
    lease_until: float | None
    request: Request | None
    fingerprint: str | None
    error: str | None
    created_at: float
    changed_at: float
    started_at: float | None
    heartbeat_at: float | None
    finished_at: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """What makes a request that is sent twice create one job.

    Attributes:
        key: The client's `Idempotency-Key`, 1 to 255 printable characters.
        digest: sha256 of what was asked, in hexadecimal.
    """

    key: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """The right to run a job, until the lease ends or another attempt begins.

    Every write of the holder carries `attempt`; a ledger refuses those of an older one.
    """

    job_id: str
    attempt: int
    worker: str
    lease_seconds: float
    spec: JobSpec = field(repr=False)
