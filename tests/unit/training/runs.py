"""Runs of a trainer over stand-ins, and what is asked of them."""

import time
from collections.abc import Callable, Sequence

from tests.fakes.training import (
    FakeExecutor,
    HashingOptimizer,
    RecordingLedger,
    claimed,
    plan,
    spec,
)

from trad.optimizers.optimizer import Optimizer
from trad.progress import ProgressSink
from trad.training.episode import EpisodeSpec
from trad.training.job import Claim, Job
from trad.training.ledger import JobLedger
from trad.training.trainer import Trainer

EPISODES = 20


def train(
    ledger: JobLedger,
    claim: Claim,
    executor: FakeExecutor,
    optimizer: Optimizer | None = None,
    sinks: Sequence[ProgressSink] = (),
) -> Job:
    trainer = Trainer(
        ledger=ledger,
        claim=claim,
        executor=executor,
        optimizer=optimizer or HashingOptimizer(),
        plan=plan(),
        sinks=sinks,
        interval=0.05,
    )
    return trainer.run()


def trained(executor: FakeExecutor, optimizer: Optimizer | None = None) -> tuple[RecordingLedger, Job]:
    ledger = RecordingLedger()
    return ledger, train(ledger, claimed(ledger, spec(episodes=EPISODES)), executor, optimizer)


def reference() -> Job:
    return trained(FakeExecutor(most=1))[1]


def picks(numbers: list[int]) -> Callable[[Sequence[EpisodeSpec]], int]:
    """Let episodes end in the order of these numbers, over and over."""
    left = iter(numbers * 100)
    return lambda held: next(left)


def resumed(ledger: JobLedger, job_id: str) -> Claim:
    claim = ledger.claim("w2", lease_seconds=60, job_id=job_id)
    assert claim is not None
    return claim


def numbers(ledger: JobLedger, job_id: str) -> list[int]:
    return [episode.number for episode in ledger.episodes(job_id)]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "what the test waits for did not happen in 30 seconds"
        time.sleep(0.002)
