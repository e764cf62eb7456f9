"""What the tests of executors do with one."""

import time
from collections.abc import Sequence

from trad.training.episode import EpisodeOutcome, EpisodeSpec
from trad.training.executor import Executor

PATIENCE = 120.0
"""Seconds after which a test gives up; a busy machine takes many to start a process."""


def gathered(executor: Executor, count: int) -> list[EpisodeOutcome]:
    """Collect so many outcomes, and make sure that no more come with them."""
    outcomes: list[EpisodeOutcome] = []
    deadline = time.monotonic() + PATIENCE
    while len(outcomes) < count:
        assert time.monotonic() < deadline, f"{len(outcomes)} of {count} outcomes came in {PATIENCE:g} s"
        outcomes += executor.collect(0.05)
    assert len(outcomes) == count
    return outcomes


def run(executor: Executor, episodes: Sequence[EpisodeSpec]) -> list[EpisodeOutcome]:
    """Submit episodes, and return their outcomes in the order of their numbers."""
    executor.submit(episodes)
    return sorted(gathered(executor, len(episodes)), key=lambda outcome: outcome.number)


def until_running(executor: Executor, count: int = 1) -> None:
    """Wait until the board shows so many episodes at work on a candle."""
    deadline = time.monotonic() + PATIENCE
    while sum(row.candles_processed > 0 for row in executor.board.running()) < count:
        assert time.monotonic() < deadline, f"no {count} episodes ran in {PATIENCE:g} s"
        assert executor.collect(0.02) == []
