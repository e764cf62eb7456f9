"""Workers that end are started again; all of them end with the server."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from trad.service.supervisor import Supervisor, worker_command
from trad.settings import Settings, read_settings

WORKER = """
import os, signal, sys, threading, time
note = sys.argv[1]
lifeline = int(sys.argv[sys.argv.index("--lifeline") + 1])

def over():
    os.read(lifeline, 1)
    os._exit(9)

threading.Thread(target=over, daemon=True).start()
def stop(*_):
    with open(note, "a") as file:
        file.write(f"stopped {os.getpid()}\\n")
    sys.exit(0)

signal.signal(signal.SIGTERM, signal.SIG_IGN if "--deaf" in sys.argv else stop)
with open(note, "a") as file:
    file.write(f"started {os.getpid()}\\n")
print("hello", flush=True)
if "--short" in sys.argv:
    sys.exit(3)
time.sleep(120)
"""


class Told(list[str]):
    """What the supervisor said."""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note"
    path.touch()
    return path


@pytest.fixture
def settings() -> Settings:
    return read_settings()


def command(note: Path, *options: str) -> list[str]:
    return [sys.executable, "-c", WORKER, str(note), *options]


def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    patience = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < patience
        time.sleep(0.01)


def pids(note: Path, what: str) -> list[int]:
    return [int(line.split()[1]) for line in note.read_text().splitlines() if line.startswith(what)]


def test_workers_run_and_are_stopped_by_being_asked(note: Path, settings: Settings) -> None:
    told = Told()
    with Supervisor(command(note), 2, settings, told.append):
        until(lambda: len(pids(note, "started")) == 2)
    assert sorted(pids(note, "stopped")) == sorted(pids(note, "started"))
    assert not any(psutil.pid_exists(pid) for pid in pids(note, "started"))
    assert told == []
    for number in (1, 2):
        log = settings.home / "logs" / f"worker-{number}.log"
        assert log.read_text() == "hello\n"
        assert log.stat().st_mode & 0o077 == 0


def test_no_workers_is_a_choice(settings: Settings) -> None:
    with Supervisor(["/nonexistent"], 0, settings, Told().append):
        pass


def test_one_that_is_killed_is_started_again(note: Path, settings: Settings) -> None:
    told = Told()
    with Supervisor(command(note), 1, settings, told.append, first_pause=0.01):
        until(lambda: len(pids(note, "started")) == 1)
        os.kill(pids(note, "started")[0], signal.SIGKILL)
        until(lambda: len(pids(note, "started")) == 2)
    assert len(told) == 1
    assert told[0].startswith("worker 1 was killed by SIGKILL; it is started again")
    assert "worker-1.log" in told[0]


def test_one_that_ends_again_and_again_is_started_ever_more_rarely_and_told_of_once(
    note: Path, settings: Settings
) -> None:
    told = Told()
    began = time.monotonic()
    with Supervisor(command(note, "--short"), 1, settings, told.append, first_pause=0.1):
        until(lambda: len(pids(note, "started")) == 4)
    assert time.monotonic() - began >= 0.1 + 0.2 + 0.4
    assert len(told) == 1
    assert told[0].startswith("worker 1 ended with exit code 3")


def test_what_cannot_be_started_is_told_of(settings: Settings) -> None:
    told = Told()
    with Supervisor(["/nonexistent"], 1, settings, told.append, first_pause=0.01):
        until(lambda: bool(told))
    assert told[0].startswith("worker 1 cannot be started: ")


def test_one_that_does_not_listen_is_killed(note: Path, settings: Settings) -> None:
    with Supervisor(command(note, "--deaf"), 1, settings, Told().append, stop_seconds=0.2):
        until(lambda: len(pids(note, "started")) == 1)
    assert not psutil.pid_exists(pids(note, "started")[0])
    assert pids(note, "stopped") == []


def test_stopping_can_begin_before_it_is_waited_for(note: Path, settings: Settings) -> None:
    with Supervisor(command(note), 1, settings, Told().append) as supervisor:
        until(lambda: len(pids(note, "started")) == 1)
        supervisor.begin_stop()
        until(lambda: len(pids(note, "stopped")) == 1)


def test_a_log_that_has_grown_long_is_put_aside(note: Path, settings: Settings) -> None:
    log = settings.home / "logs" / "worker-1.log"
    log.parent.mkdir(parents=True)
    with log.open("wb") as file:
        file.truncate(10_000_001)
    with Supervisor(command(note), 1, settings, Told().append):
        until(lambda: log.exists() and log.read_bytes() == b"hello\n")
    assert log.with_suffix(".log.1").stat().st_size == 10_000_001


def test_workers_end_with_a_server_that_is_killed(note: Path, settings: Settings) -> None:
    server = textwrap.dedent(
        f"""
        import sys, time
        from trad.service.supervisor import Supervisor
        from trad.settings import read_settings
        with Supervisor({command(note)!r}, 2, read_settings(), print):
            time.sleep(120)
        """
    )
    process = subprocess.Popen([sys.executable, "-P", "-c", server])
    try:
        until(lambda: len(pids(note, "started")) == 2)
    finally:
        process.kill()
        process.wait()
    until(lambda: not any(alive(pid) for pid in pids(note, "started")))
    assert pids(note, "stopped") == []


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent to notice does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_command_of_a_worker() -> None:
    assert worker_command(None) == [sys.executable, "-P", "-m", "trad", "worker", "--quiet"]
    assert worker_command(3)[-2:] == ["--processes", "3"]
