"""Importing a large CSV, against `pandas.read_csv` alone, in turn; and the memory that it takes."""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from benchmarks.timing import machine

ROWS = 5_000_000
GOAL_SECONDS, GOAL_MEGABYTES = 15, 1_024

_IMPORT = """
import sys
from pathlib import Path
from trad.market.importing.importing import import_files
from trad.market.importing.options import ImportOptions
work = lambda: import_files([Path(sys.argv[1])], ImportOptions(), name="big")
"""
_PANDAS = """
import sys
import pandas
work = lambda: pandas.read_csv(sys.argv[1])
"""
_TIMED = """
import json, resource, time
began = time.perf_counter()
work()
seconds = time.perf_counter() - began
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def main() -> None:
    """Print seconds and megabytes of both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"importing a CSV of {options.rows:,} minutes ({machine()}), {options.rounds} rounds\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "minutes.csv"
        write(path, options.rows)
        print(f"{path.stat().st_size / 1e6:,.0f} MB, dates such as 2012-01-01 00:00:00")
        found: dict[str, list[list[float]]] = {"trad data import": [], "pandas.read_csv": []}
        for _ in range(options.rounds):
            for name, program in zip(found, (_IMPORT, _PANDAS), strict=True):
                out = subprocess.run(
                    [sys.executable, "-c", program + _TIMED, str(path)],
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
                found[name].append(json.loads(out))
    for name, runs in found.items():
        seconds, megabytes = (statistics.median(run[place] for run in runs) for place in (0, 1))
        print(f"{name:17s} {seconds:6.1f} s   {megabytes:6,.0f} MB")
    print(f"goal: import below {GOAL_SECONDS} s and {GOAL_MEGABYTES:,} MB")


def write(path: Path, rows: int) -> None:
    """Write a random walk of minutes."""
    random = np.random.default_rng(1)
    close = np.round(100 * np.exp(np.cumsum(random.normal(0, 1e-4, rows))), 5)
    opened = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    stamps = np.datetime64("2012-01-01T00:00:00") + np.arange(rows) * np.timedelta64(60, "s")
    with path.open("w") as file:
        file.write("Date,Open,High,Low,Close,Volume\n")
        for start in range(0, rows, 100_000):
            part = slice(start, start + 100_000)
            days = np.char.replace(np.datetime_as_string(stamps[part]), "T", " ").tolist()
            columns = (opened[part], high[part], low[part], close[part], random.integers(0, 900, len(days)))
            file.writelines(
                f"{day},{o},{h},{low_},{c},{v}\n"
                for day, o, h, low_, c, v in zip(days, *(x.tolist() for x in columns), strict=True)
            )


if __name__ == "__main__":
    main()
