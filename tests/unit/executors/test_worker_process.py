"""One worker process, seen from the trainer's side."""

import os
import socket
import struct
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from trad.errors import ExecutorError
from trad.executors.processes import ProcessExecutor
from trad.executors.worker_process import WorkerProcess
from trad.training.board import ProgressBoard


@pytest.fixture
def worker() -> WorkerProcess:
    """One without a process: only its link is there."""
    return object.__new__(WorkerProcess)


def test_a_message_that_breaks_off_in_the_middle_is_the_end_of_its_process(worker: WorkerProcess) -> None:
    ours, theirs = socket.socketpair()
    worker.link = Connection(ours.detach())
    theirs.send(struct.pack("!i", 100_000) + b'{"outcomes":[')
    theirs.close()
    assert worker.receive() is None
    worker.link.close()


def test_what_is_sent_to_a_process_that_is_gone_was_not_given(worker: WorkerProcess) -> None:
    ours, theirs = socket.socketpair()
    worker.link = Connection(ours.detach())
    theirs.close()
    assert not worker.give([])
    worker.link.close()


def test_it_can_be_closed_twice_without_closing_what_others_opened_since() -> None:
    process = WorkerProcess(0, ProgressBoard(1), None)
    process.kill()
    assert process.close() == "its process was killed by SIGKILL"
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]
    assert process.close() == "its process was killed by SIGKILL"
    for fd in opened:
        os.close(fd)  # raises where it is closed already


def test_a_worker_whose_trainers_end_of_the_lifeline_closes_ends() -> None:
    """However the trainer went, and on systems that do not kill a process with its parent, too."""
    process = WorkerProcess(0, ProgressBoard(1), None)
    lifeline = process._lifeline
    assert lifeline is not None
    os.close(lifeline)
    process._lifeline = None
    assert process.process.wait(60) == 1
    process.close()


def test_processes_that_cannot_be_started_are_an_executors_error_and_leave_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = psutil.Process().num_fds()
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(ExecutorError, match=r"worker process 1 cannot be started: .*No such file"):
        ProcessExecutor(3)
    assert psutil.Process().num_fds() <= before + 2, "the board's, until it is forgotten"


def test_an_output_that_cannot_be_written_to_is_an_executors_error(tmp_path: Path) -> None:
    with pytest.raises(ExecutorError, match="cannot be started"):
        ProcessExecutor(1, tmp_path / "no folder" / "output.log")
