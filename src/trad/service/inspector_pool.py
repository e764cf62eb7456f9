"""The inspector of the server: questions go to processes that may be killed without harm."""

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from time import monotonic
from typing import Any

import structlog

from trad.errors import InspectionFailed, TradError
from trad.executors.messages import Message
from trad.market.gaps import Gaps
from trad.service import inspector_messages as messages
from trad.service.inspector import (
    DatasetListing,
    RecomputedBacktest,
    ScoredParams,
    StrategyListing,
)
from trad.service.inspector_process import InspectorProcess
from trad.service.planning import TrainRequest
from trad.service.run_keys import run_key
from trad.service.windows import BacktestWindow, CandleWindow, TradePage, Window
from trad.settings import Settings
from trad.strategies.parameters import Params
from trad.training.job import JobSpec

MOST_PROCESSES = 2
MOST_WAITING = 8
"""Questions under way or in line; each holds one of the server's threads."""

ANSWER_SECONDS = 30.0
LISTING_SECONDS = 10.0
START_SECONDS = 180.0
"""A machine that has never run Trad compiles its kernels first."""

_MOST_ANSWERS = 1_000
"""After so many answers a process makes room for a fresh one: every file it loaded stays in its memory."""

_TURNS = 64
"""What is asked about is spread over so many lines: two that share one wait for each other now and then."""

logger = structlog.stdlib.get_logger("trad.service")


