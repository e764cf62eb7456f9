"""The contract of the ledger: the one authority over jobs and their episodes."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from trad.progress import JobProgress
from trad.training.job import Claim, Episode, EpisodeState, Job, JobSpec, JobState, Request, Submission

MOST_LOST_ATTEMPTS = 25
"""So often a job is taken over from a lost worker before it is held to be the cause."""


class JobLedger(Protocol):
    """Keeps jobs and episodes; hands each job to one worker at a time.

    Every method is one transaction: it happens whole or not at all, and what it returned is durable.
    All methods may be called from any thread, and several processes may share one database. Time is the
    ledger's own (the database's clock), never the caller's. A method that takes a `Claim` raises
    `LeaseLost`, having written nothing, when the claim's attempt is no longer the job's latest, or the
    job is no longer `running`. An unknown id raises `JobNotFound`. Any method raises `LedgerUnavailable`,
    having written nothing, while the database is locked, full or gone.
    """

    def create(self, spec: JobSpec, *, priority: int = 0, submission: Submission | None = None) -> Job:
        """Add a queued job under a new id, or return the one that `submission` created before.

        Raises:
            SubmissionReused: The key stands for a job that was asked for with another digest.
        """
        ...

    def claim(self, worker: str, *, lease_seconds: float, job_id: str | None = None) -> Claim | None:
        """Take a job to run: `job_id`, or else the queued one of highest priority, then the oldest.

        A `running` job whose lease has ended may be claimed too, as may, by its id alone, a `paused`,
        `failed` or `cancelled` one: its episodes stay, its request, error and end are cleared. The
        attempt grows by one. Returns None when no job waits, or `job_id` is completed. A job whose
        workers were lost `MOST_LOST_ATTEMPTS` times in a row, with nothing recorded in between, is
        paused with that cause instead of taking one worker after the other along.

        Raises:
            JobBusy: `job_id` is running under a lease that has not ended; the message says whose and
                how long.
        """
        ...

    def heartbeat(self, claim: Claim) -> Request | None:
        """Renew the lease; return what the user asks of the job, if anything."""
        ...

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        """Write the job's progress columns and renew the lease, as `heartbeat` does.

        `progress` (percent) never falls: a smaller one is kept out. The candle columns show
        `progress.oldest`.
        """
        ...

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        """Add ended episodes and bring counts and best score up to date.

        An episode whose number is recorded already stays as it was: told twice, counted once.
        """
        ...

    def finish(
        self, claim: Claim, state: JobState, *, fingerprint: str | None = None, error: str | None = None
    ) -> Job:
        """End this attempt: `completed` (progress becomes 100), `failed`, `cancelled` or `paused`.

        `queued` hands the job back, for another worker to go on with; what its user asked of it meanwhile
        is done instead.
        """
        ...

    def request(self, job_id: str, request: Request) -> Job:
        """Ask for a cancel or a pause.

        A queued or paused job, or a running one whose lease has ended, is changed at once; a running
        one when its worker hears of it. A cancel overrides a pause.

        Raises:
            TransitionError: The job has ended.
        """
        ...

    def requeue(self, job_id: str) -> Job:
        """Put a paused, failed or cancelled job, or a running one whose lease has ended, back in the queue.

        Raises:
            TransitionError: The job is completed, or runs under a lease. A queued one stays queued.
        """
        ...

    def delete(self, job_id: str) -> None:
        """Remove the job and its episodes.

        Raises:
            TransitionError: It is running under a lease that has not ended.
        """
        ...

    def job(self, job_id: str) -> Job:
        """Read one job. A unique beginning of an id, four characters or more, will do."""
        ...

    def jobs(
        self, *, states: Iterable[JobState] = (), limit: int = 100, before: str | None = None
    ) -> list[Job]:
        """Read jobs, newest first; all states when none is named; `before` an id, for the next page."""
        ...

    def episodes(
        self, job_id: str, *, after: int = 0, limit: int | None = None, states: Iterable[EpisodeState] = ()
    ) -> list[Episode]:
        """Read a job's episodes with a number above `after`, in order of their numbers."""
        ...
