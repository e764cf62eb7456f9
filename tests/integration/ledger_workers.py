"""Processes that share one database: run as `python -m tests.integration.ledger_workers ROLE URL`.

Each says `ready` when it is loaded, waits for a line, and answers with one line of JSON.
"""

import json
import os
import random
import signal
import sqlite3
import sys
from collections.abc import Callable
from itertools import count
from time import sleep

from sqlalchemy import Connection, Engine, event
from tests.unit.storage.ledgers import episode, spec

from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger, open_ledger
from trad.training.job import Claim, Episode

Found = list[int]

BATCH = 400
STEPS = 25
"""How many of SQLite's own steps count as one here."""


def claim_all(url: str) -> list[str]:
    """Claim jobs until there are none."""
    taken = []
    with open_ledger(url) as ledger:
        while claim := ledger.claim(f"w{os.getpid()}", lease_seconds=600):
            taken.append(claim.job_id)
    return taken


def claim_and_finish(url: str) -> list[str]:
    """Claim jobs and finish them, until there are none."""
    done = []
    with open_ledger(url) as ledger:
        while claim := ledger.claim(f"w{os.getpid()}", lease_seconds=600):
            ledger.finish(claim, "completed")
            done.append(claim.job_id)
    return done


def open_and_create(url: str) -> list[str]:
    """Open a database that several processes open for the first time; add a job."""
    with open_ledger(url) as ledger:
        return [ledger.create(spec()).id]


def die_while_recording(url: str) -> list[Found]:
    """Record a batch in child after child, each killed at a later step of SQLite's.

    Returns, after each child: the signal it died of, how many episodes there are, how many the job
    counts, the number of its best one, and the largest number there is.
    """
    steps = _steps_of_a_batch(f"{url}-scratch")
    moments = [*(steps * part // 16 for part in range(16)), *range(steps - 3, steps), None]
    claim = _claimed(url)
    found = []
    for told, moment in enumerate(moments):
        child = os.fork()
        if child == 0:
            _record_and_die(url, claim, told, moment)
        found.append(_after(url, claim, child))
    return found


def killed_while_recording(url: str) -> list[Found]:
    """Do the same with children that record batch after batch and are killed from outside."""
    chance = random.Random(5)
    claim = _claimed(url)
    found = []
    for told in range(12):
        begun, begins = os.pipe()
        child = os.fork()
        if child == 0:
            _record_until_killed(url, claim, told, begins)
        os.close(begins)
        os.read(begun, 1)
        os.close(begun)
        sleep(chance.random() * 0.1)
        os.kill(child, signal.SIGKILL)
        found.append(_after(url, claim, child))
    return found


def _claimed(url: str) -> Claim:
    with open_ledger(url) as ledger:
        ledger.create(spec())
        claim = ledger.claim("w1", lease_seconds=600)
    assert claim is not None
    return claim


def _steps_of_a_batch(url: str) -> int:
    claim = _claimed(url)
    engine = open_database(url)
    looks: list[int] = []
    _at_every_step(engine, lambda: looks.append(1))
    SqlLedger(engine).record_episodes(claim, _batch(0))
    engine.dispose()
    return len(looks)


def _record_and_die(url: str, claim: Claim, told: int, moment: int | None) -> None:
    engine = open_database(url)
    looks = count()

    def die() -> None:
        if next(looks) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    _at_every_step(engine, die)
    SqlLedger(engine).record_episodes(claim, _batch(told))
    os._exit(0)


def _record_until_killed(url: str, claim: Claim, told: int, begins: int) -> None:
    ledger = SqlLedger(open_database(url))
    for part in range(1_000):
        ledger.record_episodes(claim, _batch(told * 1_000 + part))
        if part == 0:
            os.write(begins, b".")
    os._exit(0)


def _batch(told: int) -> list[Episode]:
    """Make batch `told`; the later the batch, the better its scores, the last episode's most."""
    first = told * BATCH + 1
    return [episode(number, number / 8) for number in range(first, first + BATCH)]


def _at_every_step(engine: Engine, look: Callable[[], None]) -> None:
    def handler() -> int:
        look()
        return 0

    def watch(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(handler, STEPS)

    event.listen(engine, "begin", watch)


def _after(url: str, claim: Claim, child: int) -> Found:
    _, status = os.waitpid(child, 0)
    with open_ledger(url) as ledger:
        job = ledger.job(claim.job_id)
        kept = [one.number for one in ledger.episodes(claim.job_id)]
    return [
        os.WTERMSIG(status),
        len(kept),
        job.completed_episodes,
        job.best_episode or 0,
        max(kept, default=0),
    ]


ROLES = {
    "claim_all": claim_all,
    "claim_and_finish": claim_and_finish,
    "open_and_create": open_and_create,
    "die_while_recording": die_while_recording,
    "killed_while_recording": killed_while_recording,
}

if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(ROLES[sys.argv[1]](sys.argv[2])))
