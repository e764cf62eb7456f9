"""Hints: they wake whoever waits, come once for each time that a job waits, and are missed by nobody."""

import importlib
import json
import time
import zlib
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import structlog
from tests.fakes.processes import eventually
from tests.fakes.redis import RedisServer
from tests.fakes.training import spec

from trad.errors import InputError
from trad.service.hints import NoHints, open_hints
from trad.service.reconciler import Reconciler
from trad.settings import Settings
from trad.storage.opening import Storage, storage_in_memory

if TYPE_CHECKING:
    from trad.service.redis_hints import RedisHints

rq = pytest.importorskip("rq")

GENEROUS = 30.0


def hints_at(url: str) -> "RedisHints":
    from trad.service.redis_hints import open_redis_hints

    return open_redis_hints(url)


@pytest.fixture
def storage() -> Storage:
    return storage_in_memory()


def waited(hints: "RedisHints | NoHints", seconds: float) -> float:
    began = time.monotonic()
    hints.wait(seconds)
    return time.monotonic() - began


class TestWithout:
    def test_no_url_means_no_hints(self) -> None:
        assert isinstance(open_hints(Settings()), NoHints)

    def test_waiting_takes_its_time(self, storage: Storage) -> None:
        hints = NoHints()
        hints.send("job1", 0)
        hints.send_missing([storage.ledger.create(spec())])
        assert waited(hints, 0.05) >= 0.05
        hints.close()

    def test_a_url_that_is_none_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"TRAD_REDIS_URL is no URL of a Redis.*redis://host:6379/0"):
            open_hints(Settings(redis_url="http://host"))


class TestRedis:
    def test_a_hint_ends_the_waiting_of_another(self, redis_url: str) -> None:
        sender, taker = hints_at(redis_url), hints_at(redis_url)
        took: list[float] = []
        thread = Thread(target=lambda: took.append(waited(taker, GENEROUS)))
        thread.start()
        sender.send("job1", 0)
        thread.join(GENEROUS)
        assert took[0] < GENEROUS / 2
        assert waited(taker, 0.1) >= 0.1, "one hint wakes one worker, once"

    def test_one_that_is_there_is_not_sent_again(self, redis_url: str) -> None:
        hints = hints_at(redis_url)
        for _ in range(3):
            hints.send("job1", 0)
        hints.send("job1", 1)
        assert waited(hints, GENEROUS) < GENEROUS / 2
        assert waited(hints, GENEROUS) < GENEROUS / 2
        assert waited(hints, 0.1) >= 0.1

    def test_one_that_was_taken_may_come_again(self, redis_url: str) -> None:
        hints = hints_at(redis_url)
        for _ in range(2):
            hints.send("job1", 0)
            assert waited(hints, GENEROUS) < GENEROUS / 2

    def test_what_lies_in_redis_is_json_and_leads_nowhere(self, redis_url: str, redis: RedisServer) -> None:
        from redis import Redis

        hints_at(redis_url).send("job1", 3)
        with Redis.from_url(redis_url) as client:
            data = client.hget("rq:job:train-job1-3", "data")
            assert isinstance(data, bytes)
            function, *rest = json.loads(zlib.decompress(data))
            assert client.lrange("rq:queue:trad", 0, -1) == [b"train-job1-3"]
        with pytest.raises(ImportError):
            importlib.import_module(function)
        assert rest == [None, [], {}]

    def test_a_killed_redis_is_no_error_and_told_once(self, redis_url: str, redis: RedisServer) -> None:
        hints = hints_at(redis_url)
        hints.send("job1", 0)
        redis.kill()
        with structlog.testing.capture_logs() as lines:
            for _ in range(3):
                hints.send("job2", 0)
                assert waited(hints, 0.05) >= 0.05
            assert [line["event"].partition(":")[0] for line in lines] == ["Redis does not answer"]
            redis.start()

            def back() -> bool:
                hints.send("job3", 0)
                return waited(hints, 0.05) < 0.05

            eventually(back, "hints to come through again")
            assert [line["event"] for line in lines][1:] == ["Redis answers again"]

    def test_redis_that_was_never_there_is_no_error(self) -> None:
        hints = hints_at("unix:///tmp/trad-no-such-socket?db=0")
        hints.send("job1", 0)
        assert waited(hints, 0.05) >= 0.05
        hints.close()


class TestReconciler:
    def test_every_queued_job_without_a_hint_gets_one(
        self, storage: Storage, redis_url: str, redis: RedisServer
    ) -> None:
        hints = hints_at(redis_url)
        queued = [storage.ledger.create(spec()) for _ in range(3)]
        paused = storage.ledger.create(spec())
        storage.ledger.request(paused.id, "pause")
        hints.send(queued[0].id, 0)
        reconciler = Reconciler(storage.browser, hints)
        for _ in range(2):
            reconciler.reconcile()
        for _ in queued:
            assert waited(hints, GENEROUS) < GENEROUS / 2
        assert waited(hints, 0.1) >= 0.1

    def test_a_wiped_redis_gets_them_all_again_by_itself(
        self, storage: Storage, redis_url: str, redis: RedisServer
    ) -> None:
        hints = hints_at(redis_url)
        job = storage.ledger.create(spec())
        hints.send(job.id, job.attempt)
        redis.wipe()
        with Reconciler(storage.browser, hints, every=0.01):
            assert waited(hints, GENEROUS) < GENEROUS / 2
