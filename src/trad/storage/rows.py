"""Between a row and a dataclass."""

from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from trad.storage.records import Tally
from trad.training.job import Episode, Job, JobSpec

Values = dict[str, Any]
"""Values by column: what SQLAlchemy takes."""

_JOB = tuple(entry.name for entry in fields(Job))
_EPISODE = tuple(entry.name for entry in fields(Episode))


def job_from(row: RowMapping) -> Job:
    """Read a row of `training_jobs`."""
    values = {name: row[name] for name in _JOB}
    return Job(**values | {"spec": JobSpec.from_json(row["spec"])})


def job_values(job: Job) -> Values:
    """Return a whole row of `training_jobs`."""
    values = {name: getattr(job, name) for name in _JOB}
    return values | {"spec": job.spec.as_json()} | _parts(job.best_score)


def changes(before: Job, after: Job) -> Values:
    """Return the columns in which two versions of a job differ; never its spec."""
    names = (name for name in _JOB if name != "spec")
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def tally_from(row: RowMapping) -> Tally:
    """Read what a job's episodes add up to."""
    return Tally(
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


def _parts(score: float | None) -> Values:
    """Split a score into the reward and the loss that readers of the old table look for."""
    if score is None:
        return {"current_reward": None, "current_loss": None}
    return {"current_reward": max(0.0, score), "current_loss": max(0.0, -score)}
