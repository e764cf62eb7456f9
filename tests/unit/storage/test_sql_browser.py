"""What the browser of a database promises besides: no list scans or sorts what it does not show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, event, insert, text
from tests.unit.storage.ledgers import START, episode, spec

from trad.storage import ids, rows, transitions
from trad.storage.browser import SqlBrowser
from trad.storage.cursors import (
    JobCursor,
    NumberCursor,
    ScoreCursor,
    written_job,
    written_number,
    written_score,
)
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger
from trad.storage.tables import training_jobs
from trad.training.browsing import BEST_FIRST
from trad.training.job import JOB_STATES, Episode

EPISODES = 2_000
JOBS = 600
Asked = list[tuple[str, object]]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with a job of 2,000 episodes and 600 jobs in every state."""
    opened = open_database(database_url)
    try:
        _fill(opened)
        yield opened
    finally:
        opened.dispose()


def _fill(engine: Engine) -> None:
    ledger = SqlLedger(engine)
    ledger.create(spec(episodes=EPISODES))
    claim = ledger.claim("w1", lease_seconds=600)
    assert claim is not None
    ledger.record_episodes(claim, [_told(number) for number in range(1, EPISODES + 1)])
    base = transitions.new_job(ids.new_job_id(START), spec(), 0, START)
    with engine.begin() as connection:
        for number in range(JOBS):
            at = START + number
            state = JOB_STATES[number % len(JOB_STATES)]
            job = replace(base, id=ids.new_job_id(at), state=state, created_at=at, changed_at=at)
            connection.execute(insert(training_jobs).values(rows.job_values(job)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _told(number: int) -> Episode:
    score = None if number % 7 == 0 else 0.0 if number % 2 else number / 8
    return episode(number, score, state="failed" if number % 500 == 3 else "completed")


@contextmanager
def asked(engine: Engine) -> Iterator[Asked]:
    """Collect the questions that a block asks, with their values."""
    sent: Asked = []

    def note(connection: Connection, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def steps(engine: Engine, questions: Asked) -> list[str]:
    """Say how the database goes about the questions: a line for every step."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            plans = [
                connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values)  # type: ignore[arg-type]
                for question, values in questions
            ]
            return [str(row[3]) for plan in plans for row in plan]
    with engine.connect() as connection:
        # Among so few rows reading and sorting them all would often be quicker.
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            connection.execute(text(f"SET enable_{way} TO off"))
        plans = [connection.exec_driver_sql(f"EXPLAIN {question}", values) for question, values in questions]  # type: ignore[arg-type]
        return [str(row[0]).strip(" ->") for plan in plans for row in plan]


def looks(browser: SqlBrowser, job_id: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Return every kind of page, at the beginning, in the middle and at the end."""
    numbers = [None, *(written_number(NumberCursor(number)) for number in (1_000, 1_950))]
    places = [ScoreCursor(100.0, 5), ScoreCursor(0.0, 1_001), ScoreCursor(None, 700)]
    scores = [None, *map(written_score, places)]
    for states in ((), ("failed",), ("completed", "failed")):
        for cursor in numbers:
            yield f"number {states}", partial(browser.episodes, job_id, states=states, cursor=cursor)
        for cursor in scores:
            score = partial(browser.episodes, job_id, sort=BEST_FIRST, states=states, cursor=cursor)
            yield f"score {states}", score
    for wanted in ((), ("paused",), ("queued", "failed")):
        for cursor in (None, written_job(JobCursor(START + 300, "g"))):
            yield f"jobs {wanted}", partial(browser.jobs, states=wanted, cursor=cursor)
    yield "ended", partial(browser.ended, job_id, after=1_000, limit=100)
    yield "changes", partial(browser.changes, START + JOBS - 5)
    yield "counts", browser.counts


def test_every_page_walks_an_index(engine: Engine) -> None:
    """Of several states, what the walk of each found is sorted: never more than a page from each."""
    job_id = SqlLedger(engine).jobs(limit=1)[0].id
    for name, look in looks(SqlBrowser(engine), job_id):
        with asked(engine) as questions:
            look()
        assert questions
        plan = steps(engine, questions)
        scans = ("SCAN training_jobs", "SCAN episodes", "Seq Scan", "Bitmap")
        assert not [step for step in plan if step.startswith(scans) and "INDEX" not in step], (name, plan)
        if name in WALKS:
            assert not [step for step in plan if "TEMP B-TREE" in step or "Sort" in step], (name, plan)


WALKS = {"number ()", "number ('failed',)", "score ('failed',)", "jobs ()", "jobs ('paused',)", "ended"}
"""The pages that need no more than one walk."""
