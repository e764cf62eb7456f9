"""The JSON documents that the commands print: a job's result, and a row of the list."""

from datetime import UTC, datetime
from typing import Any

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


def job_document(job: Job) -> dict[str, Any]:
    """Return a job's row for `trad jobs list --json`: the columns of the table, times in ISO 8601."""
    row = {name: getattr(job, name) for name in job.__dataclass_fields__ if name not in ("spec", "request")}
    for name in ("lease_until", "created_at", "started_at", "heartbeat_at", "finished_at"):
        row[name] = moment(row[name])
    best = job.best_score
    return {
        **row,
        "current_reward": None if best is None else max(0.0, best),
        "current_loss": None if best is None else max(0.0, -best),
        "request": job.request,
        "spec": job.spec.as_json(),
    }


def episode_document(episode: Episode) -> dict[str, Any]:
    """Return an episode's row, times in ISO 8601."""
    row = {name: getattr(episode, name) for name in episode.__dataclass_fields__}
    return {**row, "started_at": moment(episode.started_at), "finished_at": moment(episode.finished_at)}


def moment(seconds: float | None) -> str | None:
    """Write seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
