"""The progress board: where every worker of a job says which episode it is at, and how far.

Plain memory, shared between processes: no lock, no I/O. A worker owns one row; the trainer reads them all.
"""

import mmap
import os
import struct
import tempfile
import time
import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trad.progress import STAGES, Stage, StageReporter

# Places of a row, int64. The last two are the cell that reporters and kernels write to.
SEQUENCE, EPISODE, TRY, STAGE, TOTAL, STARTED_MS, DONE, STOP = range(8)
PLACES = 8
"""Eight numbers fill one cache line of 64 bytes: workers do not disturb each other."""

_HEADER = struct.Struct("6q")
_HEADER_AT = 8 * EPISODE
"""EPISODE to DONE are written in one go."""

_PLACE_OF_STAGE = {stage: place for place, stage in enumerate(STAGES)}
_READ_TRIES = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotSnapshot:
    """One row as it stood at one moment.

    `started_at` is in seconds by `time.monotonic`, which the processes of a machine share and no change
    of the wall clock touches.
    """

    slot: int
    episode: int
    attempt: int
    stage: Stage
    candles_processed: int
    total_candles: int
    started_at: float

    @property
    def age(self) -> float:
        """Seconds since the episode began."""
        return max(0.0, time.monotonic() - self.started_at)

    @property
    def fraction(self) -> float:
        """The share of the episode that is done, 0 to 1, over both stages."""
        if not self.total_candles:
            return 0.0
        return (STAGES.index(self.stage) + self.candles_processed / self.total_candles) / len(STAGES)


class ProgressBoard:
    """Rows of eight numbers in a file that has no name, so that nothing is left behind, however it ends.

    Args:
        slots: How many workers may report.
        fd: An open board's descriptor, in a worker; None makes a new one.
    """

    def __init__(self, slots: int, fd: int | None = None) -> None:
        self.slots = slots
        size = slots * PLACES * 8
        if fd is None:
            with tempfile.TemporaryFile() as file:
                file.truncate(size)
                fd = os.dup(file.fileno())
            weakref.finalize(self, os.close, fd)
        self.fd = fd
        self._map = mmap.mmap(self.fd, size)
        self._rows = np.frombuffer(self._map, np.int64).reshape(slots, PLACES)

    def slot(self, number: int) -> "BoardSlot":
        """Return the row of worker `number`, to write to."""
        return BoardSlot(self._rows[number])

    def read(self, number: int) -> SlotSnapshot | None:
        """Return what stands in a row; None when its worker runs no episode.

        The sequence number is odd while a worker changes episode or stage, and another one afterwards: a
        reading across a change is thrown away and repeated.
        """
        row = self._rows[number]
        for _ in range(_READ_TRIES):
            before = int(row[SEQUENCE])
            values = row.tolist()
            if before % 2 == 0 and before == int(row[SEQUENCE]):
                return _snapshot(number, values)
        return None

    def running(self) -> list[SlotSnapshot]:
        """Return the rows whose workers run an episode, in the order of episode numbers."""
        rows = (self.read(number) for number in range(self.slots))
        return sorted((row for row in rows if row is not None), key=lambda row: row.episode)

    def ask_stop(self) -> None:
        """Raise every worker's stop flag: stages end at their next report."""
        self._rows[:, STOP] = 1


def _snapshot(number: int, values: list[int]) -> SlotSnapshot | None:
    if not values[EPISODE]:
        return None
    return SlotSnapshot(
        slot=number,
        episode=values[EPISODE],
        attempt=values[TRY],
        stage=STAGES[values[STAGE]],
        candles_processed=min(values[DONE], values[TOTAL]),
        total_candles=values[TOTAL],
        started_at=values[STARTED_MS] / 1000,
    )


class BoardSlot:
    """One worker's row: the `BacktestProgress` of the episodes that it runs."""

    def __init__(self, row: NDArray[np.int64]) -> None:
        self._cell = row[DONE:]
        self._about = (0, 0)
        # A store through a memoryview takes a tenth of one through NumPy: there are a dozen an episode.
        self._row = row.data

    @property
    def stop_asked(self) -> bool:
        """Whether the stop flag is up."""
        return bool(self._row[STOP])

    def begin(self, episode: int, attempt: int, total: int) -> None:
        """Show that an episode of `total` candles a stage begins, with its first stage."""
        self._about = (episode, attempt)
        self._write(0, total, time.monotonic_ns() // 1_000_000)

    def start_stage(self, stage: Stage, total: int) -> StageReporter:
        """Show that a stage begins; its reporter writes to this row."""
        row, place = self._row, _PLACE_OF_STAGE[stage]
        if row[STAGE] != place or row[DONE] or row[TOTAL] != total:
            self._write(place, total, row[STARTED_MS])
        return StageReporter(total, self._cell)

    def position(self) -> tuple[Stage, int]:
        """Return the stage that was begun last, and the candles done in it."""
        return STAGES[self._row[STAGE]], self._row[DONE]

    def clear(self) -> None:
        """Show that no episode runs; the stop flag stays as it is."""
        # A worker that was killed while it wrote left an odd number behind.
        self._row[SEQUENCE] += self._row[SEQUENCE] % 2
        self._about = (0, 0)
        self._write(0, 0, 0)

    def _write(self, stage: int, total: int, started_ms: int) -> None:
        row = self._row
        row[SEQUENCE] += 1
        _HEADER.pack_into(row, _HEADER_AT, *self._about, stage, total, started_ms, 0)
        row[SEQUENCE] += 1
