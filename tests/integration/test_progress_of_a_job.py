"""Progress that is real: as fine as promised, never running backwards, a hundred at the end alone."""

import itertools
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
import pytest
from tests.fakes.plans import PLODDING, market
from tests.fakes.plodding import Plodding
from tests.fakes.training import Album, RecordingLedger
from tests.unit.executors.driving import PATIENCE

from trad.backtest.costs import Costs
from trad.backtest.engine import run_stages
from trad.backtest.simulation import Simulation
from trad.progress import STAGES, JobProgress, Stage, StageReporter
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, run_job
from trad.service.starting import open_executor
from trad.settings import read_settings
from trad.strategies.arrays import Flags, Ints
from trad.strategies.cell_nb import _atomic_load
from trad.training.board import ProgressBoard

pytestmark = [pytest.mark.serial, pytest.mark.slow]

EPISODES, CANDLES = 20, 10_000
GRAIN = 0.05
"""Percentage points of the job that one update may be worth at most."""

FEWEST_UPDATES = 50
OLDEST = 0.3
"""Seconds between two snapshots."""


def points(candles: int) -> float:
    """Say how much of the job so many candles of one stage are, in percentage points."""
    return 100 * candles / (len(STAGES) * CANDLES * EPISODES)


def largest_step(positions: list[int]) -> float:
    """Say what the largest step between a stage's updates is worth, in percentage points."""
    return points(int(np.diff([0, *positions, CANDLES]).max()))


def check_fine(positions: list[int]) -> None:
    """Make sure that a stage's updates are as many and as small as promised."""
    assert len(positions) >= FEWEST_UPDATES
    assert largest_step(positions) <= GRAIN


class Updates:
    """A `BacktestProgress` that keeps each position that Python code reports."""

    def __init__(self) -> None:
        self.positions: dict[Stage, list[int]] = {stage: [] for stage in STAGES}

    def start_stage(self, stage: Stage, total: int) -> StageReporter:
        kept = self.positions[stage]

        class Witness(StageReporter):
            def update(self, done: int) -> None:
                super().update(done)
                kept.append(self.done)

        return Witness(total)


@pytest.mark.parametrize("lookback", [5, 20, 60])
def test_each_signal_stage_in_plain_python_makes_small_updates(lookback: int) -> None:
    updates = Updates()
    run_stages(market(CANDLES), Plodding(lookback=lookback), Costs(), updates)
    check_fine(sorted(set(updates.positions["signal_generation"])))


@numba.njit(nogil=True)
def _watch(cell: Ints, over: Ints, seen: Flags) -> None:
    while _atomic_load(over, 0) == 0:
        seen[_atomic_load(cell, 0)] = True


def test_each_simulation_stage_makes_small_updates() -> None:
    """The kernel is through in fifty microseconds: another one looks at its cell without a pause.

    What it misses when the machine gives it no time, it sees in a later run of the same stage.
    """
    candles = market(CANDLES)
    reporter = StageReporter(CANDLES)
    signals = Plodding().generate_signals(candles, StageReporter(CANDLES))
    seen, over = np.zeros(CANDLES + 1, np.bool_), np.zeros(1, np.int64)
    over[0] = 1
    _watch(reporter.cell, over, seen)  # compiled before it counts
    over[0] = 0
    watcher = threading.Thread(target=_watch, args=(reporter.cell, over, seen))
    watcher.start()
    deadline = time.monotonic() + 30
    try:
        while largest_step(np.flatnonzero(seen).tolist()) > GRAIN:
            assert time.monotonic() < deadline, np.flatnonzero(seen).tolist()
            reporter.cell[0] = 0
            Simulation(candles, signals, Costs()).run(reporter)
    finally:
        over[0] = 1
        watcher.join()
    check_fine(np.flatnonzero(seen)[1:].tolist())


