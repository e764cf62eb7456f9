"""What became of a job between two looks at its row, said in sentences: the `log` events."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trad.training.job import ENDED, Episode, Job

if TYPE_CHECKING:
    from trad.service.conditions import Condition
from trad.service.visible import visible

LogLevel = Literal["info", "warning", "error"]

MOST_FAILURES = 5
"""Failed episodes of one job that a look names; further ones are counted."""

_LONGEST = 2_000
_NUMBERS = re.compile(r"[\d,.]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence for the log; `job_id` None: it is about the service."""

    level: LogLevel
    message: str
    job_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A job as it stood at one look, and the condition that it was in."""

    job: Job
    condition: "Condition | None" = None


def lines(before: Look | None, now: Look) -> list[Line]:
    """Say what happened to a job, in the order in which it did; `before` None: it was not known."""
    told = [*_run(before, now.job), *_state(before, now.job)]
    if before is not None and before.job.state == now.job.state == "running":
        told += _request_and_note(before.job, now)
    return [*told, *condition_lines(before, now)]


def condition_lines(before: Look | None, now: Look) -> list[Line]:
    """Say which condition of a job appeared or went, where its state does not say so already."""
    old = before.condition if before is not None else None
    new = now.condition
    if (old.kind if old else None) == (new.kind if new else None):
        return []
    told = []
    if old is not None and new is None and before is not None and before.job.state == now.job.state:
        told.append(_line("info", now.job, f"goes on; this is over: {old.cause}"))
    if new is not None and now.job.state in ("queued", "running"):
        told.append(_line("warning", now.job, f"{new.cause}; {new.remedy}"))
    return told


def failure_lines(job: Job, episodes: Sequence[Episode]) -> list[Line]:
    """Say which of some episodes failed, and why."""
    failed = [episode for episode in episodes if episode.state == "failed"]
    told = [
        _line("error", job, f"episode {episode.number} failed: {episode.error or 'no cause was given'}")
        for episode in failed[:MOST_FAILURES]
    ]
    if len(failed) > MOST_FAILURES:
        told.append(_line("error", job, f"{len(failed) - MOST_FAILURES} more episodes failed"))
    return told


def removed_line(job_id: str) -> Line:
    """Say that a job was deleted."""
    return Line(level="info", job_id=job_id, message=f"job {job_id} was deleted")


def fitting(text: str) -> str:
    """Show control characters as escapes, and cut what is too long for a line of the log."""
    shown = visible(text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown} ..."


def _run(before: Look | None, job: Job) -> list[Line]:
    """Say who took the job."""
    old = before.job if before is not None else None
    if job.worker is None or job.attempt == (old.attempt if old is not None else 0):
        return []
    if old is None and job.state != "running":
        return []
    taken = f"by {job.worker} (attempt {job.attempt})"
    if old is not None and old.state == "running":
        return [_line("warning", job, f"taken over {taken} from {old.worker}, which was lost")]
    return [_line("info", job, f"claimed {taken}")]


def _state(before: Look | None, job: Job) -> list[Line]:
    """Say how the job came into a state other than `running`."""
    old = before.job if before is not None else None
    same = (
        old is not None and old.state == job.state and (old.attempt == job.attempt or job.state not in ENDED)
    )
    if same or job.state == "running":
        return []
    if job.state == "queued":
        return [_queued(old, job)]
    if job.state == "completed":
        return [_line("info", job, _completed(job))]
    because = f": {job.error}" if job.error else ""
    level: LogLevel = "error" if job.state == "failed" else "warning" if job.error else "info"
    return [_line(level, job, f"{job.state}{because}")]


def _queued(old: Job | None, job: Job) -> Line:
    if old is not None and old.state == "running":
        return _line("info", job, "handed back to the queue; its episodes stay")
    if old is not None or job.attempt:
        return _line("info", job, "queued again")
    return _line(
        "info", job, f"queued: {job.total_episodes} episodes of {job.strategy} by {job.optimizer} search"
    )


def _completed(job: Job) -> str:
    failed = f", {job.failed_episodes} of them failed" if job.failed_episodes else ""
    best = (
        f"the best score is {job.best_score:.6g} (episode {job.best_episode})"
        if job.best_score is not None
        else "no episode has a score"
    )
    return f"completed: {job.recorded_episodes} episodes{failed}; {best}"


def _request_and_note(old: Job, now: Look) -> list[Line]:
    job, told = now.job, []
    if job.request is not None and job.request != old.request:
        told.append(_line("info", job, f"asked to {job.request}"))
    is_told = now.condition is not None and now.condition.cause in (job.note or "")
    if job.note is not None and not is_told and _uncounted(job.note) != _uncounted(old.note or ""):
        told.append(_line("info", job, job.note))
    return told


def _uncounted(note: str) -> str:
    """Leave out the numbers: a note that counts the seconds is not a new one each second."""
    return _NUMBERS.sub("", note)


def _line(level: LogLevel, job: Job, message: str) -> Line:
    return Line(level=level, job_id=job.id, message=fitting(message))