class ProcessInspector:
    """An `Inspector` that asks a warm process, and a second one while the first is busy.

    A process that dies, or does not answer in time, is replaced at the next question.

    Args:
        settings: Where strategies and data live.
        answer_seconds: How long a question may take.
        listing_seconds: How long one file may take to be listed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        listing_seconds: float = LISTING_SECONDS,
    ) -> None:
        self._settings = settings
        self._answer_seconds = answer_seconds
        self._listing_seconds = listing_seconds
        # Its threads live until `stop`, and with them the processes that they start.
        self._threads = ThreadPoolExecutor(MOST_PROCESSES, thread_name_prefix="inspector")
        self._turns = [Lock() for _ in range(_TURNS)]
        self._lock = Lock()  # guards what follows
        self._idle: list[InspectorProcess] = []
        self._all: set[InspectorProcess] = set()
        self._waiting = 0
        self._in_line = 0
        self._stopped = False

    def start(self) -> None:
        """Start the first process in the background."""
        self._threads.submit(self._warm_up)

    def stop(self) -> None:
        """Kill the processes; questions under way fail."""
        with self._lock:
            self._stopped = True
            for process in self._all:
                process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            left, self._all = self._all, set()
            self._idle.clear()
        for process in left:
            process.close()

    def known_strategies(self) -> list[StrategyListing]:
        """List the built-in and the installed strategies."""
        return messages.read_strategies(self._ask({"ask": "known_strategies"}, self._answer_seconds))

    def strategies_in(self, name: str) -> list[StrategyListing]:
        """List the strategies of one file of the strategies folder."""
        question = {"ask": "strategies_in", "name": name}
        return messages.read_strategies(self._ask(question, self._listing_seconds))

    def dataset(self, name: str) -> DatasetListing:
        """Describe a sample, or a dataset of the library."""
        return messages.read_dataset(self._ask({"ask": "dataset", "name": name}, self._listing_seconds))

    def candles(self, name: str, window: Window) -> CandleWindow:
        """Show a window of the candles of a sample, or of a dataset of the library."""
        question = messages.candles_question(name, window)
        return messages.read_candle_window(self._ask_about(f"data {name}", question))

    def gaps(self, name: str) -> Gaps:
        """Find where candles of a sample or of a dataset of the library are missing."""
        question = {"ask": "gaps", "name": name}
        return messages.read_gaps(self._ask_about(f"data {name}", question))

    def plan(self, request: TrainRequest) -> JobSpec:
        """Check a request that goes by names alone, and make its spec."""
        return JobSpec.from_json(self._ask(messages.plan_question(request), self._answer_seconds))

    def backtest(self, spec: JobSpec, params: Params, points: int) -> RecomputedBacktest:
        """Run a configuration of a job again."""
        question = messages.backtest_question(spec, params, points)
        return messages.read_backtest(self._ask_about(run_key(spec, params), question))

    def backtest_window(self, spec: JobSpec, params: Params, window: Window) -> BacktestWindow:
        """Show what a configuration of a job did in a window."""
        question = messages.window_question(spec, params, window)
        return messages.read_backtest_window(self._ask_about(run_key(spec, params), question))

    def backtest_trades(self, spec: JobSpec, params: Params, start: int, limit: int) -> TradePage:
        """List at most `limit` trades from the `start`-th on, from 0."""
        question = messages.trades_question(spec, params, start, limit)
        return messages.read_trades(self._ask_about(run_key(spec, params), question))

    def importances(self, spec: JobSpec, episodes: Sequence[ScoredParams]) -> dict[str, float]:
        """Say how much each searched parameter had to do with the best scores."""
        found: dict[str, float] = self._ask(
            messages.importances_question(spec, episodes), self._answer_seconds
        )
        return found

    def _ask_about(self, about: str, question: Message) -> Any:
        """Ask about something that a process keeps at hand, after those that ask about the same.

        Side by side they would have both processes work it out.
        """
        turn = self._turns[hash(about) % len(self._turns)]
        with self._lock:
            if self._in_line >= MOST_WAITING:
                raise _too_many(self._in_line)
            self._in_line += 1
        try:
            if not turn.acquire(timeout=self._answer_seconds):
                raise _too_late()
            try:
                return self._ask(question, self._answer_seconds, about)
            finally:
                turn.release()
        finally:
            with self._lock:
                self._in_line -= 1

    def _ask(self, question: Message, seconds: float, about: str = "") -> Any:
        with self._lock:
            if self._stopped:
                raise _stopping()
            if self._waiting >= MOST_WAITING:
                raise _too_many(self._waiting)
            asked = self._threads.submit(
                self._put, question, seconds, monotonic() + self._answer_seconds, about
            )
            self._waiting += 1
        asked.add_done_callback(self._done)
        try:
            # The process's own time is up first, unless the question stood in line.
            return asked.result(self._answer_seconds + 1)
        except CancelledError:
            raise _stopping() from None
        except NotYet:
            asked.cancel()
            raise InspectionFailed(
                f"the process that reads strategies was not ready within {self._answer_seconds:g} s; a "
                f"machine that runs Trad for the first time compiles its kernels; ask again in a moment"
            ) from None

    def _done(self, asked: Future[Any]) -> None:  # noqa: ARG002 - a callback's shape
        with self._lock:
            self._waiting -= 1

    def _warm_up(self) -> None:
        try:
            process = self._take()
        except InspectionFailed as error:
            logger.warning("inspector failed to start", cause=str(error))
        else:
            self._put_back(process)

    def _put(self, question: Message, seconds: float, until: float, about: str) -> Any:
        """Ask a process, in one of the threads that processes belong to."""
        process = self._take(about)
        left = until - monotonic()
        if left <= 0:  # whoever asked has gone
            self._put_back(process)
            raise _too_late()
        try:
            answer = process.ask(question, min(seconds, left), about)
        except InspectionFailed as error:
            logger.warning("inspector gave no answer", question=question["ask"], cause=str(error))
            self._replace(process)
            raise
        except TradError:
            self._put_back(process)
            raise
        self._put_back(process)
        return answer

    def _take(self, about: str = "") -> InspectorProcess:
        """Take an idle process that is alive, or start one, and wait until it is ready."""
        with self._lock:
            # The one that has at hand what is asked about, or else the one that was used last.
            self._idle.sort(key=lambda idle: idle.knows(about))
            process = self._idle.pop() if self._idle else None
        if process is not None and not process.alive:
            self._replace(process)
            process = None
        if process is None:
            process = InspectorProcess(self._settings)
            with self._lock:
                self._all.add(process)
                if self._stopped:
                    process.kill()
        try:
            process.get_ready(START_SECONDS)
        except InspectionFailed:
            self._replace(process)
            raise
        return process

    def _put_back(self, process: InspectorProcess) -> None:
        if process.answered >= _MOST_ANSWERS:
            self._replace(process)
            return
        with self._lock:
            self._idle.append(process)

    def _replace(self, process: InspectorProcess) -> None:
        """Give a process up; the next question starts another."""
        with self._lock:
            self._all.discard(process)
        process.close()


def _too_many(waiting: int) -> InspectionFailed:
    return InspectionFailed(
        f"{waiting} questions about strategies or candles are under way, the most there may be; ask again in "
        f"a moment"
    )


def _too_late() -> InspectionFailed:
    return InspectionFailed("the question stood in line for too long; ask again in a moment")


def _stopping() -> InspectionFailed:
    return InspectionFailed("the server is about to stop; ask again when it runs")
