"""A program that owns worker processes: `owner_of_workers.py WRONG CACHE`.

It starts two, lets each run an episode that goes wrong in the wanted way, writes their process ids once
both are at it, and then waits to be killed.
"""

import json
import sys
import time
from pathlib import Path

import psutil
from tests.fakes.plans import FAULTY, plan_for

from trad.executors.processes import ProcessExecutor
from trad.training.episode import EpisodeSpec


def main(wrong: str, cache: str) -> None:
    executor = ProcessExecutor(2)
    executor.load(plan_for(FAULTY, Path(cache)))
    executor.submit([EpisodeSpec(number=number, params={"wrong": wrong}) for number in (1, 2)])
    while sum(row.candles_processed > 0 for row in executor.board.running()) < 2:
        executor.collect(0.02)
    print(json.dumps([child.pid for child in psutil.Process().children(recursive=True)]), flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
