"""From the rows of a real database to clients of a real server."""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import sleep

import pytest
from tests.fakes.event_clients import EventClient, Received
from tests.fakes.event_servers import EventServer
from tests.fakes.training import spec
from tests.unit.storage.ledgers import episode, progress

from trad.errors import LedgerUnavailable
from trad.server.events.feed import EventFeed
from trad.server.events.hub import EventHub
from trad.server.outlook import Outlook
from trad.storage.opening import Storage, open_storage
from trad.training.job import Claim

LEASE = 60.0


@dataclass(frozen=True, kw_only=True)
class Service:
    """A database, and the stream of what happens in it."""

    storage: Storage
    server: EventServer
    hub: EventHub
    database: Path

    def listen(self, last_id: str = "") -> EventClient:
        return EventClient(self.server.port, last_id=last_id).open()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    database, hub = tmp_path / "trad.db", EventHub()
    with (
        open_storage(f"sqlite:///{database}") as storage,
        EventServer(hub) as server,
        EventFeed(storage.browser, Outlook(storage).surroundings, hub, interval=0.02),
    ):
        yield Service(storage=storage, server=server, hub=hub, database=database)


def claimed(storage: Storage, *, episodes: int) -> Claim:
    job = storage.ledger.create(spec(episodes=episodes))
    claim = storage.ledger.claim("host:1", lease_seconds=LEASE, job_id=job.id)
    assert claim is not None
    return claim


def run(storage: Storage, claim: Claim, *, pause: float = 0.002, seed: int = 0) -> None:
    """Do what a worker does to its job's row, from its claim to its end."""
    chance, planned = random.Random(seed), claim.spec.episodes
    done = 0
    while done < planned:
        sleep(pause)
        batch = range(done + 1, min(planned, done + chance.randint(1, 4)) + 1)
        percent = 100 * done / planned
        insist(partial(storage.ledger.save_progress, claim, progress(claim, percent=percent)))
        ended = [episode(number, score=float(number)) for number in batch]
        insist(partial(storage.ledger.record_episodes, claim, ended))
        done = batch[-1]
    insist(partial(storage.ledger.finish, claim, "completed", fingerprint="f" * 64))


def insist(write: Callable[[], object]) -> None:
    """Write though others write too: on a busy machine a lock may last longer than the ledger waits."""
    while True:
        try:
            write()
        except LedgerUnavailable:
            continue
        return


@contextmanager
def beside(*calls: Callable[[], None]) -> Iterator[None]:
    """Run something in threads while a block runs; their errors are the test's."""
    failures: list[BaseException] = []

    def guarded(call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as failure:  # noqa: BLE001 - handed on below
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    assert failures == []


def job_is(job_id: str, state: str) -> Callable[[Received], bool]:
    return lambda event: event.kind == "job" and event.data["id"] == job_id and event.data["state"] == state


def line_with(part: str) -> Callable[[Received], bool]:
    return lambda event: event.kind == "log" and part in event.data["message"]


def test_a_job_from_the_queue_to_its_end(service: Service) -> None:
    with service.listen() as client:
        claim = claimed(service.storage, episodes=60)
        with beside(lambda: run(service.storage, claim)):
            events = client.events(line_with("completed"))
    jobs = [event.data for event in events if event.kind == "job"]
    assert jobs[-1]["state"] == "completed"
    assert jobs[-1]["progress"] == 100
    percents = [job["progress"] for job in jobs]
    assert percents == sorted(percents)
    assert len(jobs) > 3
    places = [event.data["place"] for event in events if event.kind == "episode"]
    assert places == list(range(1, 61))
    said = [event.data["message"] for event in events if event.kind == "log" and _is_step(event)]
    assert said[0].startswith(("queued: 60 episodes", "claimed by host:1"))  # a look may see both at once
    assert said[-2:] == ["claimed by host:1 (attempt 1)", said[-1]]
    assert said[-1].startswith("completed: 60 episodes; the best score is 60")


def _is_step(event: Received) -> bool:
    """Whether a line tells of the job itself, not of who there is to run it."""
    return event.data["level"] == "info" and not event.data["message"].startswith("goes on")


@pytest.mark.slow
def test_two_hundred_reconnects_during_three_jobs(service: Service) -> None:
    """A client that comes and goes is told everything exactly once, whatever it was in the middle of."""
    chance, last_id, cuts = random.Random(5), "", 0
    places: dict[str, list[int]] = {}
    numbers: list[int] = []
    done: set[str] = set()
    with service.listen() as client:  # it has an id from here on
        while not client.parser.last_id:
            client.read_some()
        last_id = client.parser.last_id
    claims = [claimed(service.storage, episodes=200) for _ in range(3)]
    with beside(*[partial(run, service.storage, claim, seed=n) for n, claim in enumerate(claims)]):
        while len(done) < len(claims) or cuts < 200:
            if len(done) == len(claims):
                service.storage.ledger.create(spec())  # something to hear of still
            left = chance.randint(1, 12) if len(done) < len(claims) else 1
            with service.listen(last_id) as client:
                for event in client:
                    numbers.append(int(event.id.rpartition("-")[2]))
                    last_id = event.id
                    if event.kind == "episode":
                        places.setdefault(event.data["job_id"], []).append(event.data["place"])
                    elif event.kind == "job" and event.data["state"] == "completed":
                        done.add(event.data["id"])
                    assert event.kind != "reset"
                    left -= 1
                    if left <= 0 or len(done) == len(claims):
                        break
            cuts += 1
    assert cuts >= 200
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers)), "no gap, no duplicate"
    assert places == {claim.job_id: list(range(1, 201)) for claim in claims}


