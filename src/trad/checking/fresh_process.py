"""Runs a strategy in processes of their own, which know nothing of this one and order sets differently."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from trad.checking.comparing import EXACT, differences
from trad.checking.report import Finding
from trad.checking.runs import Runs
from trad.errors import StrategyError
from trad.market.candles import Candles
from trad.strategies.loading import identify, load_strategy
from trad.strategies.parameters import ParameterValue
from trad.strategies.signal_checks import moment
from trad.strategies.signals import Signals

_HASH_SEEDS = ("1", "2")
"""By these, and not by chance, the processes order sets of words: each order is another for most sets."""
_PATIENCE = 120.0
"""Seconds after which a process is given up."""

_ASKED, _CANDLES, _SIGNALS, _ERROR = "asked.json", "candles.npz", "signals.npz", "error.txt"


def run_afresh(runs: Runs, candles: Candles, full: Signals) -> tuple[list[Finding], list[Finding]]:
    """Run the strategy in two fresh processes at once, and compare with the full run.

    Args:
        runs: Runs the strategy here; a class that no file holds is passed over.
        candles: The whole series.
        full: The signals for it.

    Returns:
        Findings and notes, one of either at most.
    """
    found = identify(runs.strategy)
    if found is None:
        return [], []
    with tempfile.TemporaryDirectory(prefix="trad-check-") as name, ExitStack() as stack:
        folders = [Path(name) / seed for seed in _HASH_SEEDS]
        processes = []
        for folder, seed in zip(folders, _HASH_SEEDS, strict=True):
            _ask(folder, found.reference, runs.params, candles)
            process = _started(folder, seed)
            stack.callback(process.wait)
            stack.callback(process.kill)
            processes.append(process)
        for folder, process in zip(folders, processes, strict=True):
            if (noticed := _compared(folder, process, candles, full)) is not None:
                return noticed
    return [], []


def _ask(folder: Path, reference: str, params: Mapping[str, ParameterValue], candles: Candles) -> None:
    folder.mkdir()
    asked = {"reference": reference, "params": dict(params), "name": candles.name}
    (folder / _ASKED).write_text(json.dumps(asked), encoding="utf-8")
    columns: dict[str, Any] = {"timestamp": candles.timestamp, **candles.columns}
    np.savez(folder / _CANDLES, **columns)


def _started(folder: Path, hash_seed: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this interpreter, and a folder that was just made
        [sys.executable, "-m", "trad.checking.fresh_process", str(folder)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _compared(
    folder: Path, process: subprocess.Popen[bytes], candles: Candles, full: Signals
) -> tuple[list[Finding], list[Finding]] | None:
    try:
        code = process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return [], [_said(f"a fresh process was given up after {_PATIENCE:.0f} s, and not compared")]
    if (folder / _ERROR).exists():
        error = (folder / _ERROR).read_text(encoding="utf-8")
        return [_said(f"in a fresh process it raises: {error}")], []
    if code != 0:
        return [], [_said(f"a fresh process ended with exit code {code}, and was not compared")]
    with np.load(folder / _SIGNALS, allow_pickle=False) as columns:
        made = Signals(**dict(columns))
    marked = np.flatnonzero(differences(full, made, EXACT))
    if not len(marked):
        return None
    where = moment(candles, int(marked[0]))
    text = f"in a fresh process the signals differ, at {len(marked):,} candles, first at {where}: "
    return [_said(f"{text}the order of a set, a file or another module may decide")], []


def _said(text: str) -> Finding:
    return Finding(check="repeatable", text=text)


def _answer(folder: Path) -> None:
    """Do what `_ask` asked for; in the fresh process."""
    asked = json.loads((folder / _ASKED).read_text(encoding="utf-8"))
    with np.load(folder / _CANDLES, allow_pickle=False) as columns:
        candles = Candles(**columns, name=asked["name"])
    try:
        made = Runs(load_strategy(asked["reference"]), asked["params"]).signals(candles)
    except StrategyError as error:
        (folder / _ERROR).write_text(str(error), encoding="utf-8")
        return
    signals: dict[str, Any] = made.columns()
    np.savez(folder / _SIGNALS, **signals)


if __name__ == "__main__":
    _answer(Path(sys.argv[1]))
