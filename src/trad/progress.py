"""The one narrow interface through which progress flows, from the candle up to whoever shows it.

Below the trainer it is a number in an array: `StageReporter.cell`. Above the trainer it is a
`JobProgress`, an immutable snapshot of all three levels, handed to every `ProgressSink`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from trad.errors import Stopped

Stage = Literal["signal_generation", "trade_simulation"]
STAGES: tuple[Stage, Stage] = ("signal_generation", "trade_simulation")

DONE, STOP = 0, 1
"""The places of a cell: candles done, and a flag that asks the stage to stop when it is not zero."""

MOST_REPORTS = 100
"""A callback hears of a stage, and `chunks` cuts it, at most this many times."""

_BRISK, _SLOW = 0.002, 0.02
"""Seconds: a step shorter than the first may grow, one longer than the second must shrink."""

Item = TypeVar("Item")


class StageReporter:
    """Says how many candles of one stage are done, and notices when it is asked to stop.

    The engine makes it and owns `total`; a strategy receives it as `progress`. Positions are absolute
    and never fall. Only one thread may report; any thread or process may read the cell.

    Args:
        total: Candles in the stage.
        cell: int64, shape (2,): candles done, stop flag. Compiled kernels store their position there.
        callback: Called as `callback(done, total)` in the reporting thread, at most 100 times, the
            last time with `done == total`.
    """

    def __init__(
        self,
        total: int,
        cell: NDArray[np.int64] | None = None,
        callback: Callable[[int, int], None] | None = None,
    ) -> None:
        self.total = total
        self.cell = np.zeros(2, np.int64) if cell is None else cell
        self.callback_error: BaseException | None = None
        self._callback = callback
        self._told = -1
        self._grain = -(-total // MOST_REPORTS)

    @property
    def done(self) -> int:
        """Candles done so far."""
        return int(self.cell[DONE])

    @property
    def watched(self) -> bool:
        """Whether a callback waits for each step, so that a compiled stage should run in chunks."""
        return self._callback is not None

    def update(self, done: int) -> None:
        """Report that `done` candles of the stage are behind us.

        A position beyond the stage counts as its end, one behind an earlier report as that report.

        Raises:
            Stopped: The stage was asked to stop.
        """
        if self.cell[STOP]:
            raise Stopped(f"stopped after {self.done:,} of {self.total:,} candles")
        position = min(max(int(done), self.done), self.total)
        self.cell[DONE] = position
        if self._callback is not None and position != self._told:
            due = position - max(self._told, 0) >= self._grain
            if position == self.total or due:
                self._told = position
                try:
                    self._callback(position, self.total)
                except BaseException as error:
                    self.callback_error = error
                    raise

    def finish(self) -> None:
        """Report the stage's end."""
        self.update(self.total)

    def track(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield each item and report the position reached: the loop of a strategy in plain Python.

        A `range` over candles reports the candle itself, so that `range(50, n)` starts at candle 50.
        Any other iterable with a length reports its own share of the stage.

        Raises:
            Stopped: The stage was asked to stop.
        """
        values = items if isinstance(items, (range, list, tuple)) else list(items)
        first, scale = self._positions(values)
        step, start, count = 1, 0, len(values)
        while start < count:
            stop = min(start + step, count)
            began = perf_counter()
            yield from values[start:stop]
            took = perf_counter() - began
            self.update(first + int(stop * scale))
            start = stop
            if took > _SLOW:
                step = max(1, step // 2)
            elif took < _BRISK:
                step = min(step * 2, max(1, self._grain))

    def _positions(self, values: range | list[Item] | tuple[Item, ...]) -> tuple[int, float]:
        if isinstance(values, range) and values.step == 1 and 0 <= values.start <= values.stop <= self.total:
            return values.start, 1.0
        return 0, self.total / len(values) if len(values) else 1.0

    def chunks(self, n: int) -> Iterator[tuple[int, int]]:
        """Yield `(start, stop)` pairs that cut `range(n)`, reporting each as it is left behind.

        Made for compiled kernels: pieces are small at first and grow while one takes less than a few
        milliseconds, so that a fast kernel is called a handful of times and a slow one up to 100 times.

        Raises:
            Stopped: The stage was asked to stop.
        """
        smallest = -(-n // MOST_REPORTS)
        size, start = smallest, 0
        while start < n:
            stop = min(start + size, n)
            began = perf_counter()
            yield start, stop
            took = perf_counter() - began
            self.update(stop if n == self.total else stop * self.total // n)
            start = stop
            if took < _BRISK:
                size *= 2
            elif took > _SLOW:
                size = max(smallest, size // 2)


class BacktestProgress(Protocol):
    """What a backtest reports to: told of each stage, it hands out that stage's reporter."""

    def start_stage(self, stage: Stage, total: int) -> StageReporter:
        """Begin a stage of `total` candles. Called once for each stage, in the order of `STAGES`."""
        ...


class Unwatched:
    """A `BacktestProgress` that nobody looks at."""

    def start_stage(self, stage: Stage, total: int) -> StageReporter:  # noqa: ARG002 - the contract's
        """Begin a stage whose reports go nowhere."""
        return StageReporter(total)


class CallbackProgress:
    """A `BacktestProgress` that calls `callback(current, total, stage)` in the caller's thread."""

    def __init__(self, callback: Callable[[int, int, str], None]) -> None:
        self._callback = callback

    def start_stage(self, stage: Stage, total: int) -> StageReporter:
        """Begin a stage that calls back at most 100 times, the last time with `current == total`."""
        return StageReporter(total, callback=lambda done, whole: self._callback(done, whole, stage))


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningEpisode:
    """One episode under way, as last seen.

    `fraction` (0 to 1) spans both stages; `candles_processed` counts within the present one.
    `idle_seconds` is how long its position has not moved.
    """

    number: int
    worker: str
    stage: Stage
    candles_processed: int
    total_candles: int
    fraction: float
    age_seconds: float
    idle_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class JobProgress:
    """One moment of a job at all three levels: an absolute snapshot, safe to merge or to drop.

    `percent` (0 to 100) never falls from one snapshot to the next, and is 100 only in the last one of
    a completed job. `running` stands in the order of episode numbers. `candles_per_second` counts a
    candle once both stages are through with it. Times are in seconds.
    """

    job_id: str
    state: str
    percent: float
    planned: int
    finished: int
    failed: int
    running: tuple[RunningEpisode, ...]
    total_candles: int
    best_score: float | None
    best_number: int | None
    candles_per_second: float | None
    eta_seconds: float | None
    elapsed_seconds: float
    taken_at: float
    note: str | None = None

    @property
    def oldest(self) -> RunningEpisode | None:
        """The running episode with the lowest number, which the one-line views show."""
        return self.running[0] if self.running else None


class ProgressSink(Protocol):
    """Somewhere a job's progress is shown: a terminal, a log, the ledger, a user's function.

    `show` is called from one thread, about ten times a second; a sink throttles itself by time, but
    must not skip a snapshot that is `final` or whose state differs from the last one's. It must not
    raise for want of an audience (a closed terminal); other errors end the job.
    """

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Take one snapshot; `final` marks the last one of this run."""
        ...
