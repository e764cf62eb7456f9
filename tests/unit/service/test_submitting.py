"""Jobs that come into the queue: each wakes a worker, and none of them twice."""

from collections.abc import Sequence

import pytest
from tests.fakes.training import spec

from trad.errors import JobNotFound, SubmissionReused, TransitionError
from trad.service.submitting import resume, submit
from trad.storage.opening import Storage, storage_in_memory
from trad.training.job import Job, Submission


class Told:
    """`Hints` that remember what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []

    def send(self, job_id: str, attempt: int) -> None:
        self.sent.append((job_id, attempt))

    def send_missing(self, jobs: Sequence[Job]) -> None:
        raise AssertionError

    def wait(self, seconds: float) -> None:
        raise AssertionError

    def close(self) -> None:
        raise AssertionError


@pytest.fixture
def storage() -> Storage:
    return storage_in_memory()


@pytest.fixture
def hints() -> Told:
    return Told()


def test_a_new_job_waits_and_is_hinted_at(storage: Storage, hints: Told) -> None:
    job = submit(storage, spec(), 3, None, hints)
    assert (job.state, job.priority) == ("queued", 3)
    assert hints.sent == [(job.id, 0)]


def test_the_same_submission_gives_the_same_job(storage: Storage, hints: Told) -> None:
    key = Submission(key="tonight", digest="d" * 64)
    job = submit(storage, spec(), 0, key, hints)
    assert submit(storage, spec(), 0, key, hints).id == job.id
    assert storage.ledger.claim("w", lease_seconds=60) is not None
    sent = len(hints.sent)
    assert submit(storage, spec(), 0, key, hints).state == "running"
    assert len(hints.sent) == sent, "it does not wait any more"
    with pytest.raises(SubmissionReused):
        submit(storage, spec(), 0, Submission(key="tonight", digest="e" * 64), hints)


def test_a_resumed_job_is_hinted_at_under_its_next_name(storage: Storage, hints: Told) -> None:
    job = storage.ledger.create(spec())
    claim = storage.ledger.claim("w", lease_seconds=60)
    assert claim is not None
    storage.ledger.finish(claim, "paused")
    assert resume(storage, job.id, hints).state == "queued"
    assert hints.sent == [(job.id, 1)]


def test_what_cannot_be_resumed_is_not(storage: Storage, hints: Told) -> None:
    job = storage.ledger.create(spec())
    storage.ledger.claim("w", lease_seconds=60)
    with pytest.raises(TransitionError):
        resume(storage, job.id, hints)
    with pytest.raises(JobNotFound):
        resume(storage, "zzzz", hints)
    assert hints.sent == []
