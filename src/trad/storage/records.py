"""What may be recorded, and what it adds up to: the same for every ledger."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, TypedDict

from pydantic_core import from_json, to_json

from trad.progress import JobProgress, RunningEpisode
from trad.training.job import Episode, EpisodeState
from trad.training.workers import WorkerReport

REMEMBERED_SECONDS = 3600
"""How long a deleted job is remembered: longer than anybody who follows the changes looks away."""

LOOK_BACK_SECONDS = 2.0
"""How far a look at the changes reaches back behind the one before: longer than a write takes."""

FORGOTTEN_SECONDS = 3600
"""How long a worker is silent before it is forgotten."""

_encode = json.JSONEncoder(allow_nan=False).encode


def finite(value: float | None) -> float | None:
    """Return the number, or None where it is NaN or infinite: such a value has no place in a table."""
    return None if value is None or not isfinite(value) else float(value)


def writable(words: str | None) -> str | None:
    """Return text that every database can hold: a lone surrogate or a NUL becomes its escape."""
    if words is None:
        return None
    return words.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


class Written(str):
    """Plain data that is written as JSON already."""

    __slots__ = ()


def written(data: Mapping[str, object], what: str) -> Written:
    """Write `data` as JSON.

    Raises:
        TypeError: A value is none of JSON's.
        ValueError: A number is NaN or infinite.
    """
    try:
        quick = to_json(data)
    except ValueError:
        return _written_carefully(data, what)
    if b"NaN" in quick or b"Infinity" in quick:
        return _written_carefully(data, what)
    return Written(quick, "utf-8")


def _written_carefully(data: Mapping[str, object], what: str) -> Written:
    # Seven times slower, and exact about what is wrong.
    try:
        return Written(_encode(data))
    except TypeError as error:
        raise TypeError(f"{what} cannot be written: {error}; turn it into plain Python values") from None
    except ValueError:
        raise ValueError(f"{what} hold NaN or infinity: {data}; use None for what does not exist") from None


def serialized(data: object) -> str:
    """Write what goes into a JSON column; NaN and infinity raise ValueError."""
    return data if isinstance(data, Written) else _encode(data)


def parsed(text: str | bytes) -> object:
    """Read what stands in a JSON column, in a third of the time that Python's own reader takes."""
    try:
        value: object = from_json(text)
    except ValueError:
        # Half a surrogate pair, which that one refuses.
        value = json.loads(text)
    return value


def plain(data: Mapping[str, object], what: str) -> dict[str, Any]:
    """Return a copy of `data` as JSON gives it back; raises as `written` does."""
    copy: dict[str, Any] = json.loads(written(data, what))
    return copy


def reportable(worker: WorkerReport) -> WorkerReport:
    """Return what a worker says of itself as every database can hold it."""
    return replace(
        worker,
        id=writable(worker.id) or "",
        host=writable(worker.host) or "",
        version=writable(worker.version) or "",
    )


class EpisodeRecord(TypedDict):
    """An ended episode as it is kept."""

    number: int
    state: EpisodeState
    params: Written
    score: float | None
    metrics: Written | None
    stage: str | None
    candles_processed: int
    total_candles: int
    worker: str | None
    started_at: float | None
    finished_at: float | None
    error: str | None


def record_of(episode: Episode) -> EpisodeRecord:
    """Return the episode as it is kept: a score that is no number is None, its data is written.

    Raises:
        TypeError, ValueError: Its number is below 1, or its params or metrics are not plain JSON.
    """
    number, metrics = episode.number, episode.metrics
    if number < 1:
        raise ValueError(f"an episode had the number {number}; episodes are numbered from 1")
    return EpisodeRecord(
        number=number,
        state=episode.state,
        params=written(episode.params, f"the params of episode {number}"),
        score=finite(episode.score),
        metrics=None if metrics is None else written(metrics, f"the metrics of episode {number}"),
        stage=episode.stage,
        candles_processed=episode.candles_processed,
        total_candles=episode.total_candles,
        worker=writable(episode.worker),
        started_at=finite(episode.started_at),
        finished_at=finite(episode.finished_at),
        error=writable(episode.error),
    )


def first_told(episodes: Iterable[Episode]) -> dict[int, EpisodeRecord]:
    """Return the episodes by their numbers; of two with one number the first counts."""
    told: dict[int, EpisodeRecord] = {}
    for episode in episodes:
        told.setdefault(episode.number, record_of(episode))
    return told


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What a job's recorded episodes add up to."""

    recorded_episodes: int
    completed_episodes: int
    failed_episodes: int
    best_score: float | None
    best_episode: int | None

    def plus(self, fresh: Collection[EpisodeRecord]) -> "Tally":
        """Return the tally with episodes that were not in it yet.

        Only completed episodes rank; of equal scores the lowest number is the best.
        """
        completed, failed = self.completed_episodes, self.failed_episodes
        score, best = self.best_score, self.best_episode
        for episode in fresh:
            completed += episode["state"] == "completed"
            failed += episode["state"] == "failed"
            rival = episode["score"] if episode["state"] == "completed" else None
            if rival is None:
                continue
            ahead = score is None or rival > score
            if ahead or (rival == score and best is not None and episode["number"] < best):
                score, best = rival, episode["number"]
        return Tally(
            recorded_episodes=self.recorded_episodes + len(fresh),
            completed_episodes=completed,
            failed_episodes=failed,
            best_score=score,
            best_episode=best,
        )


class Snapshot(TypedDict):
    """The columns that a job's progress is written to, but for the percentage."""

    current_episode: int
    total_episodes: int
    current_stage: str
    candles_processed: int
    total_candles: int
    backtest_stage: str | None
    eta_seconds: float | None
    candles_per_second: float | None
    elapsed_seconds: float
    running: tuple[RunningEpisode, ...]
    note: str | None


def snapshot(progress: JobProgress) -> Snapshot:
    """Return what `progress` says of the job's row; its candle columns show the oldest episode."""
    oldest = progress.oldest
    return Snapshot(
        current_episode=oldest.number if oldest else progress.finished,
        total_episodes=progress.planned,
        current_stage="training",
        candles_processed=oldest.candles_processed if oldest else 0,
        total_candles=oldest.total_candles if oldest else progress.total_candles,
        backtest_stage=oldest.stage if oldest else None,
        eta_seconds=finite(progress.eta_seconds),
        candles_per_second=finite(progress.candles_per_second),
        elapsed_seconds=finite(progress.elapsed_seconds) or 0.0,
        running=progress.running,
        note=writable(progress.note),
    )
