"""Episodes in the caller's own thread: no process to start, none to kill."""

from collections import deque
from collections.abc import Sequence

from trad.errors import InputError
from trad.strategies.strategy import Strategy
from trad.training.board import ProgressBoard
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec
from trad.training.evaluation import EpisodeSetup, evaluate

_NAME = "inline"
_AHEAD = 2


class InlineExecutor:
    """Runs one episode whenever `collect` is called.

    What takes the process down takes the job down, and nothing but a stop flag ends an episode: a
    strategy that hangs or aborts wants a process of its own.

    Args:
        strategy: The class itself, where it lives in no file that could be loaded.
    """

    workers = 1
    note: str | None = None

    def __init__(self, strategy: type[Strategy] | None = None) -> None:
        self.board = ProgressBoard(1)
        self._strategy = strategy
        self._setup: EpisodeSetup | None = None
        self._waiting: deque[EpisodeSpec] = deque()

    @property
    def room(self) -> int:
        """How many more episodes it takes: one waits while one runs."""
        return max(0, _AHEAD - len(self._waiting))

    def load(self, plan: EpisodePlan, *, timeout: float | None = None) -> None:
        """Map the candles and load the strategy.

        Raises:
            InputError: What the plan names is not there, or limits are asked that only a process keeps.
        """
        if timeout is not None or plan.memory is not None:
            remedy = (
                "use 1 worker or more"
                if self._strategy is None
                else f"move {self._strategy.__name__} into a file of its own, at its top level"
            )
            raise InputError(
                f"a limit of time or memory was given where episodes run in this process; limits need a "
                f"worker process to end: {remedy}"
            )
        self._setup = EpisodeSetup.load(plan, self._strategy)

    def submit(self, episodes: Sequence[EpisodeSpec]) -> None:
        """Put episodes in line."""
        self._waiting.extend(episodes)

    def collect(self, timeout: float) -> list[EpisodeOutcome]:  # noqa: ARG002 - it never waits
        """Run the next episode to its end."""
        if not self._waiting or self._setup is None:
            return []
        return [evaluate(self._waiting.popleft(), self._setup, self.board.slot(0), _NAME)]

    def worker_name(self, slot: int) -> str:  # noqa: ARG002 - there is one
        """Name the only worker."""
        return _NAME

    def stop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self.board.ask_stop()
