"""Between a row and a dataclass."""

from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from trad.progress import RunningEpisode
from trad.storage.records import Snapshot, Tally
from trad.training.job import Episode, Job, JobSpec

Values = dict[str, Any]
"""Values by column: what SQLAlchemy takes."""

_JOB = tuple(entry.name for entry in fields(Job))
_EPISODE = tuple(entry.name for entry in fields(Episode))
_RUNNING = tuple(entry.name for entry in fields(RunningEpisode))


def job_from(row: RowMapping) -> Job:
    """Read a row of `training_jobs`."""
    values = {name: row[name] for name in _JOB}
    spec, running = JobSpec.from_json(row["spec"]), row["running"] or ()
    return Job(**values | {"spec": spec, "running": tuple(RunningEpisode(**one) for one in running)})


def job_values(job: Job) -> Values:
    """Return a whole row of `training_jobs`."""
    values = {name: getattr(job, name) for name in _JOB}
    parts = {"spec": job.spec.as_json(), "running": _running(job.running)}
    return values | parts | _parts(job.best_score)


def changes(before: Job, after: Job) -> Values:
    """Return the columns in which two versions of a job differ; never its spec."""
    names = (name for name in _JOB if name != "spec")
    values = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    return values | {"running": _running(after.running)} if "running" in values else values


def snapshot_values(snapshot: Snapshot) -> Values:
    """Return the columns that a snapshot of a job's progress fills."""
    return {**snapshot, "running": _running(snapshot["running"])}


def tally_from(row: RowMapping) -> Tally:
    """Read what a job's episodes add up to."""
    return Tally(
        recorded_episodes=row["recorded_episodes"],
        completed_episodes=row["completed_episodes"],
        failed_episodes=row["failed_episodes"],
        best_score=row["best_score"],
        best_episode=row["best_episode"],
    )


def tally_values(tally: Tally) -> Values:
    """Return the columns that a tally fills."""
    return {entry.name: getattr(tally, entry.name) for entry in fields(tally)} | _parts(tally.best_score)


def episode_from(row: RowMapping) -> Episode:
    """Read a row of `episodes`."""
    return Episode(**{name: row[name] for name in _EPISODE})


def _running(episodes: tuple[RunningEpisode, ...]) -> list[Values] | None:
    return [{name: getattr(one, name) for name in _RUNNING} for one in episodes] or None


def _parts(score: float | None) -> Values:
    """Split a score into the reward and the loss that readers of the old table look for."""
    if score is None:
        return {"current_reward": None, "current_loss": None}
    return {"current_reward": max(0.0, score), "current_loss": max(0.0, -score)}
