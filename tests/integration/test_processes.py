"""Worker processes that hang, abort, are killed, eat memory or never start: and the others, unharmed."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from tests.fakes.faulty import Faulty
from tests.fakes.plans import FAULTY, market, plan_for
from tests.unit.executors.driving import PATIENCE, gathered, run, until_running

from trad.backtest.engine import BacktestEngine
from trad.errors import ExecutorError
from trad.executors.processes import ProcessExecutor
from trad.strategies.parameters import rounded
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec

ROOT = Path(__file__).parents[2]
TIMEOUT = 10.0
MEMORY = 150 * 2**20


@contextmanager
def started(plan: EpisodePlan, workers: int, *, timeout: float | None = None) -> Iterator[ProcessExecutor]:
    executor = ProcessExecutor(workers)
    try:
        executor.load(plan, timeout=timeout)
        yield executor
    finally:
        executor.stop()


@pytest.fixture
def plan(tmp_path: Path) -> EpisodePlan:
    return plan_for(FAULTY, tmp_path)


def wrong(number: int, what: str) -> EpisodeSpec:
    return EpisodeSpec(number=number, params={"wrong": what})


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    """The worker processes that a process owns, by their slots."""
    found = [
        child
        for child in process.children(recursive=True)
        if "trad.executors.episode_worker" in child.cmdline()
    ]
    return sorted(found, key=lambda child: int(child.cmdline()[-2]))


def gone(pid: int) -> bool:
    """Say whether a process runs no more; one that nobody has buried yet counts as gone."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.mark.slow
def test_whatever_an_episode_does_the_others_are_unharmed(tmp_path: Path) -> None:
    """Every kind of harm in one run, among episodes that do nothing wrong."""
    plan = plan_for(FAULTY, tmp_path, memory=MEMORY)
    harmful = {5 * (place + 1): what for place, what in enumerate(CHECKS)}
    episodes = [
        wrong(number, harmful[number])
        if number in harmful
        else EpisodeSpec(number=number, params={"every": 1 + number})
        for number in range(1, 41)
    ]
    with started(plan, 2, timeout=TIMEOUT) as executor:
        outcomes = run(executor, episodes)
    assert [outcome.number for outcome in outcomes] == list(range(1, 41))
    for outcome in outcomes:
        if outcome.number in harmful:
            CHECKS[harmful[outcome.number]](outcome)
        else:
            result = BacktestEngine().run_backtest(market(), Faulty(every=1 + outcome.number))
            assert outcome.ending == "completed"
            assert result.metrics.total_return is not None
            assert outcome.score == rounded(result.metrics.total_return)


def check_given_up(outcome: EpisodeOutcome) -> None:
    assert outcome.ending == "failed", "to try again would hang again"
    assert outcome.error == f"it took longer than {TIMEOUT:g} s, the limit of --episode-timeout"
    assert outcome.stage == "signal_generation"
    assert 0 < outcome.candles <= 1_000
    assert outcome.finished_at - outcome.started_at >= TIMEOUT - 0.01


def check_died(outcome: EpisodeOutcome) -> None:
    assert outcome.ending == "died"
    assert outcome.error is not None
    assert re.fullmatch(
        r"its process was killed by SIG(ABRT|KILL), in signal_generation at candle [1-9][\d,]*", outcome.error
    )
    assert outcome.worker in ("worker 1", "worker 2")


def check_out_of_memory(outcome: EpisodeOutcome) -> None:
    if sys.platform == "linux":  # elsewhere nothing is limited
        remedy = "give more with --episode-memory, or keep less per candle"
        assert (outcome.ending, outcome.error) == ("failed", f"it ran out of memory; {remedy}")


def check_failed(outcome: EpisodeOutcome) -> None:
    assert outcome.ending == "failed"
    assert outcome.error is not None
    assert "faulty.py, line" in outcome.error


CHECKS = {
    "hangs": check_given_up,
    "aborts": check_died,
    "eats memory": check_out_of_memory,
    "hangs in C": check_given_up,
    "kills itself": check_died,
    "hoards memory": check_out_of_memory,
    "raises": check_failed,
}


def test_kill_9_from_outside_takes_one_episode_with_it(plan: EpisodePlan) -> None:
    with started(plan, 2) as executor:
        executor.submit([wrong(1, "hangs"), *(EpisodeSpec(number=n, params={}) for n in range(2, 8))])
        deadline = time.monotonic() + PATIENCE
        outcomes: list[EpisodeOutcome] = []
        while len(outcomes) < 6:
            assert time.monotonic() < deadline
            outcomes += executor.collect(0.05)
        assert {outcome.ending for outcome in outcomes} == {"completed"}
        (row,) = executor.board.running()
        workers_of(psutil.Process())[row.slot].kill()
        (died,) = gathered(executor, 1)
        assert (died.number, died.ending) == (1, "died")
        assert executor.board.running() == []
        again = run(executor, [EpisodeSpec(number=n, params={}) for n in range(10, 14)])
        assert {outcome.ending for outcome in again} == {"completed"}


def test_nothing_waits_behind_a_long_episode_while_another_worker_is_free(plan: EpisodePlan) -> None:
    """Short ones make batches large; then one of a batch turns out to hang."""
    with started(plan, 2) as executor:
        for start in range(1, 200, 20):
            run(executor, [EpisodeSpec(number=start + i, params={}) for i in range(20)])
        hang = wrong(1_001, "hangs")
        executor.submit([hang, *(EpisodeSpec(number=n, params={}) for n in range(1_002, 1_042))])
        assert sorted(outcome.number for outcome in gathered(executor, 40)) == list(range(1_002, 1_042))
        (row,) = executor.board.running()
        assert row.episode == 1_001
        more = run(executor, [EpisodeSpec(number=n, params={}) for n in range(2_000, 2_050)])
        assert len(more) == 50


