"""What the ledger in a database promises beyond the contract."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from tests.unit.storage.ledgers import episode, progress, running, spec

from trad.storage import claims
from trad.storage.clock import database_clock
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger
from trad.storage.tables import episodes, training_jobs
from trad.training.job import Claim

DESIGNED_JOB = """
id, state, strategy, optimizer, objective, spec, seed, priority, progress, current_episode, total_episodes,
current_stage, candles_processed, total_candles, backtest_stage, current_reward, current_loss, best_score,
best_episode, eta_seconds, candles_per_second, attempt, worker, lease_until, error, created_at, started_at,
heartbeat_at, finished_at
"""
DESIGNED_EPISODE = """
job_id, number, state, params, score, metrics, stage, candles_processed, total_candles, worker, started_at,
finished_at, error
"""


def names(listed: str) -> set[str]:
    return {name.strip() for name in listed.split(",")}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'trad.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    return SqlLedger(engine)


@pytest.fixture
def claim(ledger: SqlLedger) -> Claim:
    ledger.create(spec())
    claim = ledger.claim("w1", lease_seconds=60)
    assert claim is not None
    return claim


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that a block sends, but for the transaction's own."""
    sent: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_the_tables_have_the_columns_that_others_read() -> None:
    assert names(DESIGNED_JOB) <= set(training_jobs.c.keys())
    assert names(DESIGNED_EPISODE) <= set(episodes.c.keys())


@pytest.mark.parametrize(
    ("scores", "reward", "loss"),
    [([0.5, 1.25], 1.25, 0.0), ([-3.0, -2.5], 0.0, 2.5), ([0.0], 0.0, 0.0), ([nan], None, None)],
)
def test_reward_and_loss_are_the_best_scores_two_sides(
    ledger: SqlLedger,
    claim: Claim,
    tmp_path: Path,
    scores: list[float],
    reward: float | None,
    loss: float | None,
) -> None:
    told = [replace(episode(number), score=score) for number, score in enumerate(scores, 1)]
    ledger.record_episodes(claim, told)
    with sqlite3.connect(tmp_path / "trad.db") as outside:
        shown = outside.execute("SELECT current_reward, current_loss FROM training_jobs").fetchone()
    outside.close()
    assert shown == (reward, loss)


def test_json_is_json_to_an_outside_reader(ledger: SqlLedger, claim: Claim, tmp_path: Path) -> None:
    ledger.record_episodes(claim, [episode(1, 0.5, fast=12), episode(2, state="failed")])
    with sqlite3.connect(tmp_path / "trad.db") as outside:
        read = outside.execute(
            "SELECT json_extract(params, '$.fast'), json_extract(metrics, '$.sharpe') FROM episodes"
        ).fetchall()
        seed = outside.execute("SELECT json_extract(spec, '$.seed') FROM training_jobs").fetchone()
        nothing = outside.execute("SELECT count(*) FROM episodes WHERE metrics IS NULL").fetchone()
    outside.close()
    assert read[0] == (12, 0.5)
    assert (seed, nothing) == ((7,), (1,))


def test_progress_is_one_statement(engine: Engine, ledger: SqlLedger, claim: Claim) -> None:
    with statements(engine) as sent:
        ledger.save_progress(claim, progress(claim, 5, running(1)))
        ledger.heartbeat(claim)
    assert [statement.split()[0] for statement in sent] == ["UPDATE", "UPDATE"]


def test_a_claim_is_one_statement_that_walks_the_index_of_waiting_jobs(
    engine: Engine, ledger: SqlLedger
) -> None:
    ledger.create(spec())
    with statements(engine) as sent:
        ledger.claim("w1", lease_seconds=60)
    assert len(sent) == 1
    compiled = claims.claim_next("w1", 60.0, database_clock).compile(
        dialect=engine.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    with engine.connect() as connection:
        steps = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
    assert any("ix_training_jobs_claim" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


def test_a_batch_is_inserted_whole_whatever_its_size(engine: Engine, ledger: SqlLedger, claim: Claim) -> None:
    with statements(engine) as sent:
        ledger.record_episodes(claim, [episode(number) for number in range(1, 201)])
    assert [statement.split()[0] for statement in sent] == ["SELECT", "SELECT", "INSERT", "UPDATE"]
