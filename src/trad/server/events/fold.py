"""Folds looks at the ledger into events: what changed, once, in its order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from trad.errors import JobNotFound
from trad.server.events import payloads
from trad.server.events.changes import (
    Line,
    Look,
    condition_lines,
    failure_lines,
    lines,
    removed_line,
)
from trad.server.events.hub import Event
from trad.service.conditions import condition
from trad.training.browsing import JobBrowser
from trad.training.job import Job
from trad.training.workers import RegisteredWorker

MOST_KNOWN = 1_000
"""Jobs that do not run, and are remembered to compare with."""

EPISODES_AT_ONCE = 200
MOST_BEHIND = 2_000
"""Episodes of one job: so many are told at one look; of a longer backlog none is."""

LINES_AT_ONCE = 5
JOBS_AT_ONCE = 100
"""Of conditions that come or go for many jobs at one moment, so many are told at one look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What a job's condition depends on besides the job; `now` is the ledger's time."""

    now: float
    workers: Sequence[RegisteredWorker] = ()
    ailment: str | None = None


@dataclass(slots=True)
class _Known:
    look: Look
    told: int
    """Episodes of which the clients know, by place."""


class EventFold:
    """Compares jobs with how they stood before, and turns what changed into events.

    For one thread. Each call leaves its events to be taken by `take`; one that raises has left a whole
    number of them, and may be made again. Memory is bounded by the running jobs and `MOST_KNOWN` others.

    Attributes:
        standing: The newest `job` document of each running job, by id.
    """

    def __init__(self, browser: JobBrowser) -> None:
        self._browser = browser
        self._known: dict[str, _Known] = {}  # the one seen last stands last
        self._removed: frozenset[str] = frozenset()
        self._events: list[Event] = []
        self.standing: dict[str, str] = {}

    def take(self) -> list[Event]:
        """Return the events since the last call."""
        events, self._events = self._events, []
        return events

    def prime(self, jobs: Iterable[Job], around: Around) -> None:
        """Learn how jobs stand, without a word: what became of them before is no news."""
        for job in jobs:
            look = _look(job, around)
            self._keep(_Known(look=look, told=job.recorded_episodes), payloads.job_document(look))

    def job(self, job: Job, around: Around, *, is_new: bool) -> None:
        """Tell what is new about a job.

        Args:
            is_new: Whether it was made since the last look, if it is not known.

        Raises:
            LedgerUnavailable: Its episodes cannot be read at the moment.
        """
        known = self._known.get(job.id)
        before = None if known is None else known.look
        if before is not None and job.progress < before.job.progress:
            job = replace(job, progress=before.job.progress)
        look = _look(job, around)
        if known is None:
            known = _Known(look=look, told=0 if is_new else job.recorded_episodes)
            if known.told:
                self._reset(job, "episodes of this job that ended a while ago were not told one by one")
        self._tell_episodes(known, job)
        known.look = look
        if look == before:
            return
        document = payloads.job_document(look)
        self._events.append(Event(kind="job", data=document))
        self._say(lines(before, look))
        self._keep(known, document)

    def backlog(self, seen: frozenset[str]) -> None:
        """Tell further episodes of jobs that are not among those `seen`, and have some left.

        Raises:
            LedgerUnavailable: They cannot be read at the moment.
        """
        for known in list(self._known.values()):
            job = known.look.job
            if job.id not in seen and known.told < job.recorded_episodes:
                self._tell_episodes(known, job)

    def reconsider(self, around: Around) -> None:
        """Tell conditions that came or went though no row changed; of very many jobs some, the rest later."""
        changed: list[tuple[Look, Look]] = []
        for known in list(self._known.values()):
            before = known.look
            if before.job.state in ("queued", "running") and len(changed) < JOBS_AT_ONCE:
                look = _look(before.job, around)
                if look != before:
                    changed.append((before, look))
                    known.look = look
                    document = payloads.job_document(look)
                    self._keep(known, document)
                    self._events.append(Event(kind="job", data=document))
        said = [line for before, look in changed for line in condition_lines(before, look)]
        self._say(said[:LINES_AT_ONCE])
        if len(said) > LINES_AT_ONCE:
            rest = len(said) - LINES_AT_ONCE
            self._say([Line(level=said[-1].level, message=f"the same is true of {rest} more jobs")])

    def removed(self, job_ids: Sequence[str]) -> None:
        """Tell that jobs were deleted."""
        for job_id in job_ids:
            if job_id not in self._removed:
                self._known.pop(job_id, None)
                self.standing.pop(job_id, None)
                self._events.append(Event(kind="job", data=payloads.removed_document(job_id)))
                self._say([removed_line(job_id)])
        self._removed = frozenset(job_ids)

    def forget(self, seen: frozenset[str]) -> None:
        """Drop the jobs not seen for longest, where there are too many; not those `seen` just now."""
        surplus = len(self._known) - MOST_KNOWN
        for job_id in list(self._known) if surplus > 0 else ():
            if surplus > 0 and job_id not in seen and self._known[job_id].look.job.state != "running":
                del self._known[job_id]
                surplus -= 1

    def say(self, line: Line) -> None:
        """Tell something about the service."""
        self._say([line])

    def _tell_episodes(self, known: _Known, job: Job) -> None:
        behind = job.recorded_episodes - known.told
        if behind > MOST_BEHIND:
            known.told = job.recorded_episodes
            self._reset(job, f"{behind} episodes ended at once and were not told one by one")
        elif behind > 0:
            try:
                ended = self._browser.ended(job.id, after=known.told, limit=EPISODES_AT_ONCE)
            except JobNotFound:
                return  # it was deleted in between: the next look says so
            self._events += [
                Event(kind="episode", data=payloads.episode_event_document(job.id, entry)) for entry in ended
            ]
            self._say(failure_lines(job, [entry.episode for entry in ended]))
            if ended:
                known.told = ended[-1].place

    def _reset(self, job: Job, reason: str) -> None:
        self._events.append(Event(kind="reset", data=payloads.reset_document(reason, job.id)))

    def _say(self, told: Iterable[Line]) -> None:
        self._events += [Event(kind="log", data=payloads.log_document(line)) for line in told]

    def _keep(self, known: _Known, document: str) -> None:
        job = known.look.job
        self._known.pop(job.id, None)
        self._known[job.id] = known
        if job.state == "running":
            self.standing[job.id] = document
        else:
            self.standing.pop(job.id, None)


def _look(job: Job, around: Around) -> Look:
    return Look(job=job, condition=condition(job, around.now, workers=around.workers, ailment=around.ailment))
