"""The ledger in memory."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from time import time

from trad.progress import JobProgress
from trad.storage import ids, transitions
from trad.storage.kept import Kept
from trad.storage.records import EpisodeRecord, Tally, finite, first_told, snapshot
from trad.training.job import Claim, Episode, EpisodeState, Job, JobSpec, JobState, Request, Submission


class MemoryLedger:
    """A `JobLedger` that one process keeps to itself and forgets at its end.

    Args:
        clock: What time it is: seconds since 1970.

    Attributes:
        kept: What it holds.
    """

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self.kept = Kept(clock=clock)

    def create(self, spec: JobSpec, *, priority: int = 0, submission: Submission | None = None) -> Job:
        """Add a queued job under a new id, or return the one that `submission` created before."""
        with self.kept.lock:
            now = self.kept.clock()
            job = transitions.new_job(ids.new_job_id(now), spec, priority, now)
            if submission is not None:
                if earlier := self.kept.submitted(submission):
                    return earlier
                self.kept.submissions[submission.key] = submission, job.id
            self.kept.episodes[job.id] = {}
            return self._keep(job)

    def claim(self, worker: str, *, lease_seconds: float, job_id: str | None = None) -> Claim | None:
        """Take a job to run: `job_id`, or else the next that waits."""
        with self.kept.lock:
            now = self.kept.clock()
            if job_id is None:
                taken = self._next(worker, lease_seconds, now)
            else:
                taken = transitions.claimed(self._exact(job_id), worker, lease_seconds, now)
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
        with self.kept.lock:
            return self._renewed(self._held(claim), claim).request

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        """Write the job's progress columns and renew the lease."""
        with self.kept.lock:
            job = self._held(claim)
            percent = max(job.progress, min(finite(progress.percent) or 0.0, 100.0))
            return self._renewed(replace(job, progress=percent, **snapshot(progress)), claim).request

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        """Add ended episodes and bring counts and best score up to date."""
        told = first_told(episodes)
        with self.kept.lock:
            job = self._held(claim)
            known = self.kept.episodes[job.id]
            fresh = [episode for number, episode in told.items() if number not in known]
            if not fresh:
                return
            known.update((episode["number"], _kept(episode)) for episode in fresh)
            tally = Tally(
                recorded_episodes=job.recorded_episodes,
                completed_episodes=job.completed_episodes,
                failed_episodes=job.failed_episodes,
                best_score=job.best_score,
                best_episode=job.best_episode,
            )
            self._keep(
                replace(job, changed_at=self.kept.clock(), lost_attempts=0, **asdict(tally.plus(fresh)))
            )

    def finish(
        self, claim: Claim, state: JobState, *, fingerprint: str | None = None, error: str | None = None
    ) -> Job:
        """End this attempt; `completed` makes progress 100, `queued` hands the job back."""
        with self.kept.lock:
            job, now = self._held(claim), self.kept.clock()
            return self._keep(transitions.finished(job, state, now, fingerprint=fingerprint, error=error))

    def request(self, job_id: str, request: Request) -> Job:
        """Ask for a cancel or a pause."""
        with self.kept.lock:
            return self._keep(transitions.asked(self._exact(job_id), request, self.kept.clock()))

    def requeue(self, job_id: str) -> Job:
        """Put a paused, failed or cancelled job, or one whose worker was lost, back in the queue."""
        with self.kept.lock:
            return self._keep(transitions.requeued(self._exact(job_id), self.kept.clock()))

    def delete(self, job_id: str) -> None:
        """Remove the job and its episodes."""
        with self.kept.lock:
            transitions.check_deletable(self._exact(job_id), self.kept.clock())
            self.kept.remove(job_id)

    def job(self, job_id: str) -> Job:
        """Read one job, by its id or a unique beginning of it."""
        first, last = ids.span(job_id)
        with self.kept.lock:
            found = sorted(name for name in self.kept.jobs if first <= name <= last)
            if not found:
                raise ids.unknown(job_id)
            if len(found) > 1:
                raise ids.ambiguous(job_id, *found[:2])
            return self.kept.jobs[found[0]]

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, before: str | None = None
    ) -> list[Job]:
        """Read jobs, newest first."""
        wanted = frozenset(states)
        with self.kept.lock:
            names = list(self.kept.jobs)
            if before is not None:
                names = names[: names.index(self._exact(before).id)]
            newest = (self.kept.jobs[name] for name in reversed(names))
            chosen = [job for job in newest if not wanted or job.state in wanted]
            return chosen[: max(limit, 0)]

    def episodes(
        self, job_id: str, *, after: int = 0, limit: int | None = None, states: Iterable[EpisodeState] = ()
    ) -> list[Episode]:
        """Read a job's episodes with a number above `after`, in order of their numbers."""
        wanted = frozenset(states)
        with self.kept.lock:
            kept = self.kept.episodes[self._exact(job_id).id]
            numbers = sorted(number for number in kept if number > after)
            chosen = [kept[number] for number in numbers if not wanted or kept[number].state in wanted]
            return chosen if limit is None else chosen[: max(limit, 0)]

    def _next(self, worker: str, lease_seconds: float, now: float) -> Job | None:
        """Take the job that is next, settling on the way those that are not to be run after all."""
        for job in sorted(self.kept.jobs.values(), key=lambda job: -job.priority):
            if job.state != "queued" and (job.state != "running" or transitions.lease_runs(job, now)):
                continue
            taken = transitions.taken(job, worker, lease_seconds, now)
            if (instead := transitions.settled(taken, now)) is None:
                return taken
            self._keep(instead)
        return None

    def _exact(self, job_id: str) -> Job:
        if job_id not in self.kept.jobs:
            raise ids.unknown(job_id)
        return self.kept.jobs[job_id]

    def _held(self, claim: Claim) -> Job:
        job = self.kept.jobs.get(claim.job_id)
        if job is None or job.attempt != claim.attempt or job.state != "running":
            raise transitions.lease_lost(claim, job)
        return job

    def _renewed(self, job: Job, claim: Claim) -> Job:
        now = self.kept.clock()
        return self._keep(replace(job, heartbeat_at=now, lease_until=now + claim.lease_seconds))

    def _keep(self, job: Job) -> Job:
        self.kept.jobs[job.id] = job
        return job


def _kept(record: EpisodeRecord) -> Episode:
    metrics = record["metrics"]
    parsed = {"params": json.loads(record["params"]), "metrics": metrics and json.loads(metrics)}
    return Episode(**{**record, **parsed})
