"""The progress board: rows that other processes write, and that are read whole or not at all."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.fakes import board_hammer

from trad.errors import Stopped
from trad.training.board import DONE, SEQUENCE, STARTED_MS, STOP, ProgressBoard

ROOT = Path(__file__).parents[3]


@contextmanager
def hammered(board: ProgressBoard, slot: int) -> Iterator[None]:
    """Let a process change a row without a pause, until the board asks it to stop."""
    command = [sys.executable, "-m", "tests.fakes.board_hammer", str(board.fd), str(board.slots), str(slot)]
    with subprocess.Popen(command, cwd=ROOT, pass_fds=[board.fd], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            board.ask_stop()
            try:
                assert process.wait(20) == 0, "the stop flag, raised here, was not seen there"
            finally:
                process.kill()


class TestSnapshots:
    def test_an_idle_row_reads_as_none(self) -> None:
        board = ProgressBoard(2)
        assert board.read(0) is None
        assert board.running() == []

    def test_an_episode_reads_as_it_was_written(self) -> None:
        board = ProgressBoard(3)
        slot = board.slot(1)
        slot.begin(7, 2, 1_000)
        slot.start_stage("signal_generation", 1_000).update(250)
        row = board.read(1)
        assert row is not None
        assert (row.slot, row.episode, row.attempt, row.stage) == (1, 7, 2, "signal_generation")
        assert (row.candles_processed, row.total_candles, row.fraction) == (250, 1_000, 0.125)

    def test_the_second_stage_begins_at_nought_and_half_of_the_episode(self) -> None:
        board = ProgressBoard(1)
        slot = board.slot(0)
        slot.begin(7, 0, 1_000)
        slot.start_stage("signal_generation", 1_000).finish()
        reporter = slot.start_stage("trade_simulation", 1_000)
        row = board.read(0)
        assert row is not None
        assert (row.stage, row.candles_processed, row.fraction) == ("trade_simulation", 0, 0.5)
        reporter.finish()
        row = board.read(0)
        assert row is not None
        assert row.fraction == 1.0
        assert slot.position() == ("trade_simulation", 1_000)

    def test_a_row_is_idle_again_when_it_was_cleared(self) -> None:
        board = ProgressBoard(1)
        board.slot(0).begin(1, 0, 10)
        board.slot(0).clear()
        assert board.read(0) is None

    def test_running_rows_stand_in_the_order_of_episodes(self) -> None:
        board = ProgressBoard(4)
        for slot, episode in ((0, 12), (1, 3), (3, 8)):
            board.slot(slot).begin(episode, 0, 10)
        assert [(row.episode, row.slot) for row in board.running()] == [(3, 1), (8, 3), (12, 0)]

    def test_a_position_beyond_the_stage_reads_as_its_end(self) -> None:
        board = ProgressBoard(1)
        slot = board.slot(0)
        slot.begin(1, 0, 10)
        slot.start_stage("signal_generation", 10).cell[0] = 99
        row = board.read(0)
        assert row is not None
        assert row.candles_processed == 10

    def test_an_episodes_age_does_not_follow_the_wall_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        board = ProgressBoard(1)
        before = time.monotonic() - 0.001
        board.slot(0).begin(1, 0, 10)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3_600)
        monkeypatch.setattr(time, "time_ns", lambda: int(now + 3_600) * 10**9)
        row = board.read(0)
        assert row is not None
        assert before <= row.started_at <= time.monotonic()
        assert 0 <= row.age < 60

    def test_a_stage_leaves_the_age_of_its_episode(self) -> None:
        board = ProgressBoard(1)
        slot = board.slot(0)
        slot.begin(1, 0, 10)
        began = board._rows[0, STARTED_MS]
        slot.start_stage("trade_simulation", 10)
        assert board._rows[0, STARTED_MS] == began > 0


class TestTornReads:
    def test_no_snapshot_mixes_two_episodes_or_stages(self) -> None:
        board = ProgressBoard(2)
        episodes: set[int] = set()
        stages: set[str] = set()
        deadline = time.monotonic() + 60
        with hammered(board, 1):
            while (len(episodes) < 2_000 or len(stages) < 2) and time.monotonic() < deadline:
                row = board.read(1)
                if row is not None:
                    assert board_hammer.consistent(row), row
                    episodes.add(row.episode)
                    stages.add(row.stage)
        assert len(episodes) >= 2_000
        assert len(stages) == 2

    def test_the_hammer_would_be_caught_without_the_sequence_number(self) -> None:
        """The test above can fail: rows read without care are torn now and then."""
        board = ProgressBoard(1)
        deadline = time.monotonic() + 60
        torn = False
        with hammered(board, 0):
            while not torn and time.monotonic() < deadline:
                values = [int(board._rows[0, place]) for place in range(8)]
                torn = values[SEQUENCE] != int(board._rows[0, SEQUENCE])
        assert torn

    def test_a_row_in_the_middle_of_a_change_is_not_read(self) -> None:
        board = ProgressBoard(1)
        slot = board.slot(0)
        slot.begin(1, 0, 10)
        board._rows[0, SEQUENCE] += 1
        assert board.read(0) is None
        board._rows[0, SEQUENCE] += 1
        assert board.read(0) is not None

    def test_a_row_whose_worker_died_in_the_middle_of_a_change_works_again_once_cleared(self) -> None:
        board = ProgressBoard(1)
        slot = board.slot(0)
        slot.begin(1, 0, 10)
        board._rows[0, SEQUENCE] += 1
        board.slot(0).clear()
        assert board.read(0) is None
        slot.begin(2, 0, 10)
        row = board.read(0)
        assert row is not None
        assert row.episode == 2


class TestStopFlag:
    def test_it_reaches_every_row_and_ends_their_stages(self) -> None:
        board = ProgressBoard(2)
        reporters = []
        for number in range(2):
            slot = board.slot(number)
            slot.begin(number + 1, 0, 10)
            reporters.append(slot.start_stage("signal_generation", 10))
        board.ask_stop()
        for number, reporter in enumerate(reporters):
            assert board.slot(number).stop_asked
            with pytest.raises(Stopped):
                reporter.update(5)

    def test_episodes_and_stages_that_begin_later_do_not_take_it_back(self) -> None:
        board = ProgressBoard(1)
        slot = board.slot(0)
        board.ask_stop()
        slot.begin(1, 0, 10)
        with pytest.raises(Stopped):
            slot.start_stage("signal_generation", 10).finish()
        slot.clear()
        assert slot.stop_asked

    def test_a_kernel_sees_it_in_its_cell(self) -> None:
        board = ProgressBoard(1)
        cell = board.slot(0).start_stage("signal_generation", 10).cell
        board.ask_stop()
        assert cell.tolist() == [0, 1]
        assert (DONE + 1, len(cell)) == (STOP, 2)


class TestFile:
    def test_no_file_is_left_behind_even_while_it_is_open(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        board = ProgressBoard(2)
        assert list(tmp_path.iterdir()) == []
        assert os.fstat(board.fd).st_nlink == 0
        assert os.fstat(board.fd).st_size == 2 * 64, "each row has a cache line of its own"

    def test_a_second_board_on_its_descriptor_is_the_same_board(self) -> None:
        board = ProgressBoard(2)
        board.slot(1).begin(5, 0, 10)
        again = ProgressBoard(2, board.fd)
        row = again.read(1)
        assert row is not None
        assert row.episode == 5
