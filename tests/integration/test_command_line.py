"""The program as the shell sees it: signals, pipes, and commands that look at another's job."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

TRAD = (str(Path(sys.executable).with_name("trad")),)
SAMPLE = "sample:minute?candles=100000"
SLOW = '''
import time
from trad import Int, Signals, Strategy


class Slow(Strategy):
    """Takes a minute an episode."""

    n = Int(3, low=1, high=1_000_000)

    def generate_signals(self, candles, progress):
        for i in progress.track(range(len(candles))):
            if i % 50 == 0:
                time.sleep(0.03)
        return Signals.empty(len(candles))
'''

Train = Callable[..., "subprocess.Popen[str]"]
pytestmark = [pytest.mark.serial, pytest.mark.timeout(120)]


@pytest.fixture
def train(tmp_path: Path) -> Iterator[Train]:
    """Start `trad train` with a slow strategy in a process group of its own."""
    path = tmp_path / "slow.py"
    path.write_text(SLOW)
    started: list[subprocess.Popen[str]] = []

    def start(*more: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [*TRAD, "train", str(path), "--data", SAMPLE, "-n", "20", "-w", "2", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def trad(*args: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*TRAD, *args], capture_output=True, text=True, timeout=60, check=False)


def jobs() -> list[dict[str, Any]]:
    rows = json.loads(trad("jobs", "list", "--json").stdout)
    assert isinstance(rows, list)
    return rows


def await_candles(process: "subprocess.Popen[str]") -> None:
    """Wait until the process says that candles go by."""
    assert process.stderr is not None
    for line in process.stderr:
        if "Processing candle" in line:
            return
    pytest.fail(f"it ended with {process.wait()} before a candle went by")


def workers_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def assert_gone(workers: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(workers, timeout=2)
    assert not alive, f"left behind: {alive}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_a_signal_stops_at_once_and_leaves_the_job_resumable(train: Train, number: signal.Signals) -> None:
    process = train()
    await_candles(process)
    workers = workers_of(process)
    assert len(workers) >= 2
    began = time.monotonic()
    # Ctrl-C reaches every process of the terminal's group; SIGTERM the one that was meant.
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    out, err = process.communicate(timeout=30)
    took = time.monotonic() - began
    assert process.returncode == 130, err
    assert took < 3.0
    assert_gone(workers)
    assert "Traceback" not in out + err
    (row,) = jobs()
    assert row["state"] == "paused"
    assert re.search(r"interrupted after \d+ of 20 episodes, all of them recorded; ", err)
    assert f"go on with: trad jobs resume {row['id']}\n" in err


@pytest.mark.parametrize(("request_", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_another_process_watches_and_stops_it(train: Train, request_: str, state: str) -> None:
    process = train("--json")
    await_candles(process)
    workers = workers_of(process)
    (row,) = jobs()
    assert row["state"] == "running"
    watching = subprocess.Popen(
        [*TRAD, "jobs", "watch", row["id"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        await_candles(watching)
        answer = trad("jobs", request_, row["id"])
        assert answer.returncode == 0
        assert answer.stdout.startswith(f"asked job {row['id']} to {request_}")
        out, _ = process.communicate(timeout=30)
        shown, lines = watching.communicate(timeout=30)
    finally:
        watching.kill()
    assert process.returncode == 0
    assert json.loads(out)["state"] == state
    assert_gone(workers)
    assert watching.returncode == 0
    assert lines.splitlines()[-1].endswith(f"- {state}")
    assert shown.startswith(f"Job {row['id']} {state}")


def test_a_job_that_runs_is_neither_resumed_nor_deleted(train: Train) -> None:
    process = train()
    await_candles(process)
    (row,) = jobs()
    for args in (("resume", row["id"], "--detach"), ("delete", row["id"])):
        answer = trad("jobs", *args)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert answer.stderr.startswith(f"error: job {row['id']} is ")
        assert "Traceback" not in answer.stderr
    assert process.poll() is None


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    process = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {TRAD[0]} backtest sma_cross --data {SAMPLE} --json | head -1"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.stdout == "{\n"
    assert "Traceback" not in process.stderr
    assert "BrokenPipe" not in process.stderr
