"""Watches a running job: folds the board into snapshots, ten times a second, and hands them to the sinks."""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from trad.progress import JobProgress, ProgressSink, RunningEpisode, Stage
from trad.training.board import SlotSnapshot
from trad.training.executor import Executor
from trad.training.job import JobState
from trad.training.outage import Outage
from trad.training.stalls import stalled_note

SAMPLE_SECONDS = 0.1
_RATE_SECONDS = 30.0
"""Speed and time left are measured over the last half minute."""

_NOT_YET = 99.99
"""The most that a job shows before its end is recorded: 100 means that everything is."""


@dataclass(kw_only=True, slots=True)
class Standing:
    """What the trainer knows of its job, beside what is on the board."""

    planned: int
    finished: int = 0
    failed: int = 0
    best_score: float | None = None
    best_number: int | None = None

    def take(self, number: int, score: float | None, *, failed: bool) -> None:
        """Count one ended episode; of equal scores the lower number is the best."""
        self.finished += 1
        self.failed += failed
        if score is None:
            return
        best = self.best_score
        if best is None or score > best or (score == best and number < (self.best_number or 0)):
            self.best_score, self.best_number = score, number


class ProgressMonitor:
    """A thread that takes snapshots while the trainer's own thread is busy.

    A sink's error ends the watching and is kept in `failure` for the trainer to raise.

    Args:
        job_id: The job's id.
        executor: Whose board is read.
        standing: Counts that the trainer keeps up to date; read under `lock`.
        candles: Candles in the data.
        outage: Knows whether the ledger answers.
        stall: Seconds after which an episode that does not move is pointed out.
    """

    def __init__(
        self,
        *,
        job_id: str,
        executor: Executor,
        standing: Standing,
        candles: int,
        sinks: Sequence[ProgressSink],
        outage: Outage,
        stall: float = 60.0,
    ) -> None:
        self.lock = threading.Lock()
        self.failure: BaseException | None = None
        self._job_id = job_id
        self._executor = executor
        self._standing = standing
        self._candles = candles
        self._sinks = sinks
        self._outage = outage
        self._stall = stall
        self._percent = 0.0
        self._elapsed_before = 0.0
        self._stood_since: dict[tuple[int, int, int, Stage, int], float] = {}
        self._began = time.monotonic()
        self._samples: deque[tuple[float, float]] = deque()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="trad-progress", daemon=True)

    @property
    def elapsed(self) -> float:
        """Seconds that the job has been running, in this run and the ones before."""
        return self._elapsed_before + time.monotonic() - self._began

    def take_up(self, percent: float, elapsed: float) -> None:
        """Go on from what earlier runs showed: progress never falls, and their seconds count."""
        with self.lock:
            self._percent = min(percent, _NOT_YET)
            self._elapsed_before = elapsed

    def start(self) -> None:
        """Begin to take snapshots."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more; returns when the thread is through with the one at hand."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            try:
                self.show("running")
            except BaseException as error:  # noqa: BLE001 - another thread raises it: the trainer's
                self.failure = error
                self._executor.board.ask_stop()
                return

    def show(self, state: JobState, *, final: bool = False) -> JobProgress:
        """Take a snapshot and give it to every sink."""
        progress = self.snapshot(state)
        for sink in self._sinks:
            sink.show(progress, final=final)
        return progress

    def snapshot(self, state: JobState) -> JobProgress:
        """Fold the board and the trainer's counts into one moment of the job."""
        with self.lock:
            standing = self._standing
            rows = self._executor.board.running() if state == "running" else []
            done = standing.finished + sum(row.fraction for row in rows)
            self._percent = max(self._percent, min(100.0 * done / standing.planned, _NOT_YET))
            speed = self._speed(done)
            left = standing.planned - done
            running = self._positions(rows)
            return JobProgress(
                job_id=self._job_id,
                state=state,
                percent=100.0 if state == "completed" else self._percent,
                planned=standing.planned,
                finished=standing.finished,
                failed=standing.failed,
                running=running,
                total_candles=self._candles,
                best_score=standing.best_score,
                best_number=standing.best_number,
                candles_per_second=None if speed is None else speed * self._candles,
                eta_seconds=None if not speed or state != "running" else left / speed,
                elapsed_seconds=self.elapsed,
                taken_at=time.time(),
                note=self._note(running) if state == "running" else None,
            )

    def _note(self, running: Sequence[RunningEpisode]) -> str | None:
        """Say what is most in need of being known: the ledger's trouble, a stalled episode, a slow start."""
        if (note := self._outage.note) is not None:
            return note
        stalled = max(running, key=lambda episode: episode.idle_seconds, default=None)
        if stalled is not None and stalled.idle_seconds >= self._stall:
            return stalled_note(stalled, self._job_id)
        return self._executor.note

    def _positions(self, rows: Sequence[SlotSnapshot]) -> tuple[RunningEpisode, ...]:
        """Return the running episodes, each with the time since its position last moved."""
        now = time.monotonic()
        # A row's place is part of the key: what another worker took over has moved.
        keys = [(row.slot, row.episode, row.attempt, row.stage, row.candles_processed) for row in rows]
        self._stood_since = {key: self._stood_since.get(key, now) for key in keys}
        return tuple(
            RunningEpisode(
                number=row.episode,
                worker=self._executor.worker_name(row.slot),
                stage=row.stage,
                candles_processed=row.candles_processed,
                total_candles=row.total_candles,
                fraction=row.fraction,
                age_seconds=row.age,
                idle_seconds=now - self._stood_since[key],
            )
            for row, key in zip(rows, keys, strict=True)
        )

    def _speed(self, done: float) -> float | None:
        """Return episodes per second over the last half minute; None before there is anything to measure."""
        now = time.monotonic()
        samples = self._samples
        if not samples or now - samples[-1][0] >= SAMPLE_SECONDS / 2:
            samples.append((now, done))
        while len(samples) > 2 and now - samples[0][0] > _RATE_SECONDS:
            samples.popleft()
        first_at, first_done = samples[0]
        if done <= first_done or now <= first_at:
            # Nothing moved yet: the time in which workers started is not the strategy's.
            if done == first_done and len(samples) > 1:
                samples.clear()
                samples.append((now, done))
            return None
        return (done - first_done) / (now - first_at)
