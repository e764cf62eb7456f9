"""Keeps worker processes running beside the server: one that ends is started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self

import structlog

from trad.settings import Settings

_LOOK_SECONDS = 0.1
_STOP_SECONDS = 3.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_SETTLED_SECONDS = 30.0
"""A worker that ran for longer did not end for the reason that ended the one before it."""

_MOST_LOG_BYTES = 10_000_000

_log = structlog.stdlib.get_logger("trad.service")


def worker_command(processes: int | None) -> list[str]:
    """Return the command of a worker; the supervisor adds its lifeline.

    Args:
        processes: How many episodes it runs at once; None is one for each core.
    """
    # -P keeps the folder that the user happens to be in from hiding modules that Trad needs.
    command = [sys.executable, "-P", "-m", "trad", "worker", "--quiet"]
    return command if processes is None else [*command, "--processes", str(processes)]


class Supervisor:
    """Starts workers and looks after them, from a thread of its own; use it as a context manager.

    A worker gets `--lifeline FD`: the end of a pipe that reads as ended once this process is gone, however
    it went, and is asked to stop by SIGTERM. It is in a process group of its own: Ctrl-C on the terminal
    is answered by the server, which then stops its workers.

    Args:
        command: What to start, such as `worker_command` returns.
        count: How many.
        settings: The workers' output goes to its `logs` folder.
        say: Told, once for each streak of failures, what happened to a worker.
        stop_seconds: How long workers may take to hand back their jobs before they are killed.
        first_pause: Seconds before a worker is started again; doubled each time that one ends early.
    """

    def __init__(
        self,
        command: Sequence[str],
        count: int,
        settings: Settings,
        say: Callable[[str], None],
        *,
        stop_seconds: float = _STOP_SECONDS,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        self._say = say
        self._stop_seconds = stop_seconds
        self._stopping = Event()
        self._their_lifeline, self._our_lifeline = os.pipe()
        logs = settings.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        command = [*command, "--lifeline", str(self._their_lifeline)]
        self._workers = [
            _Worker(command, self._their_lifeline, logs / f"worker-{number}.log", number, first_pause)
            for number in range(1, count + 1)
        ]
        # Linux ends some children with the thread that started them: this one outlives them all.
        self._thread = Thread(target=self._run, name="supervisor")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.begin_stop()
        self._thread.join()
        os.close(self._our_lifeline)
        os.close(self._their_lifeline)

    def begin_stop(self) -> None:
        """Ask the workers to stop, and return at once; nothing is started any more."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for worker in self._workers:
                if (news := worker.look()) is not None:
                    self._say(news)
            self._stopping.wait(_LOOK_SECONDS)
        for worker in self._workers:
            worker.ask_to_stop()
        patience = monotonic() + self._stop_seconds
        for worker in self._workers:
            worker.wait(patience)


class _Worker:
    """One place among the workers, and the process that holds it at the moment."""

    def __init__(
        self, command: Sequence[str], lifeline: int, output: Path, number: int, first_pause: float
    ) -> None:
        self._command = command
        self._lifeline = lifeline
        self._output = output
        self._number = number
        self._first_pause = first_pause
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._streak = 0

    def look(self) -> str | None:
        """Start the process where it is due, and note its end; return what is worth telling."""
        if self._process is None:
            return self._start() if monotonic() >= self._start_at else None
        code = self._process.poll()
        if code is None:
            return None
        self._process = None
        return self._ended(_ending(code))

    def _start(self) -> str | None:
        self._started_at = monotonic()
        try:
            if self._output.exists() and self._output.stat().st_size > _MOST_LOG_BYTES:
                self._output.replace(self._output.with_suffix(".log.1"))
            with open(self._output, "ab", opener=_private) as output:
                self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and numbers
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=[self._lifeline],
                    process_group=0,
                )
        except OSError as error:
            return self._ended(f"cannot be started: {error}")
        _log.info("worker started", number=self._number, pid=self._process.pid)
        return None

    def _ended(self, how: str) -> str | None:
        ran = monotonic() - self._started_at
        self._streak = 1 if ran > _SETTLED_SECONDS else self._streak + 1
        pause = min(_LONGEST_PAUSE, self._first_pause * 2.0 ** min(self._streak - 1, 16))
        self._start_at = monotonic() + pause
        _log.warning(
            "worker ended", number=self._number, how=how, ran_seconds=round(ran, 1), again_in_seconds=pause
        )
        if self._streak > 1:
            return None
        return f"worker {self._number} {how}; it is started again, and its output is in {self._output}"

    def ask_to_stop(self) -> None:
        """Let the worker hand back its job and end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self, until: float) -> None:
        """Wait for the worker's end; kill it where that takes longer than `until` (monotonic seconds)."""
        if self._process is None:
            return
        try:
            code = self._process.wait(max(0.0, until - monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        _log.info("worker stopped", number=self._number, how=_ending(code))


def _ending(code: int) -> str:
    return f"ended with exit code {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
