"""What a ledger in memory holds, for those who share it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from time import time

from trad.storage import transitions
from trad.storage.records import REMEMBERED_SECONDS
from trad.training.job import Episode, Job, Submission


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Jobs and episodes in memory; whoever reads or writes holds `lock`.

    Attributes:
        clock: What time it is: seconds since 1970.
        jobs: By id, in the order of their creation.
        episodes: By job, then by number, in the order of their recording.
        removed: When each deleted job was removed.
        submissions: By key: the digest, and the job that it created.
    """

    clock: Callable[[], float] = time
    lock: RLock = field(default_factory=RLock)
    jobs: dict[str, Job] = field(default_factory=dict)
    episodes: dict[str, dict[int, Episode]] = field(default_factory=dict)
    removed: dict[str, float] = field(default_factory=dict)
    submissions: dict[str, tuple[Submission, str]] = field(default_factory=dict)

    def submitted(self, submission: Submission) -> Job | None:
        """Return the job that a submission created before.

        Raises:
            SubmissionReused: The key stands for a job that was asked for with another digest.
        """
        earlier, job_id = self.submissions.get(submission.key, (submission, ""))
        if earlier != submission:
            raise transitions.reused(submission, job_id)
        return self.jobs.get(job_id)

    def remove(self, job_id: str) -> None:
        """Remove a job and whatever belongs to it; remember for a while that it is gone."""
        now = self.clock()
        del self.jobs[job_id], self.episodes[job_id]
        for key in [key for key, (_, made) in self.submissions.items() if made == job_id]:
            del self.submissions[key]
        for gone in [gone for gone, at in self.removed.items() if at < now - REMEMBERED_SECONDS]:
            del self.removed[gone]
        self.removed[job_id] = now
