"""Many processes claim many jobs from one database; by hand on any scale:

    python -m tests.integration.claim_campaign URL 10000 16

It adds that many jobs to an empty database, lets that many processes claim and finish them all, and says
how long that took and how many were claimed twice or left.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert
from tests.unit.storage.ledgers import START, spec

from trad.storage import ids, rows, transitions
from trad.storage.database import open_database, transaction
from trad.storage.tables import training_jobs

ROOT = Path(__file__).parents[2]


@contextmanager
def worker(role: str, url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.integration.ledger_workers", role, url]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def answers(role: str, url: str, count: int) -> list[Any]:
    """Start processes, let them go at the same moment, and collect what they say."""
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(role, url)) for _ in range(count)]
        for one in workers:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in workers:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        return [json.loads(one.communicate()[0]) for one in workers]


def queue_jobs(url: str, count: int) -> list[str]:
    """Add queued jobs in one transaction; return their ids."""
    base = transitions.new_job(ids.new_job_id(START), spec(), 0, START)
    jobs = [
        replace(base, id=ids.new_job_id(START + number), priority=number % 3, created_at=START + number)
        for number in range(count)
    ]
    engine = open_database(url)
    try:
        with transaction(engine, "lasting") as connection:
            connection.execute(insert(training_jobs), [rows.job_values(job) for job in jobs])
    finally:
        engine.dispose()
    return [job.id for job in jobs]


def claim_and_finish(url: str, jobs: int, processes: int) -> tuple[list[str], list[list[str]], float]:
    """Return the jobs there were, those that each process claimed, and the seconds it took them."""
    made = queue_jobs(url, jobs)
    began = perf_counter()
    shares: list[list[str]] = answers("claim_and_finish", url, processes)
    return made, shares, perf_counter() - began


if __name__ == "__main__":
    made, shares, seconds = claim_and_finish(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    claimed = [job_id for share in shares for job_id in share]
    twice, left = len(claimed) - len(set(claimed)), len(set(made) - set(claimed))
    print(f"{len(made)} jobs, {len(shares)} processes, {seconds:.1f} s: {twice} claimed twice, {left} left")
