"""The JSON documents that the commands print and the API answers with: one for each kind of thing."""

from datetime import UTC, datetime
from typing import Any, overload

from trad.progress import RunningEpisode
from trad.service.conditions import Condition
from trad.training.job import Episode, Job
from trad.training.ledger import JobLedger


def result_document(ledger: JobLedger, job: Job) -> dict[str, Any]:
    """Return what `trad train --json` prints of a job."""
    return {
        "job_id": job.id,
        "state": job.state,
        "strategy": job.strategy,
        "optimizer": job.optimizer,
        "seed": job.seed,
        "objective": job.objective,
        "total_episodes": job.total_episodes,
        "completed_episodes": job.completed_episodes,
        "failed_episodes": job.failed_episodes,
        "best": _best(best_episode(ledger, job)),
        "fingerprint": job.fingerprint,
        "candles": job.total_candles or job.spec.candles,
        "elapsed_seconds": round(job.elapsed_seconds, 3),
        "candles_per_second": job.candles_per_second,
    }


def best_episode(ledger: JobLedger, job: Job) -> Episode | None:
    """Read the job's best episode; None while no episode has a score."""
    if job.best_episode is None:
        return None
    return ledger.episodes(job.id, after=job.best_episode - 1, limit=1)[0]


def first_failure(ledger: JobLedger, job: Job) -> Episode | None:
    """Read the first of the job's episodes that failed; None where none did."""
    if not job.failed_episodes:
        return None
    return ledger.episodes(job.id, states=("failed",), limit=1)[0]


def _best(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    return {
        "number": episode.number,
        "params": episode.params,
        "score": episode.score,
        "metrics": episode.metrics,
    }


def job_document(job: Job, condition: Condition | None = None) -> dict[str, Any]:
    """Return a job as the API and `trad jobs --json` show it: the columns of the table, times in ISO 8601.

    Args:
        job: As it was read.
        condition: What keeps it from going on at the moment, if anything.
    """
    row = {name: getattr(job, name) for name in job.__dataclass_fields__ if name not in ("spec", "running")}
    for name in ("lease_until", "created_at", "changed_at", "started_at", "heartbeat_at", "finished_at"):
        row[name] = moment(row[name])
    best = job.best_score
    return {
        **row,
        "current_reward": None if best is None else max(0.0, best),
        "current_loss": None if best is None else max(0.0, -best),
        "running": [running_document(episode) for episode in job.running],
        "workers": list(dict.fromkeys(episode.worker for episode in job.running)),
        "condition": None if condition is None else condition_document(condition),
        # Not `as_json`, whose deep copy would be most of the cost of a long list.
        "spec": {name: getattr(job.spec, name) for name in job.spec.__dataclass_fields__},
    }


def running_document(episode: RunningEpisode) -> dict[str, Any]:
    """Return a running episode; `percent` is that of its stage's candles, `fraction` spans both stages."""
    row = {name: getattr(episode, name) for name in episode.__dataclass_fields__}
    total = episode.total_candles
    return {**row, "percent": round(100 * episode.candles_processed / total, 3) if total else 0.0}


def condition_document(condition: Condition) -> dict[str, str]:
    """Return what keeps a job from going on: what kind of thing, its cause, and what to do."""
    return {"kind": condition.kind, "cause": condition.cause, "remedy": condition.remedy}


def episode_document(episode: Episode) -> dict[str, Any]:
    """Return an episode's row, times in ISO 8601."""
    row = {name: getattr(episode, name) for name in episode.__dataclass_fields__}
    return {**row, "started_at": moment(episode.started_at), "finished_at": moment(episode.finished_at)}


@overload
def moment(seconds: float) -> str: ...
@overload
def moment(seconds: None) -> None: ...
@overload
def moment(seconds: float | None) -> str | None: ...
def moment(seconds: float | None) -> str | None:
    """Write seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
