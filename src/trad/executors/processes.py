"""Episodes in worker processes: a strategy that hangs, aborts or eats the memory takes itself along alone."""

import shutil
import time
from collections import deque
from collections.abc import Sequence
from multiprocessing.connection import wait
from pathlib import Path

from trad.errors import ExecutorError
from trad.executors.messages import Message, read_outcomes, refusal
from trad.executors.worker_process import WorkerProcess
from trad.training.board import ProgressBoard, SlotSnapshot
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec

_BATCH_SECONDS = 0.1
"""How much work a worker has before it: enough not to idle, little enough to be worth nothing lost."""

_MOST_AHEAD = 128
"""Episodes outstanding at one worker; their messages fit the socket's buffer both ways."""

_FRUITLESS_STARTS = 3
"""After so many processes in a row that ended without an episode to blame, something else is wrong."""

_FRUITLESS_KILLS = 12
"""As many if they were killed: want of memory, say, may pass where a fault at their start does not."""

_WARMING_SHOWS = 1.0


class ProcessExecutor:
    """Keeps `workers` processes busy and starts a new one for each that dies.

    Processes start at once, and load their libraries while the caller still reads its data.

    Args:
        workers: How many processes.
        output: A file that takes what strategies print, and is removed if they print nothing; None throws
            it away.

    Raises:
        ExecutorError: The system starts no more processes.
    """

    def __init__(self, workers: int, output: Path | None = None) -> None:
        self.board = ProgressBoard(workers)
        self._output = output
        self._plan: EpisodePlan | None = None
        self._timeout: float | None = None
        self._waiting: deque[EpisodeSpec] = deque()
        self._mean_seconds: float | None = None
        self._fruitless = 0
        self._loaded_at = 0.0
        self._processes: list[WorkerProcess] = []
        try:
            for slot in range(workers):
                self._processes.append(WorkerProcess(slot, self.board, output))
        except ExecutorError:
            self.stop()
            raise

    @property
    def workers(self) -> int:
        """How many processes run episodes."""
        return len(self._processes)

    @property
    def room(self) -> int:
        """How many more episodes keep every worker busy for a tenth of a second."""
        held = len(self._waiting) + sum(len(process.outstanding) for process in self._processes)
        return max(0, self._ahead * len(self._processes) - held)

    @property
    def _ahead(self) -> int:
        if self._mean_seconds is None:
            return 1
        return max(1, min(_MOST_AHEAD, int(_BATCH_SECONDS / max(self._mean_seconds, 1e-6))))

    @property
    def note(self) -> str | None:
        """Say so when workers have been starting or compiling for longer than a moment."""
        waited = time.monotonic() - self._loaded_at
        if (
            not self._loaded_at
            or waited < _WARMING_SHOWS
            or any(process.ready for process in self._processes)
        ):
            return None
        if any(process.warming for process in self._processes):
            return f"loading kernels, which are compiled the first time ({waited:.0f} s)"
        return f"starting workers ({waited:.0f} s)"

    def load(self, plan: EpisodePlan, *, timeout: float | None = None) -> None:
        """Send the plan to every worker; what it lacks comes to light in `collect`."""
        self._plan, self._timeout = plan, timeout
        self._loaded_at = time.monotonic()
        for process in self._processes:
            process.load(plan)

    def submit(self, episodes: Sequence[EpisodeSpec]) -> None:
        """Put episodes in line and hand out what the workers can take."""
        self._waiting.extend(episodes)
        self._hand_out()

    def _hand_out(self) -> None:
        """Give workers what they can take; nothing waits behind a long episode while another one is free.

        A worker that has half of its work left waits for more: given one episode for each that ended, it
        would from some moment on get, run and send back every episode by itself.
        """
        held_up = {process.slot: row for process in self._processes if (row := self._long_episode(process))}
        free = [process for process in self._processes if process.ready and process.slot not in held_up]
        free.sort(key=lambda process: len(process.outstanding))
        if not self._waiting and free and not free[0].outstanding:
            for slot, row in held_up.items():
                self._waiting.extend(self._processes[slot].take_back(row.episode))
        enough = self._ahead // 2
        free = [process for process in free if len(process.outstanding) <= enough]
        for process in free:
            share = min(self._ahead - len(process.outstanding), -(-len(self._waiting) // len(free)))
            batch = [self._waiting.popleft() for _ in range(min(share, len(self._waiting)))]
            if batch and not process.give(batch):
                self._waiting.extendleft(reversed(batch))

    def _long_episode(self, process: WorkerProcess) -> SlotSnapshot | None:
        """Return the episode that a worker has been at for longer than a batch should take, if it is."""
        row = self.board.read(process.slot) if process.outstanding else None
        return row if row is not None and row.age > _BATCH_SECONDS else None

    def collect(self, timeout: float) -> list[EpisodeOutcome]:
        """Return what ended, waiting up to `timeout` seconds; replace workers that died or hang.

        Raises:
            InputError: A worker cannot load what the plan names.
            ExecutorError: Workers end as soon as they start.
        """
        outcomes: list[EpisodeOutcome] = []
        links = {process.link: process for process in self._processes}
        for link in wait(list(links), timeout):
            process = links[link]  # type: ignore[index]  # wait() returns what it was given
            message = process.receive()
            if message is None:
                outcomes += self._replace(process, self.board.read(process.slot))
            else:
                outcomes += self._take(process, message)
        outcomes += self._give_up_late_ones()
        self._hand_out()
        return outcomes

    def _take(self, process: WorkerProcess, message: Message) -> list[EpisodeOutcome]:
        if "refused" in message:
            raise refusal(message)
        process.warming = process.warming or "warming" in message
        process.ready = process.ready or "ready" in message
        if "outcomes" not in message:
            return []
        self._fruitless = 0
        # What was taken back after all had begun is another worker's to tell.
        outcomes = [outcome for outcome in read_outcomes(message) if process.settle(outcome.number)]
        for outcome in outcomes:
            seconds = outcome.finished_at - outcome.started_at
            mean = self._mean_seconds
            self._mean_seconds = seconds if mean is None else 0.8 * mean + 0.2 * seconds
        return outcomes

    def _replace(
        self, process: WorkerProcess, row: SlotSnapshot | None, error: str | None = None
    ) -> list[EpisodeOutcome]:
        """Start a new process in a dead one's place; only the episode that it ran ends with it."""
        how = process.close()
        self.board.slot(process.slot).clear()
        ran_alone = row is not None and process.settle(row.episode)
        self._waiting.extendleft(reversed(process.outstanding.values()))
        if row is None:
            self._fruitless += 1
            if self._fruitless >= (_FRUITLESS_KILLS if process.was_killed else _FRUITLESS_STARTS):
                raise ExecutorError(
                    f"worker processes end before they run an episode: {how}; {self._where_to_look()}"
                )
        fresh = WorkerProcess(process.slot, self.board, self._output)
        self._processes[process.slot] = fresh
        if self._plan is not None:
            fresh.load(self._plan)
        if row is None or not ran_alone:
            return []
        return [_ended(row, self.worker_name(process.slot), how, error)]

    def _where_to_look(self) -> str:
        return "there is no output to look at" if self._output is None else f"see {self._output}"

    def _give_up_late_ones(self) -> list[EpisodeOutcome]:
        if self._timeout is None:
            return []
        outcomes = []
        for row in self.board.running():
            if row.age > self._timeout:
                process = self._processes[row.slot]
                process.kill()
                outcomes += self._replace(
                    process, row, f"it took longer than {self._timeout:g} s, the limit of --episode-timeout"
                )
        return outcomes

    def worker_name(self, slot: int) -> str:
        """Name a worker by its row, counted from 1."""
        return f"worker {slot + 1}"

    def move_output(self, path: Path) -> None:
        """Give the output another name, also while processes write to it; what is there already stays."""
        if self._output is None:
            return
        if path.exists():
            with path.open("rb") as before, self._output.open("ab") as file:
                shutil.copyfileobj(before, file)
        self._output = self._output.replace(path)

    def stop(self) -> None:
        """Kill every worker and wait until it is gone."""
        self.board.ask_stop()
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.close()
        self._processes = []
        self._waiting.clear()
        if self._output is not None and self._output.exists() and not self._output.stat().st_size:
            self._output.unlink()


def _ended(row: SlotSnapshot, worker: str, how: str, error: str | None) -> EpisodeOutcome:
    now = time.time()
    return EpisodeOutcome(
        number=row.episode,
        ending="died" if error is None else "failed",
        error=f"{how}, in {row.stage} at candle {row.candles_processed:,}" if error is None else error,
        stage=row.stage,
        candles=row.candles_processed,
        worker=worker,
        started_at=now - row.age,
        finished_at=now,
    )
