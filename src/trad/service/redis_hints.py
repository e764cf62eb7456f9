"""Hints over Redis, in a queue of RQ's: what stands in it is a name, never a program to run."""

import time
from collections.abc import Callable, Sequence
from threading import Lock

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from rq.utils import as_text

from trad.errors import InputError
from trad.training.job import Job
from trad.training.outage import Backoff

QUEUE = "trad"

_NOWHERE = "trad.hint"
"""What RQ is told to call: nothing has this name, so that whoever runs RQ's own worker runs nothing."""

_HINT_SECONDS = 600
"""A hint whose taker was killed is forgotten after this time, and may be sent again."""

_CONNECT_SECONDS, _ANSWER_SECONDS = 1.0, 5.0


def open_redis_hints(url: str) -> "RedisHints":
    """Make hints that go over the Redis at `url`; it need not be there yet.

    Raises:
        InputError: The URL is none.
    """
    try:
        # Tried again here, with pauses, not inside the client, where an interrupt would have to wait.
        client = Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    except ValueError as error:
        raise InputError(
            f"TRAD_REDIS_URL is no URL of a Redis: {error}; it looks like redis://host:6379/0"
        ) from None
    return RedisHints(client)


def hint_name(job_id: str, attempt: int) -> str:
    """Name the hint for a job that waits: there is one for each time that it does."""
    return f"train-{job_id}-{attempt}"


class RedisHints:
    """`Hints` that any machine hears which reaches the Redis; without it workers look for themselves.

    Whatever goes wrong with Redis is logged once, at its beginning and at its end, and raised never.

    Args:
        client: The connection to Redis.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)
        self._log = structlog.stdlib.get_logger("trad.hints")
        self._lock = Lock()
        self._backoff = Backoff()
        self._down = False
        self._try_at = 0.0

    def send(self, job_id: str, attempt: int) -> None:
        """Wake a worker for a queued job, unless a hint for the job and attempt is there already."""
        self._try(lambda: self._enqueue(hint_name(job_id, attempt)))

    def send_missing(self, jobs: Sequence[Job]) -> None:
        """Send a hint for each of these jobs that has none."""
        names = [hint_name(job.id, job.attempt) for job in jobs]

        def send() -> None:
            for name in self._missing(names):
                self._enqueue(name)

        if names:
            self._try(send)

    def wait(self, seconds: float) -> None:
        """Return when a hint comes, or after `seconds`; without Redis always after `seconds`."""
        until = time.monotonic() + seconds
        if not self._try(lambda: self._take(seconds)):
            time.sleep(max(0.0, until - time.monotonic()))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _enqueue(self, name: str) -> None:
        try:
            self._queue.enqueue_call(_NOWHERE, job_id=name, ttl=_HINT_SECONDS, result_ttl=0, unique=True)
        except DuplicateJobError:
            return  # it is there already, which is all that was wanted

    def _missing(self, names: Sequence[str]) -> list[str]:
        with self._client.pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.exists(RqJob.key_for(name))
            return [name for name, found in zip(names, pipeline.execute(), strict=True) if not found]

    def _take(self, seconds: float) -> None:
        """Take one hint out of the queue, and forget it: a job that still waits may be hinted at again."""
        taken = self._client.blpop([self._queue.key], timeout=seconds)
        if taken is not None:
            self._client.delete(RqJob.key_for(as_text(taken[1])))

    def _try(self, call: Callable[[], None]) -> bool:
        """Make a call to Redis; False where it does not answer, or did not a moment ago."""
        if self._down and time.monotonic() < self._try_at:
            return False
        try:
            call()
        except (RedisError, OSError) as error:
            self._failed(error)
            return False
        self._worked()
        return True

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._try_at = time.monotonic() + self._backoff.pause()
            if not self._down:
                self._down = True
                self._log.warning(f"Redis does not answer: {error}; workers look for jobs by themselves")

    def _worked(self) -> None:
        with self._lock:
            if self._down:
                self._down = False
                self._backoff.reset()
                self._log.warning("Redis answers again")