class Pulse:
    """A bare thread that ticks as the monitor does: how late it comes is the machine's doing."""

    def __init__(self) -> None:
        self._ticks: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tick)

    def _tick(self) -> None:
        while not self._over.wait(0.1):
            self._ticks.append(time.monotonic())

    @contextmanager
    def beating(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()

    @property
    def latest(self) -> float:
        """Seconds by which the longest pause between two ticks exceeded what was asked."""
        return max(0.0, float(np.diff(self._ticks).max()) - 0.1) if len(self._ticks) > 1 else 0.0


Seen = dict[tuple[int, Stage], list[int]]
"""The positions of each episode and stage."""


def watch_board(board: ProgressBoard, over: threading.Event, seen: Seen, pauses: list[float]) -> None:
    """Keep each position that the workers' rows show, as fast as Python can look, and how long it did not."""
    last = time.time()
    while not over.is_set():
        for row in board.running():
            kept = seen.setdefault((row.episode, row.stage), [])
            if not kept or kept[-1] != row.candles_processed:
                kept.append(row.candles_processed)
        now = time.time()
        pauses.append(now - last)
        last = now
        time.sleep(0.0003)


class Watched(NamedTuple):
    """A job's snapshots and their times, and what its board showed of its episodes.

    `late` is the machine's own lateness in seconds; `fleeting` are the episodes that were shorter than the
    longest pause between two looks at the board.
    """

    album: Album
    stamps: list[float]
    late: float
    seen: Seen
    fleeting: set[int]


def run_watched(workers: int) -> Watched:
    """Train, and watch it."""
    settings = read_settings()
    request = TrainRequest(
        strategy=PLODDING,
        data=f"sample:minute?candles={CANDLES}",
        optimizer="random",
        episodes=EPISODES,
        seed=3,
    )
    album, pulse, over = Album(), Pulse(), threading.Event()
    seen: Seen = {}
    ledger = RecordingLedger()
    planned = plan_job(request, settings)
    executor = open_executor(workers, None)
    claim = begin_job(ledger, planned, settings)
    pauses: list[float] = []
    watcher = threading.Thread(target=watch_board, args=(executor.board, over, seen, pauses))
    stamps: list[float] = []

    class Timed:
        def show(self, progress: JobProgress, *, final: bool = False) -> None:
            stamps.append(time.monotonic())

    watcher.start()
    try:
        with pulse.beating():
            job = run_job(ledger, claim, settings, executor, [album, Timed()])
    finally:
        over.set()
        watcher.join()
    assert (job.state, job.progress) == ("completed", 100)
    fleeting = set()
    for episode in ledger.recorded:
        assert episode.started_at is not None
        assert episode.finished_at is not None
        if episode.finished_at - episode.started_at <= max(pauses):
            fleeting.add(episode.number)
    return Watched(album, stamps, pulse.latest, seen, fleeting)


def test_a_jobs_snapshots_are_true_fresh_and_monotone() -> None:
    run = run_watched(workers=2)
    check_percent(run.album)
    check_candles(run.album.shown)
    assert float(np.diff(run.stamps).max()) <= OLDEST + run.late, "a snapshot was older than it may be"
    check_board(run.seen, run.fleeting)


def check_percent(album: Album) -> None:
    """Job percent never falls; a hundred stands in the last snapshot and in no other."""
    percents = [progress.percent for progress in album.shown]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert max(percents[:-1]) < 100
    assert album.finals == [False] * (len(percents) - 1) + [True]
    assert album.shown[-1].finished == EPISODES
    for progress in album.shown:
        done = progress.finished + sum(episode.fraction for episode in progress.running)
        assert progress.percent >= min(100 * done / EPISODES, 99.99) - 1e-9


def check_candles(shown: list[JobProgress]) -> None:
    """Each running episode's candle stays within the data, and goes on from snapshot to snapshot."""
    last: dict[int, tuple[int, int]] = {}
    inside = 0
    for progress in shown:
        numbers = [episode.number for episode in progress.running]
        assert numbers == sorted(set(numbers))
        assert len(numbers) <= 2
        for episode in progress.running:
            assert episode.total_candles == CANDLES
            assert 0 <= episode.candles_processed <= CANDLES
            place = (STAGES.index(episode.stage), episode.candles_processed)
            assert place >= last.get(episode.number, (0, 0))
            last[episode.number] = place
            assert episode.fraction == (place[0] + place[1] / CANDLES) / 2
            inside += 0 < episode.candles_processed < CANDLES
    assert inside >= 10, "candles were seen on their way, not at the ends of stages alone"


def check_board(seen: Seen, fleeting: set[int]) -> None:
    """What stood on the board while the job ran: every episode, rising, in small steps taken together."""
    missing = set(range(1, EPISODES + 1)) - {number for number, _ in seen}
    assert missing <= fleeting
    assert len(missing) < EPISODES // 4
    for positions in seen.values():
        assert positions == sorted(positions)
        assert positions[-1] <= CANDLES
    plain = [kept for (_, stage), kept in seen.items() if stage == "signal_generation"]
    check_fine(sorted({position for kept in plain for position in kept} - {0, CANDLES}))


LINE = re.compile(
    r"Progress: (?P<percent>[\d.]+)% \(Episode (?P<number>\d+)/(?P<planned>\d+)\) - "
    r"Processing candle (?P<candle>\d+)/(?P<total>\d+) \((?P<share>[\d.]+)%\) \[(?P<stage>\w+)\]"
)
OTHER = re.compile(r"Progress: (?P<percent>[\d.]+)% \(Episode \d+/\d+\) - .+")


def test_the_lines_of_two_workers_episodes_never_mix(trad_home: Path) -> None:
    """Two workers, no terminal: each line tells of one episode at one moment."""
    command = [sys.executable, "-m", "trad", "train", PLODDING, "--data", "sample:minute?candles=30000"]
    command += ["--optimizer", "random", "--episodes", "10", "--workers", "2", "--seed", "3"]
    environment = {**os.environ, "TRAD_HOME": str(trad_home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    lines = done.stderr.splitlines()
    assert done.returncode == 0, done.stderr
    percents = [float(found["percent"]) for line in lines if (found := OTHER.fullmatch(line))]
    assert len(percents) == len(lines), lines
    assert percents == sorted(percents)
    assert [line for line in lines if "100.0%" in line.split("(")[0]] == [lines[-1]]
    places: dict[int, tuple[int, int]] = {}
    for found in filter(None, map(LINE.fullmatch, lines)):
        assert (found["planned"], found["total"]) == ("10", "30000")
        candle = int(found["candle"])
        assert abs(float(found["share"]) - 100 * candle / 30_000) <= 0.1
        place = (STAGES.index(found["stage"]), candle)
        assert place >= places.get(int(found["number"]), (0, 0))
        places[int(found["number"])] = place
        # What the oldest running episode is at is a part of the whole.
        least = 100 * (int(found["number"]) - 2 + (place[0] + candle / 30_000) / 2) / 10
        assert float(found["percent"]) >= least - 0.1
    assert len(places) >= 2, lines
    assert list(places) == sorted(places), "the oldest running episode is the one shown"
    assert all(b > a for a, b in itertools.pairwise(list(places)))
