"""Other programs as processes, each in the environment that `make peers` makes for it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trad.market.candles import Candles

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = Path(os.environ.get("TRAD_PEERS", ROOT / "build" / "peers"))
PROGRAMS = ROOT / "benchmarks" / "peers"


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A trade as any program tells it; `exit` is None while it is open."""

    entry: int
    exit: int | None
    side: int
    entry_price: float
    exit_price: float
    gain: float
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a program tells of one run."""

    at: list[int]
    entry: list[int]
    stop: list[float]
    target: list[float]
    trades: list[Trade]
    refused: list[int]
    growth: float | None


def ask(peer: str, candles: Path, job: dict[str, Any]) -> Told:
    """Run a peer over candles; without its environment the test is skipped."""
    python = ENVIRONMENTS / peer / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{peer} has no environment at {python.parents[1]}; `make peers` makes it")
    done = subprocess.run(
        [python, PROGRAMS / f"{peer}_trades.py", candles, json.dumps(job)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    return Told(
        **answer["signals"],
        trades=[_trade(row) for row in answer["trades"]],
        refused=answer["refused"],
        growth=answer["growth"],
    )


def write(candles: Candles, path: Path) -> Path:
    """Write the prices where a peer reads them."""
    columns = {name: np.asarray(column) for name, column in candles.columns.items()}
    np.savez(path, **columns)  # type: ignore[arg-type]  # its stubs take a column's name for an option
    return path


def _trade(row: dict[str, Any]) -> Trade:
    return Trade(
        entry=row["entry"],
        exit=row["exit"],
        side=row["side"],
        entry_price=row["entry_price"],
        exit_price=row["exit_price"] or 0.0,
        gain=row["return"] or 0.0,
    )
