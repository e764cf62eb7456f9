"""Hints: they wake a worker, and say nothing that the table of jobs does not say."""

import time
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

from trad.errors import InputError
from trad.settings import Settings
from trad.training.job import Job


class Hints(Protocol):
    """Tells idle workers, on any machine, that a job waits.

    A hint that is lost, late or told twice changes nothing but when a worker looks: the table of jobs is
    the only authority. No method raises for want of whatever carries the hints. Callable from any thread.
    """

    def send(self, job_id: str, attempt: int) -> None:
        """Wake a worker for a queued job; a hint for the same job and attempt that is there already stays."""
        ...

    def send_missing(self, jobs: Sequence[Job]) -> None:
        """Send a hint for each of these jobs that has none."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when a hint comes, or after `seconds`."""
        ...

    def close(self) -> None:
        """Let go of what carries the hints."""
        ...


class NoHints:
    """Carries no hints: workers look for themselves."""

    def send(self, job_id: str, attempt: int) -> None:
        """Do nothing."""

    def send_missing(self, jobs: Sequence[Job]) -> None:
        """Do nothing."""

    def wait(self, seconds: float) -> None:
        """Wait for `seconds`."""
        time.sleep(seconds)

    def close(self) -> None:
        """Do nothing."""


def open_hints(settings: Settings) -> Hints:
    """Return what carries hints: Redis where `TRAD_REDIS_URL` names one.

    Raises:
        InputError: The URL is none, or the library for it is not installed.
    """
    if settings.redis_url is None:
        return NoHints()
    if find_spec("rq") is None:
        raise InputError("TRAD_REDIS_URL needs the library RQ; install it with `pip install 'trad[redis]'`")
    # The library comes with an extra, and takes a second to load.
    from trad.service.redis_hints import open_redis_hints

    return open_redis_hints(settings.redis_url)
