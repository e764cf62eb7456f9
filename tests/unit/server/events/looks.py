"""Rows of jobs as a test wants them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.fakes.training import spec

from trad.errors import JobNotFound
from trad.server.events.hub import Event
from trad.training.browsing import BY_NUMBER, Changes, EndedEpisode, EpisodePage, EpisodeSort, JobPage
from trad.training.job import Episode, EpisodeState, Job, JobState, Submission

QUEUED = Job(
    id="job-a",
    state="queued",
    spec=spec(),
    strategy="sma_cross",
    optimizer="random",
    objective="sharpe",
    seed=7,
    priority=0,
    progress=0.0,
    current_episode=0,
    total_episodes=20,
    current_stage=None,
    candles_processed=0,
    total_candles=1_000,
    backtest_stage=None,
    best_score=None,
    best_episode=None,
    eta_seconds=None,
    candles_per_second=None,
    completed_episodes=0,
    failed_episodes=0,
    recorded_episodes=0,
    elapsed_seconds=0.0,
    running=(),
    note=None,
    attempt=0,
    lost_attempts=0,
    worker=None,
    lease_until=None,
    request=None,
    fingerprint=None,
    error=None,
    created_at=1_000.0,
    changed_at=1_000.0,
    started_at=None,
    heartbeat_at=None,
    finished_at=None,
)


def running(worker: str = "host:1", attempt: int = 1, **fields: Any) -> Job:
    """A job that a worker has."""
    return replace(
        QUEUED,
        **{
            "state": "running",
            "worker": worker,
            "attempt": attempt,
            "lease_until": 1_013.0,
            "heartbeat_at": 1_010.0,
            "started_at": 1_001.0,
            **fields,
        },
    )


class ScriptedBrowser:
    """A browser over rows that a test lays out.

    Attributes:
        rows: Told at each look, all of them.
        gone: Ids told as removed.
        recorded: The episodes of each job in the order of their places, from 1.
        fault: Raised instead of an answer.
        now: The ledger's time, a second later at each look.
    """

    def __init__(self, *rows: Job) -> None:
        self.rows = list(rows)
        self.waiting: list[Job] = []
        self.gone: list[str] = []
        self.recorded: dict[str, list[Episode]] = {}
        self.fault: Exception | None = None
        self.now = 1_010.0
        self.looks = 0

    def _answer(self) -> None:
        if self.fault is not None:
            raise self.fault

    def changes(self, since: float | None) -> Changes:
        self.looks += 1
        self._answer()
        self.now += 1
        return Changes(now=self.now, jobs=tuple(self.rows), removed=tuple(self.gone))

    def ended(self, job_id: str, *, after: int, limit: int) -> list[EndedEpisode]:
        self._answer()
        if job_id not in self.recorded:
            raise JobNotFound(job_id)
        chosen = self.recorded[job_id][after : after + limit]
        return [EndedEpisode(place=after + 1 + n, episode=entry) for n, entry in enumerate(chosen)]

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, cursor: str | None = None
    ) -> JobPage:
        self._answer()
        return JobPage(jobs=tuple(job for job in self.waiting if job.state in set(states)), cursor=None)

    def episodes(
        self,
        job_id: str,
        *,
        sort: EpisodeSort = BY_NUMBER,
        states: Iterable[EpisodeState] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> EpisodePage:
        raise AssertionError("the feed reads no pages of episodes")

    def episode(self, job_id: str, number: int) -> Episode | None:
        raise AssertionError("the feed reads no single episode")

    def counts(self) -> dict[JobState, int]:
        raise AssertionError("the feed counts nothing")

    def submitted(self, submission: Submission) -> Job | None:
        raise AssertionError("the feed submits nothing")


def episodes(count: int, *, failed: Iterable[int] = ()) -> list[Episode]:
    """Episodes 1, 2, 3 ..."""
    broken = set(failed)
    return [
        Episode(
            number=n,
            state="failed" if n in broken else "completed",
            params={"x": n},
            score=None if n in broken else float(n),
            total_candles=1_000,
            error="ValueError: no" if n in broken else None,
        )
        for n in range(1, count + 1)
    ]


def told(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Each event's kind, and the word that matters in it."""
    return [(event.kind, _word(event.kind, json.loads(event.data))) for event in events]


def _word(kind: str, data: dict[str, Any]) -> str:
    if kind == "job":
        return f"{data['id']} {data['state']}"
    if kind == "episode":
        return f"{data['job_id']} {data['number']}"
    return str(data["message"] if kind == "log" else data["reason"])
