"""Imports tens of thousands of mutilated files: each is read or refused, soon and within memory; `make fuzz`.

A file that crashes the import, takes longer than ten seconds or more than a gigabyte is kept and named.
"""

import argparse
import collections
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.timing import machine
from tests.fakes.mutilated import SEEDS, mutilated

from trad.errors import TradError
from trad.market.importing.importing import import_files
from trad.market.importing.options import ImportOptions

LONGEST_SECONDS = 10
MOST_MEGABYTES = 1024
DIRTY = Path(__file__).parents[2] / "shared" / "data" / "dirty"
_LARGEST_SEED = 40_000


def main() -> None:
    """Run the campaign and print what came of it; exit code 1 where a file did harm."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    dirty = [file.read_bytes()[:_LARGEST_SEED] for file in sorted(DIRTY.glob("*"))] if DIRTY.is_dir() else []
    seeds = (*SEEDS, *dirty)
    print(f"mutilated files ({machine()}); {len(seeds)} files to begin with, {len(dirty)} of them real")
    found: collections.Counter[str] = collections.Counter()
    slowest, began = 0.0, time.monotonic()
    signal.signal(signal.SIGALRM, _too_long)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        for seed in range(options.first, options.first + options.files):
            path.write_bytes(mutilated(seeds, seed))
            started = time.perf_counter()
            outcome = _outcome(path)
            slowest = max(slowest, time.perf_counter() - started)
            found[outcome] += 1
            if outcome.startswith("HARM"):
                print(f"seed {seed}: {outcome}", flush=True)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for outcome, count in found.most_common():
        print(f"  {count:>7,}  {outcome}")
    print(
        f"slowest {slowest:.2f} s, memory at most {megabytes:,} MB, {time.monotonic() - began:.0f} s in all"
    )
    if any(outcome.startswith("HARM") for outcome in found) or megabytes > MOST_MEGABYTES:
        sys.exit(1)


def _too_long(*_: object) -> None:
    raise TimeoutError


def _outcome(path: Path) -> str:
    signal.alarm(LONGEST_SECONDS)
    try:
        import_files([path], ImportOptions(most_cells=2_000_000), name="x")
    except TradError as error:
        return f"refused: {type(error).__name__}"
    except TimeoutError:
        return "HARM: it took too long"
    except Exception as error:  # noqa: BLE001 - what this looks for
        return f"HARM: {type(error).__name__}: {str(error)[:80]}"
    finally:
        signal.alarm(0)
    return "read"


if __name__ == "__main__":
    main()
