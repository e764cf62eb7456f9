"""What jobs and episodes look like on the wire; field by field what `trad jobs --json` prints."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trad.service.conditions import Condition
from trad.service.documents import episode_document, job_document
from trad.training.job import Episode, EpisodeState, Job, JobState, Request

Moment = Annotated[
    str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-09-21T14:13:20.250Z"])
]
"""A time in ISO 8601, UTC, to the millisecond."""


class Out(BaseModel):
    """What the API answers with: nothing is added to it on the way."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ConditionOut(Out):
    """What keeps a job from going on."""

    kind: str = Field(description="What kind of thing it is.", examples=["no_worker"])
    cause: str = Field(description="What happened.")
    remedy: str = Field(description="What to do about it, or what happens by itself.")


class RunningEpisodeOut(Out):
    """An episode under way, as it stood when its worker last wrote progress."""

    number: int
    worker: str
    stage: Literal["signal_generation", "trade_simulation"]
    candles_processed: int = Field(description="Candles that the present stage has done.")
    total_candles: int = Field(description="Candles of each stage: those of the data.")
    percent: float = Field(description="`candles_processed` of `total_candles`, 0 to 100.")
    fraction: float = Field(description="Of both stages together, 0 to 1.")
    age_seconds: float = Field(description="How long it has run.")
    idle_seconds: float = Field(description="How long its position has not moved.")


class SpecOut(Out):
    """Everything that a job's result depends on."""

    strategy: str
    strategy_code: str = Field(description="sha256 of the strategy's source.")
    data: str
    data_hash: str = Field(description="sha256 of the candles.")
    candles: int
    optimizer: str
    objective: str
    episodes: int
    seed: int
    space: dict[str, Any] = Field(description="The search space by parameter.")
    window: int
    fee: float
    slippage: float
    position_size: float
    initial_cash: float
    episode_timeout: float | None
    episode_memory: int | None = Field(description="Bytes.")
    synthetic: bool = Field(description="Whether the candles were made up.")
    terms: dict[str, float | int | str] = Field(
        description="Terms of trading that differ from the usual ones, by name."
    )


class JobOut(Out):
    """A job: the columns of `training_jobs`, its running episodes, and what keeps it from going on."""

    id: str = Field(examples=["6n2k4d8q0w3r5t7x"])
    state: JobState
    strategy: str
    optimizer: str
    objective: str
    seed: int
    priority: int
    progress: float = Field(description="Percent, 0 to 100; never falls.")
    current_episode: int
    total_episodes: int
    current_stage: str | None
    candles_processed: int = Field(description="Of the oldest running episode.")
    total_candles: int
    backtest_stage: str | None
    best_score: float | None
    best_episode: int | None
    current_reward: float | None = Field(description="The best score where it is positive, else 0.")
    current_loss: float | None = Field(description="The best score's size where it is negative, else 0.")
    eta_seconds: float | None
    candles_per_second: float | None
    completed_episodes: int
    failed_episodes: int
    recorded_episodes: int = Field(description="How many are recorded, whatever their state.")
    elapsed_seconds: float
    running: list[RunningEpisodeOut]
    workers: list[str] = Field(description="Who runs its episodes at the moment.")
    note: str | None = Field(description="What the worker is busy with where no episode shows it.")
    condition: ConditionOut | None = Field(description="What keeps it from going on; null: nothing does.")
    attempt: int
    lost_attempts: int = Field(description="Attempts in a row whose worker was lost, nothing recorded.")
    worker: str | None = Field(description="The process that has, or last had, the job.")
    lease_until: Moment | None
    request: Request | None = Field(description="What was asked of it, and its worker has not done yet.")
    fingerprint: str | None
    error: str | None
    created_at: Moment
    changed_at: Moment
    started_at: Moment | None
    heartbeat_at: Moment | None
    finished_at: Moment | None
    spec: SpecOut


class JobPageOut(Out):
    """Some jobs, newest first."""

    jobs: list[JobOut]
    cursor: str | None = Field(description="Pass it on as `cursor` for the next page; null after the last.")


class EpisodeOut(Out):
    """An ended episode."""

    job_id: str
    number: int = Field(description="From 1.")
    state: EpisodeState
    params: dict[str, int | float | str | bool]
    score: float | None
    metrics: dict[str, float | int | None] | None
    stage: str | None = Field(description="Where it ended.")
    candles_processed: int
    total_candles: int
    worker: str | None
    started_at: Moment | None
    finished_at: Moment | None
    error: str | None


class EpisodePageOut(Out):
    """Some of a job's episodes, in the order asked for."""

    episodes: list[EpisodeOut]
    cursor: str | None = Field(description="Pass it on as `cursor` for the next page; null after the last.")


def job_out(job: Job, condition: Condition | None = None) -> JobOut:
    """Return a job as it travels; `condition` is what keeps it from going on, if anything."""
    return JobOut(**job_document(job, condition))


def episode_out(job_id: str, episode: Episode) -> EpisodeOut:
    """Return an ended episode as it travels."""
    return EpisodeOut(job_id=job_id, **episode_document(episode))