def test_workers_that_are_killed_while_nothing_runs_take_nothing_with_them(plan: EpisodePlan) -> None:
    with started(plan, 2) as executor:
        run(executor, [EpisodeSpec(number=1, params={})])
        for worker in workers_of(psutil.Process()):
            worker.kill()
        outcomes = run(executor, [EpisodeSpec(number=number, params={}) for number in range(2, 22)])
        assert {outcome.ending for outcome in outcomes} == {"completed"}


def test_an_episode_that_is_tried_again_says_so_on_the_board(plan: EpisodePlan) -> None:
    with started(plan, 1) as executor:
        executor.submit([EpisodeSpec(number=3, params={"wrong": "hangs"}, tries=1)])
        until_running(executor)
        (row,) = executor.board.running()
        assert (row.slot, row.episode, row.attempt, row.stage) == (0, 3, 1, "signal_generation")
        assert 0 < row.candles_processed <= 1_000
        assert row.total_candles == 2_000


def test_short_episodes_travel_in_batches(plan: EpisodePlan) -> None:
    with started(plan, 1) as executor:
        for start in range(1, 400, 20):
            run(executor, [EpisodeSpec(number=start + i, params={}) for i in range(20)])
        assert executor.room > 4, "a tenth of a second holds more than four of them"
        assert executor.room <= 128


@pytest.mark.parametrize("what", ["hangs", "hangs in C"])
def test_stop_leaves_no_process_behind_within_a_second(plan: EpisodePlan, what: str) -> None:
    with started(plan, 2) as executor:
        executor.submit([wrong(1, what), wrong(2, what), wrong(3, what)])
        until_running(executor, 2)
        pids = [worker.pid for worker in workers_of(psutil.Process())]
        assert len(pids) == 2
        began = time.monotonic()
        executor.stop()
        assert time.monotonic() - began < 1.0
        assert [pid for pid in pids if psutil.pid_exists(pid)] == []


@pytest.mark.parametrize("what", ["hangs", "hangs in C"])
def test_workers_end_when_their_owner_is_killed(tmp_path: Path, what: str) -> None:
    if what == "hangs in C" and sys.platform != "linux":
        pytest.skip("elsewhere a loop that lets no thread run is not noticed")
    command = [sys.executable, "-m", "tests.fakes.owner_of_workers", what, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pids = json.loads(owner.stdout.readline())
        assert len(pids) == 2
        assert not any(gone(pid) for pid in pids)
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not all(gone(pid) for pid in pids):
        assert time.monotonic() < deadline, "workers outlived their owner by half a minute"
        time.sleep(0.01)


def test_workers_that_never_start_end_the_run_and_say_where_to_look(tmp_path: Path) -> None:
    file = tmp_path / "early.py"
    file.write_text("import os\nprint('on my way out', flush=True)\nos._exit(3)\n")
    output = tmp_path / "output.log"
    executor = ProcessExecutor(1, output)
    plan = plan_for(f"{file}:Early", tmp_path / "cache", code=hashlib.sha256(file.read_bytes()).hexdigest())
    executor.load(plan)
    executor.submit([EpisodeSpec(number=1, params={})])
    with pytest.raises(
        ExecutorError, match=r"end before they run an episode: .* exit code 3; see .*output\.log"
    ):
        gathered(executor, 1)
    executor.stop()
    assert workers_of(psutil.Process()) == []
    assert output.read_text().splitlines() == ["on my way out"] * 3
    assert output.stat().st_mode & 0o077 == 0, "what strategies print is nobody else's business"


USING = """
from levels import LEVEL
from trad import Signals, Strategy

class Using(Strategy):
    def generate_signals(self, candles):
        signals = Signals.empty(len(candles))
        signals.entry[LEVEL] = 1
        return signals
"""


def test_modules_are_found_where_the_users_program_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On its path, that is, and not in the folder that it happens to be in, where any name may lie."""
    file, modules, here = tmp_path / "strategies" / "using.py", tmp_path / "modules", tmp_path / "here"
    for folder in (file.parent, modules, here):
        folder.mkdir()
    file.write_text(USING)
    (modules / "levels.py").write_text("LEVEL = 7\n")
    for name in ("levels", "numpy", "signal", "trad"):
        (here / f"{name}.py").write_text("raise RuntimeError('the wrong module')\n")
    monkeypatch.chdir(here)
    monkeypatch.syspath_prepend(modules)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry not in ("", str(here))])
    with started(plan_for(f"{file}:Using", tmp_path / "cache"), 1) as executor:
        (outcome,) = run(executor, [EpisodeSpec(number=1, params={})])
    assert outcome.ending == "completed"
    assert outcome.metrics is not None
    assert outcome.metrics["trades"] == 1


def test_ctrl_c_in_the_terminal_is_left_to_the_trainer(plan: EpisodePlan) -> None:
    with started(plan, 1) as executor:
        run(executor, [EpisodeSpec(number=1, params={})])
        (worker,) = workers_of(psutil.Process())
        os.kill(worker.pid, signal.SIGINT)
        (outcome,) = run(executor, [EpisodeSpec(number=2, params={})])
        assert outcome.ending == "completed"
        assert worker.is_running()
