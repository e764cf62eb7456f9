"""What the service's health looks like on the wire."""

from typing import Literal

from pydantic import Field

from trad.server.schemas import Moment, Out


class DatabaseOut(Out):
    """Whether the database can be written."""

    ok: bool
    ailment: str | None = Field(description="What keeps it from being written; null when nothing does.")


class WorkerOut(Out):
    """A process that claims jobs."""

    id: str = Field(examples=["host:4711"])
    host: str
    pid: int
    processes: int = Field(description="How many episodes it runs at the same time.")
    alive: bool = Field(description="Whether it was heard of within its lease.")
    job_id: str | None = Field(description="The job that it runs.")
    version: str
    started_at: Moment
    heartbeat_at: Moment


class QueueOut(Out):
    """How many jobs are in each state."""

    queued: int
    running: int
    paused: int
    completed: int
    failed: int
    cancelled: int


class HealthOut(Out):
    """How the service is."""

    status: Literal["ok", "ailing"] = Field(description="`ailing` where the database is.")
    version: str
    database: DatabaseOut
    workers: list[WorkerOut] = Field(description="Empty, too, where the database does not answer.")
    jobs: QueueOut | None = Field(description="Null where the database does not answer.")
