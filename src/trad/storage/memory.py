"""The ledger in memory."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from threading import RLock
from time import time

from trad.progress import JobProgress
from trad.storage import ids, transitions
from trad.storage.records import EpisodeRecord, Tally, finite, first_told, snapshot
from trad.training.job import Claim, Episode, EpisodeState, Job, JobSpec, JobState, Request


class MemoryLedger:
    """A `JobLedger` that one process keeps to itself and forgets at its end.

    Args:
        clock: What time it is: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self._lock = RLock()
        self._jobs: dict[str, Job] = {}  # in the order of their creation
        self._episodes: dict[str, dict[int, Episode]] = {}

    def create(self, spec: JobSpec, *, priority: int = 0) -> Job:
        """Add a queued job under a new id."""
        with self._lock:
            now = self._clock()
            job = transitions.new_job(ids.new_job_id(now), spec, priority, now)
            self._episodes[job.id] = {}
            return self._keep(job)

    def claim(self, worker: str, *, lease_seconds: float, job_id: str | None = None) -> Claim | None:
        """Take a job to run: `job_id`, or else the next that waits."""
        with self._lock:
            now = self._clock()
            job = self._next(worker, lease_seconds, now) if job_id is None else self._exact(job_id)
            taken = None if job is None else transitions.claimed(job, worker, lease_seconds, now)
            if taken is None:
                return None
            self._keep(taken)
            return Claim(
                job_id=taken.id,
                attempt=taken.attempt,
                worker=worker,
                lease_seconds=lease_seconds,
                spec=taken.spec,
            )

    def heartbeat(self, claim: Claim) -> Request | None:
        """Renew the lease; return what the user asks of the job, if anything."""
        with self._lock:
            return self._renewed(self._held(claim), claim).request

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        """Write the job's progress columns and renew the lease."""
        with self._lock:
            job = self._held(claim)
            percent = max(job.progress, min(finite(progress.percent) or 0.0, 100.0))
            return self._renewed(replace(job, progress=percent, **snapshot(progress)), claim).request

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        """Add ended episodes and bring counts and best score up to date."""
        told = first_told(episodes)
        with self._lock:
            job = self._held(claim)
            known = self._episodes[job.id]
            fresh = [episode for number, episode in told.items() if number not in known]
            known.update((episode["number"], _kept(episode)) for episode in fresh)
            tally = Tally(
                completed_episodes=job.completed_episodes,
                failed_episodes=job.failed_episodes,
                best_score=job.best_score,
                best_episode=job.best_episode,
            )
            self._keep(replace(job, **asdict(tally.plus(fresh))))

    def finish(
        self, claim: Claim, state: JobState, *, fingerprint: str | None = None, error: str | None = None
    ) -> Job:
        """End this attempt: `completed` (progress becomes 100), `failed`, `cancelled` or `paused`."""
        with self._lock:
            job, now = self._held(claim), self._clock()
            return self._keep(transitions.finished(job, state, now, fingerprint=fingerprint, error=error))

    def request(self, job_id: str, request: Request) -> Job:
        """Ask for a cancel or a pause."""
        with self._lock:
            return self._keep(transitions.asked(self._exact(job_id), request, self._clock()))

    def requeue(self, job_id: str) -> Job:
        """Put a paused, failed or cancelled job, or one whose worker was lost, back in the queue."""
        with self._lock:
            return self._keep(transitions.requeued(self._exact(job_id), self._clock()))

    def delete(self, job_id: str) -> None:
        """Remove the job and its episodes."""
        with self._lock:
            transitions.check_deletable(self._exact(job_id), self._clock())
            del self._jobs[job_id], self._episodes[job_id]

    def job(self, job_id: str) -> Job:
        """Read one job, by its id or a unique beginning of it."""
        first, last = ids.span(job_id)
        with self._lock:
            found = sorted(name for name in self._jobs if first <= name <= last)
            if not found:
                raise ids.unknown(job_id)
            if len(found) > 1:
                raise ids.ambiguous(job_id, *found[:2])
            return self._jobs[found[0]]

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, before: str | None = None
    ) -> list[Job]:
        """Read jobs, newest first."""
        wanted = frozenset(states)
        with self._lock:
            names = list(self._jobs)
            if before is not None:
                names = names[: names.index(self._exact(before).id)]
            newest = (self._jobs[name] for name in reversed(names))
            chosen = [job for job in newest if not wanted or job.state in wanted]
            return chosen[: max(limit, 0)]

    def episodes(
        self, job_id: str, *, after: int = 0, limit: int | None = None, states: Iterable[EpisodeState] = ()
    ) -> list[Episode]:
        """Read a job's episodes with a number above `after`, in order of their numbers."""
        wanted = frozenset(states)
        with self._lock:
            kept = self._episodes[self._exact(job_id).id]
            numbers = sorted(number for number in kept if number > after)
            chosen = [kept[number] for number in numbers if not wanted or kept[number].state in wanted]
            return chosen if limit is None else chosen[: max(limit, 0)]

    def _next(self, worker: str, lease_seconds: float, now: float) -> Job | None:
        """Find the job that is claimed next, doing on the way what was asked of jobs without a worker."""
        for job in sorted(self._jobs.values(), key=lambda job: -job.priority):
            if job.state == "queued":
                return job
            if job.state == "running" and not transitions.lease_runs(job, now):
                if job.request is None:
                    return job
                taken = transitions.taken(job, worker, lease_seconds, now)
                self._keep(transitions.finished(taken, transitions.AFTER[job.request], now))
        return None

    def _exact(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise ids.unknown(job_id)
        return self._jobs[job_id]

    def _held(self, claim: Claim) -> Job:
        job = self._jobs.get(claim.job_id)
        if job is None or job.attempt != claim.attempt or job.state != "running":
            raise transitions.lease_lost(claim, job)
        return job

    def _renewed(self, job: Job, claim: Claim) -> Job:
        now = self._clock()
        return self._keep(replace(job, heartbeat_at=now, lease_until=now + claim.lease_seconds))

    def _keep(self, job: Job) -> Job:
        self._jobs[job.id] = job
        return job


def _kept(record: EpisodeRecord) -> Episode:
    metrics = record["metrics"]
    parsed = {"params": json.loads(record["params"]), "metrics": metrics and json.loads(metrics)}
    return Episode(**{**record, **parsed})
