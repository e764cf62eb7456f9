"""The contract of an executor: it runs episodes, somewhere, and brings back how each one ended."""

from collections.abc import Sequence
from typing import Protocol

from trad.training.board import ProgressBoard
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec


class Executor(Protocol):
    """Runs episodes of one job at a time.

    Used from one thread, except `board` and `note`, which any thread may read. Every episode submitted
    comes back exactly once from `collect`, in any order, unless `stop` came first. An episode that takes
    its process with it comes back as `died`; it takes no other episode with it.
    """

    board: ProgressBoard

    @property
    def workers(self) -> int:
        """How many episodes run at the same time."""
        ...

    @property
    def room(self) -> int:
        """How many more episodes it can take now without idling later: what travels in one batch."""
        ...

    @property
    def note(self) -> str | None:
        """What it is busy with when no episode runs, such as compiling; None when there is nothing to say."""
        ...

    def load(self, plan: EpisodePlan, *, timeout: float | None = None) -> None:
        """Make ready to run the plan's episodes.

        Args:
            plan: What all episodes have in common.
            timeout: Seconds after which an episode is given up as failed.

        Raises:
            InputError: The plan names data or a strategy that cannot be loaded.
            ExecutorError: No worker starts.
        """
        ...

    def submit(self, episodes: Sequence[EpisodeSpec]) -> None:
        """Take episodes to run, in this order of preference."""
        ...

    def collect(self, timeout: float) -> list[EpisodeOutcome]:
        """Return what ended, waiting up to `timeout` seconds for the first.

        Raises:
            InputError: As `load`, where an executor learns of it only now.
            ExecutorError: Workers start no more.
        """
        ...

    def worker_name(self, slot: int) -> str:
        """Name the worker that writes to a row of the board."""
        ...

    def stop(self) -> None:
        """Stop everything within a second and leave no process behind. May be called again."""
        ...
