"""What the events carry: the JSON document of each kind."""

import time
from typing import Literal

from pydantic import Field, RootModel

from trad.server.events.changes import Line, LogLevel, Look
from trad.server.schemas import EpisodeOut, JobOut, Moment, Out, job_out
from trad.service.documents import episode_document, moment
from trad.training.browsing import EndedEpisode


class JobRemoved(Out):
    """A job that was deleted, with its episodes."""

    id: str
    state: Literal["deleted"] = "deleted"


class EpisodeEvent(EpisodeOut):
    """An episode that ended."""

    place: int = Field(description="1 for the first of its job that ended, and so on without a gap.")


class LogEvent(Out):
    """A sentence about a job, or about the service."""

    time: Moment
    level: LogLevel
    job_id: str | None = Field(description="The job it is about; null: the service.")
    message: str = Field(description="Control characters stand as escapes.")


class ResetEvent(Out):
    """Events are missing: what a client keeps must be read again."""

    reason: str
    job_id: str | None = Field(description="Whose episodes are missing; null: read everything again.")


class JobEvent(RootModel[JobOut | JobRemoved]):
    """A job as it stands now, whole; or that it was deleted."""


class EventData(RootModel[JobEvent | EpisodeEvent | LogEvent | ResetEvent]):
    """The JSON document in an event's `data`; its `event` says which."""


def job_document(look: Look) -> str:
    """Write a job as it stands."""
    return job_out(look.job, look.condition).model_dump_json()


def removed_document(job_id: str) -> str:
    """Write that a job was deleted."""
    return JobRemoved(id=job_id).model_dump_json()


def episode_event_document(job_id: str, ended: EndedEpisode) -> str:
    """Write an episode that ended."""
    event = EpisodeEvent(job_id=job_id, place=ended.place, **episode_document(ended.episode))
    return event.model_dump_json()


def log_document(line: Line) -> str:
    """Write a sentence, as said now."""
    now = moment(time.time())
    assert now is not None
    return LogEvent(time=now, level=line.level, job_id=line.job_id, message=line.message).model_dump_json()


def reset_document(reason: str, job_id: str | None = None) -> str:
    """Write that events are missing."""
    return ResetEvent(reason=reason, job_id=job_id).model_dump_json()
