"""What pages of a job's episodes cost in every order, among a million of them; and the memory that takes."""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.timing import machine

from trad.backtest.metrics import METRIC_NAMES
from trad.storage.browser import SqlBrowser
from trad.storage.cursors import written_place
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger
from trad.training.browsing import BEST_FIRST, BY_NUMBER, EpisodeSort
from trad.training.job import Episode, JobSpec

EPISODES = 1_000_000
TOGETHER = 5_000
PAGE = 200
PAGES = 40
"""Pages that are read behind episodes chosen at random, of which the best and the median are told."""

SORTS = (
    BY_NUMBER,
    EpisodeSort(by="number", descending=True),
    BEST_FIRST,
    EpisodeSort(by="score"),
    EpisodeSort(by="metric", name="sharpe", descending=True),
    EpisodeSort(by="metric", name="trades", descending=True),
    EpisodeSort(by="param", name="slow"),
)


def main() -> None:
    """Fill a database, then print a line for each order."""
    print(f"pages of {PAGE} among {EPISODES:,} episodes on SQLite ({machine()})", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'trad.db'}")
        job_id = fill(SqlLedger(engine))
        browser = SqlBrowser(engine)
        browser.episodes(job_id, limit=PAGE)
        for sort in SORTS:
            measure(browser, job_id, sort)
        engine.dispose()


def fill(ledger: SqlLedger) -> str:
    """Record the job; print how long that took."""
    job = ledger.create(SPEC)
    claim = ledger.claim("bench", lease_seconds=3600, job_id=job.id)
    assert claim is not None
    began = time.perf_counter()
    random = Random(7)
    for first in range(1, EPISODES + 1, TOGETHER):
        ledger.record_episodes(claim, [_told(number, random) for number in range(first, first + TOGETHER)])
    print(f"recorded in {time.perf_counter() - began:.0f} s", flush=True)
    return job.id


def measure(browser: SqlBrowser, job_id: str, sort: EpisodeSort) -> None:
    """Time the first page, then pages anywhere, and the first page of rare episodes in that order."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first = _timed(lambda: browser.episodes(job_id, sort=sort, limit=PAGE))
    random = Random(1)
    took = sorted(_behind(browser, job_id, sort, random.randrange(1, EPISODES)) for _ in range(PAGES))
    rare = _timed(lambda: browser.episodes(job_id, sort=sort, states=["failed"], limit=PAGE))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1_000
    name = f"{sort.by} {sort.name} {'falling' if sort.descending else 'rising'}"
    print(
        f"{name:28} first {1e3 * first:7,.0f} ms   anywhere best {1e3 * took[0]:5.1f} ms   "
        f"median {1e3 * took[len(took) // 2]:5.1f} ms   failed ones {1e3 * rare:5.1f} ms   "
        f"grew by {grown:5.1f} MB",
        flush=True,
    )


def _behind(browser: SqlBrowser, job_id: str, sort: EpisodeSort, number: int) -> float:
    last = browser.episode(job_id, number)
    assert last is not None
    cursor = written_place(sort, last)
    return _timed(lambda: browser.episodes(job_id, sort=sort, limit=PAGE, cursor=cursor))


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _told(number: int, random: Random) -> Episode:
    failed = number % 1_000 == 0
    metrics: dict[str, float | int | None] = {name: round(random.gauss(), 9) for name in METRIC_NAMES}
    metrics["trades"] = random.randrange(500)
    return Episode(
        number=number,
        state="failed" if failed else "completed",
        params={"fast": random.randrange(5, 50), "slow": random.randrange(10, 300)},
        score=None if failed else metrics["sharpe"],
        metrics=None if failed else metrics,
        stage="trade_simulation",
        candles_processed=10_000,
        total_candles=10_000,
        worker="bench",
        started_at=1.8e9,
        finished_at=1.8e9 + 1,
        error="ZeroDivisionError: division by zero" if failed else None,
    )


SPEC = JobSpec(
    strategy="sma_cross",
    strategy_code="c" * 64,
    data="sample:minute",
    data_hash="d" * 64,
    candles=10_000,
    optimizer="random",
    objective="sharpe",
    episodes=EPISODES,
    seed=7,
    space={
        "fast": {"type": "int", "default": 10, "low": 5, "high": 50, "step": 1, "log": False},
        "slow": {"type": "int", "default": 60, "low": 10, "high": 300, "step": 1, "log": False},
    },
)

if __name__ == "__main__":
    main()
