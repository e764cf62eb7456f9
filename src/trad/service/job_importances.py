"""How much the parameters of a job had to do with its best scores, from what is recorded of it."""

from dataclasses import dataclass

from trad.service.inspector import Inspector, ScoredParams
from trad.training.job import Job
from trad.training.ledger import JobLedger

FEWEST = 10
"""The best tenth of fewer episodes is one or two: that says nothing."""

MOST = 5_000
_STRETCHES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class JobImportances:
    """Shares by parameter, the largest first; None with the reason why there are none.

    Attributes:
        episodes: How many they were worked out from.
    """

    episodes: int
    shares: dict[str, float] | None
    reason: str | None


def job_importances(ledger: JobLedger, inspector: Inspector, job: Job) -> JobImportances:
    """Work out a job's importances; of a job with more than 5,000 episodes, from 5,000 all over it.

    Raises:
        InspectionFailed: The inspector does not answer.
    """
    searched = [entry for entry in job.spec.space.values() if isinstance(entry, dict) and "type" in entry]
    if not searched:
        return JobImportances(episodes=0, shares=None, reason="the job searches no parameter: all are fixed")
    scored = _scored(ledger, job)
    if len(scored) < FEWEST:
        return JobImportances(
            episodes=len(scored),
            shares=None,
            reason=f"{len(scored)} episodes have a score; importances take at least {FEWEST}",
        )
    return JobImportances(episodes=len(scored), shares=inspector.importances(job.spec, scored), reason=None)


def _scored(ledger: JobLedger, job: Job) -> list[ScoredParams]:
    """Read the completed episodes; of many, the first ones in each tenth of the job."""
    spans = 1 if job.completed_episodes <= MOST else _STRETCHES
    found: dict[int, ScoredParams] = {}
    for span in range(spans):
        after = job.total_episodes * span // spans
        episodes = ledger.episodes(job.id, after=after, limit=MOST // spans, states=("completed",))
        found.update(
            (episode.number, ScoredParams(params=episode.params, score=episode.score))
            for episode in episodes
            if episode.score is not None
        )
    return list(found.values())
