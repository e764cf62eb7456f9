"""Trad against backtesting.py and vectorbt, in turn within each round; `make bench-peers` makes their places.

Every program begins with NumPy arrays and ends with trades and metrics; loading and compiling, which a
call on 2,000 candles does beforehand, are not counted. A and B are one backtest: an SMA cross 10/30 that
reverses, and the liquidity sweep with stop and target. C is 200 random configurations of A with two
processes: Trad with progress, ledger and all metrics, of which more are timed, for 200 end before the
second process has loaded; vectorbt with 20 columns a call and one metric; backtesting.py's optimiser, of
which fewer are timed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from benchmarks.timing import machine

from trad.market.samples import read_sample

ROOT = Path(__file__).parents[1]
PEERS = Path(os.environ.get("TRAD_PEERS", ROOT / "build" / "peers"))
PROGRAMS = ROOT / "benchmarks" / "peers"
VECTORBT = ("vectorbt numba", "vectorbt rust")
GOALS = {"A": (20, 500), "B": (12, 350), "C": (20, 700)}
"""How many times faster than vectorbt's faster engine, and than backtesting.py."""

GOAL_MB = 600
FEW, MANY = 8, 4_000
"""Configurations that backtesting.py's optimiser is timed with, and those that Trad is."""


@dataclass
class Measured:
    """What one program needed for one unit of work: candles in A and B, configurations in C."""

    seconds: list[float] = field(default_factory=list)
    parts: list[float] = field(default_factory=list)
    memory: float = 0.0


def main() -> None:
    """Print a table for each work."""
    options = _options()
    print(f"Trad against its peers ({machine()}), load {os.getloadavg()[0]:.1f}, {options.rounds} rounds\n")
    print("| work | program | time | per unit | Trad is faster by | goal | memory of all its processes |")
    print("|---|---|--:|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        files = {n: write(n, Path(folder)) for n in {options.candles, options.slow, 100_000}}
        for work in options.work:
            measure(work, files, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", default="ABC", help="of A, B and C")
    parser.add_argument("--candles", type=int, default=1_000_000, help="of A and B")
    parser.add_argument("--slow", type=int, default=100_000, help="candles of A and B for backtesting.py")
    return parser.parse_args()


def write(n: int, folder: Path) -> Path:
    """Write the synthetic market's columns where every program reads them."""
    path = folder / f"{n}.npz"
    np.savez(
        path, **{name: np.asarray(c) for name, c in read_sample(f"sample:minute?candles={n}").columns.items()}
    )
    return path


def measure(work: str, files: dict[int, Path], options: argparse.Namespace) -> None:
    """Run every program once a round, backtesting.py in the first round alone, and print what came."""
    found = {name: Measured() for name in ("trad", *VECTORBT, "backtesting.py")}
    for k in range(options.rounds):
        for name, measured in found.items():
            if k == 0 or name != "backtesting.py":
                run(name, work, files, options, measured)
    ours = statistics.median(found["trad"].seconds)
    fastest = min(VECTORBT, key=lambda name: statistics.median(found[name].seconds))
    goals = {fastest: GOALS[work][0], "backtesting.py": GOALS[work][1]}
    for name, measured in found.items():
        middle = statistics.median(measured.seconds)
        unit = (
            f"{1e9 * middle:,.1f} ns a candle"
            if work in "AB"
            else f"{1 / middle:,.1f} configurations a second"
        )
        units = options.candles if work in "AB" else 200
        shown = f"{1e3 * middle * units:,.1f} ms"
        times = "" if name == "trad" else f"{middle / ours:,.1f}x"
        goal = (
            f"{goals[name]}x"
            if name in goals
            else (f"{GOAL_MB} MB" if name == "trad" and work == "C" else "")
        )
        print(f"| {work} | {name} | {shown} | {unit} | {times} | {goal} | {measured.memory:,.0f} MB |")
    if work in "AB":
        parts = [part / options.candles for part in found["trad"].parts]
        print(f"\nTrad without taking in the arrays: {1e9 * statistics.median(parts):,.1f} ns a candle\n")
    else:
        print(f"\nTrad's job with starting its processes: {statistics.median(found['trad'].parts):,.1f} s\n")


def run(
    name: str, work: str, files: dict[int, Path], options: argparse.Namespace, measured: Measured
) -> None:
    """Run one program once and take down its time for one unit of work."""
    candles = 100_000 if work == "C" else options.slow if name == "backtesting.py" else options.candles
    commands = _commands(name, work, files[candles])
    answers, memory = together(commands)
    if work == "C":
        # Two processes of vectorbt's share the configurations, and the slower one ends the work.
        episodes = sum(answer["episodes"] for answer in answers)
        measured.seconds.append(max(answer["seconds"] for answer in answers) / episodes)
    else:
        measured.seconds.append(answers[0]["seconds"] / candles)
    measured.parts += [answer[key] for answer in answers for key in ("backtest", "whole") if key in answer]
    measured.memory = max(measured.memory, memory)


def _commands(name: str, work: str, file: Path) -> list[list[str]]:
    program, _, engine = name.partition(" ")
    if program == "trad":
        more = [str(MANY)] if work == "C" else []
        return [[sys.executable, str(PROGRAMS / "trad_speed.py"), str(file), work, *more]]
    program = program.removesuffix(".py")
    start = [str(PEERS / program / "bin" / "python"), str(PROGRAMS / f"{program}_speed.py"), str(file), work]
    if program == "backtesting":
        return [[*start, str(FEW)]] if work == "C" else [start]
    if work == "C":
        return [[*start, engine, "100", seed] for seed in ("1", "2")]
    return [[*start, engine]]


def together(commands: list[list[str]]) -> tuple[list[dict[str, float]], float]:
    """Run commands side by side; return what each answered, and the most memory all took at once, in MB."""
    # Trad refuses variables of its name that it does not know, and that of the peers is one.
    world = {name: value for name, value in os.environ.items() if name != "TRAD_PEERS"}
    running = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", env=world
        )
        for command in commands
    ]
    most = 0.0
    while any(process.poll() is None for process in running):
        most = max(most, sum(_memory(process.pid) for process in running))
        time.sleep(0.1)
    answers = []
    for process in running:
        out, err = process.communicate()
        if process.returncode:
            raise SystemExit(f"{' '.join(process.args[:2])} failed:\n{err[-2_000:]}")
        answers.append(json.loads(out.splitlines()[-1]))
    return answers, most


def _memory(pid: int) -> float:
    """What a process and its children hold, pages that they share counted once, in MB."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # ended meanwhile
            continue
    return total / 2**20


if __name__ == "__main__":
    main()
