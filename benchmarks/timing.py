"""Ratios of durations, measured in one interleaved run."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def timed(call: Callable[[], object], inner: int = 1) -> float:
    """Seconds of one call, the mean of `inner`."""
    began = time.perf_counter()
    for _ in range(inner):
        call()
    return (time.perf_counter() - began) / inner


def percent(ratios: list[float]) -> str:
    """The median overhead in percent with its quartiles."""
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{100 * (middle - 1):+6.2f} %  (quartiles {100 * (low - 1):+.2f} .. {100 * (high - 1):+.2f})"


def machine() -> str:
    """What this was measured on, for the tables."""
    model = "unknown CPU"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":")[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
