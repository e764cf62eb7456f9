"""The program of one worker process: `python -m ... LINK LIFELINE BOARD SLOT SLOTS`.

Its first arguments are descriptors inherited from the process that started it. It ends when that process is
gone, however it went: the lifeline, a pipe whose other end nobody else holds, then reads as ended.
"""

import signal

# First of all: Ctrl-C goes to the whole process group, and it is the trainer that answers it.
signal.signal(signal.SIGINT, signal.SIG_IGN)

import contextlib  # noqa: E402
import fcntl  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from multiprocessing.connection import Connection  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

from trad.backtest.costs import Costs  # noqa: E402
from trad.backtest.engine import run_stages  # noqa: E402
from trad.errors import InputError, StrategyError  # noqa: E402
from trad.executors import messages  # noqa: E402
from trad.executors.limits import die_with_parent, keep_freed_memory, limit_memory  # noqa: E402
from trad.kernels import CACHE_FOLDER  # noqa: E402
from trad.market.candles import Candles  # noqa: E402
from trad.progress import StageReporter, Unwatched  # noqa: E402
from trad.strategies.signals import Signals  # noqa: E402
from trad.strategies.strategy import Strategy  # noqa: E402
from trad.training.board import BoardSlot, ProgressBoard  # noqa: E402
from trad.training.episode import EpisodeOutcome, EpisodeSpec  # noqa: E402
from trad.training.evaluation import EpisodeSetup, evaluate  # noqa: E402

FLUSH_SECONDS = 0.02
"""Outcomes of short episodes travel together; none waits longer than this."""

_WARM_CANDLES = 256


def main(arguments: list[str]) -> None:
    """Run the worker until the trainer's process hangs up."""
    link_fd, lifeline, board_fd, slot, slots = map(int, arguments)
    die_with_parent()
    keep_freed_memory()
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    link: Connection[Any, Any] = Connection(link_fd)
    row = ProgressBoard(slots, board_fd).slot(slot)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        Worker(link, row, f"worker {slot + 1}").serve()


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


class Worker:
    """Answers messages until the other side hangs up (EOFError)."""

    def __init__(self, link: "Connection[Any, Any]", slot: BoardSlot, name: str) -> None:
        self._link = link
        self._slot = slot
        self._name = name
        self._line: dict[int, EpisodeSpec] = {}

    def serve(self) -> None:
        """Load the plan, then run what comes.

        Raises:
            EOFError: The trainer's process hung up.
        """
        message = messages.receive(self._link)
        plan = messages.read_plan(message)
        # What a strategy's file imports is found where the user's program finds it.
        sys.path[:] = messages.read_path(message)
        try:
            setup = EpisodeSetup.load(plan)
        except InputError as error:
            messages.send(self._link, messages.refused_message(error))
            return
        messages.send(self._link, {"warming": True})
        _warm_up(setup.strategy, setup.costs)
        if plan.memory is not None:
            limit_memory(plan.memory)
        messages.send(self._link, {"ready": True})
        while True:
            self._heed(messages.receive(self._link))
            self._run(setup)

    def _heed(self, message: messages.Message) -> None:
        """Put episodes in line, or take those out of it that others run instead."""
        self._line.update((episode.number, episode) for episode in messages.read_episodes(message))
        for number in messages.read_forgotten(message):
            self._line.pop(number, None)

    def _run(self, setup: EpisodeSetup) -> None:
        """Run what stands in line, sending what ended as it goes."""
        ended: list[EpisodeOutcome] = []
        sent = time.perf_counter()
        while self._line:
            episode = self._line.pop(next(iter(self._line)))
            if self._slot.stop_asked:
                ended.append(EpisodeOutcome(number=episode.number, ending="stopped", worker=self._name))
                continue
            ended.append(evaluate(episode, setup, self._slot, self._name))
            if time.perf_counter() - sent > FLUSH_SECONDS:
                messages.send(self._link, messages.outcomes_message(ended))
                while self._link.poll():
                    self._heed(messages.receive(self._link))
                ended, sent = [], time.perf_counter()
        if ended:
            messages.send(self._link, messages.outcomes_message(ended))


def _warm_up(strategy: type[Strategy], costs: Costs) -> None:
    """Compile what every episode needs, or load what is compiled.

    One worker of this machine compiles and the others find its work on disk, instead of all compiling the
    same; once that is done for a strategy, nobody waits for anybody.
    """
    built_in = strategy.__module__.startswith("trad.strategies.")
    # A user's strategy is not run here: what it does on invented candles is nobody's business.
    subject = strategy if built_in else _Idle
    folder = Path(CACHE_FOLDER)
    terms = "-terms" if costs.terms.as_json() else ""
    compiled = folder / f"compiled-{subject.__name__}{terms}"
    if compiled.exists():
        _run_once(subject, costs)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run_once(subject, costs)
        compiled.touch()


def _run_once(strategy: type[Strategy], costs: Costs) -> None:
    """Run a strategy on candles of which nothing is kept."""
    walk = np.linspace(100.0, 110.0, _WARM_CANDLES)
    stamps = np.arange(_WARM_CANDLES) * np.timedelta64(60_000, "ms") + np.datetime64(0, "ms")
    candles = Candles(stamps, walk, walk + 1, walk - 1, walk, walk, name="warm-up", synthetic=True)
    with contextlib.suppress(StrategyError):
        run_stages(candles, strategy(), costs, Unwatched())


class _Idle(Strategy):
    """Never trades."""

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:  # noqa: ARG002 - the contract's
        return Signals.empty(len(candles))


if __name__ == "__main__":
    main(sys.argv[1:])