def test_a_client_that_comes_late_sees_what_runs(service: Service) -> None:
    claim = claimed(service.storage, episodes=10)
    service.storage.ledger.save_progress(claim, progress(claim, percent=12.5))
    with service.listen() as client:
        event = client.events(lambda e: e.kind == "job" and e.data["progress"] == 12.5)[-1]
        assert event.data["state"] == "running"
    with service.listen() as client:
        (event,) = client.events(lambda event: event.kind == "job")
        assert (event.data["id"], event.data["progress"], event.id) == (claim.job_id, 12.5, "")


def test_what_a_user_does_to_a_job_is_told(service: Service) -> None:
    ledger = service.storage.ledger
    with service.listen() as client:
        job = ledger.create(spec())
        client.events(line_with("queued"))
        ledger.request(job.id, "pause")
        client.events(line_with("paused"))
        ledger.requeue(job.id)
        client.events(line_with("queued again"))
        ledger.request(job.id, "cancel")
        client.events(line_with("cancelled"))
        ledger.delete(job.id)
        events = client.events(line_with("deleted"))
        assert job_is(job.id, "deleted")(events[-2])


def test_a_worker_that_falls_silent_is_told_of(service: Service) -> None:
    ledger = service.storage.ledger
    with service.listen() as client:
        job = ledger.create(spec())
        assert ledger.claim("host:1", lease_seconds=0.5, job_id=job.id) is not None
        client.events(job_is(job.id, "running"))
        events = client.events(lambda e: job_is(job.id, "running")(e) and e.data["condition"] is not None)
        assert "host:1" in events[-1].data["condition"]["cause"]
        assert ledger.claim("host:2", lease_seconds=LEASE, job_id=job.id) is not None
        events = client.events(line_with("taken over by host:2"))
        (job_event,) = [event for event in events if job_is(job.id, "running")(event)]
        assert job_event.data["condition"] is None


@pytest.mark.serial
def test_a_locked_database_is_told_of_and_so_is_its_end(service: Service) -> None:
    claim = claimed(service.storage, episodes=10)
    with service.listen() as client:
        client.events(job_is(claim.job_id, "running"))
        with sqlite3.connect(service.database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            told = client.events(lambda event: event.kind == "log" and event.data["job_id"] is None)[-1]
            assert told.data["level"] == "error"
            other.execute("ROLLBACK")
        other.close()
        client.events(line_with("can be written again"))


def test_episodes_of_a_large_batch_come_in_order_and_whole(service: Service) -> None:
    claim = claimed(service.storage, episodes=1_500)
    with service.listen() as client:
        client.events(job_is(claim.job_id, "running"))
        service.storage.ledger.record_episodes(claim, [episode(n) for n in range(1, 1_501)])
        service.storage.ledger.finish(claim, "completed")
        events = client.events(lambda event: event.kind == "episode" and event.data["place"] == 1_500)
    places = [event.data["place"] for event in events if event.kind == "episode"]
    assert places == list(range(1, 1_501))
