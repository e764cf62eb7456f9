"""One result, however it ran: inline, or on one, two or four workers."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.plans import FAKES
from tests.fakes.training import RecordingLedger

from trad.backtest.terms import Terms
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, run_job
from trad.service.starting import open_executor
from trad.settings import Settings, read_settings
from trad.training.job import Job

EPISODES = 24
UNEVEN = f"{FAKES / 'uneven.py'}:Uneven"


def request(optimizer: str, *, seed: int = 11, window: int = 8) -> TrainRequest:
    return TrainRequest(
        strategy=UNEVEN,
        data="sample:minute?candles=5000",
        optimizer=optimizer,
        episodes=EPISODES,
        seed=seed,
        params=["effort=1:40", "stop=0.001:0.1:0.003"],
        window=window,
    )


def train(asked: TrainRequest, settings: Settings, workers: int) -> tuple[Job, list[int]]:
    """Run the job; return it, and its episodes in the order in which they ended."""
    ledger = RecordingLedger()
    claim = begin_job(ledger, plan_job(asked, settings), settings)
    job = run_job(ledger, claim, settings, open_executor(workers, None))
    assert (job.state, job.completed_episodes, job.failed_episodes) == ("completed", EPISODES, 0)
    return job, [episode.number for episode in ledger.recorded]


@pytest.fixture
def settings(trad_home: Path) -> Settings:
    return read_settings()


@pytest.mark.slow
def test_fingerprints_are_equal_for_any_number_of_workers_and_any_optimizer(settings: Settings) -> None:
    orders: list[list[int]] = []
    prints: dict[str, set[str | None]] = {}
    for optimizer, counts in (("random", (0, 4)), ("grid", (0, 2)), ("bayesian", (0, 1, 2, 4))):
        for workers in counts:
            job, order = train(request(optimizer), settings, workers)
            prints.setdefault(optimizer, set()).add(job.fingerprint)
            assert sorted(order) == list(range(1, EPISODES + 1))
            orders.append(order)
    assert [len(found) for found in prints.values()] == [1, 1, 1], prints
    assert len(set.union(*prints.values()) - {None}) == 3
    assert any(order != sorted(order) for order in orders), "the workers' episodes ended out of order"


def test_terms_reach_every_worker_and_are_part_of_the_result(settings: Settings) -> None:
    asked = replace(request("random"), terms=Terms(trailing_stop=0.01, time_stop=7, sides="long"))
    inline, elsewhere = (train(asked, settings, workers)[0].fingerprint for workers in (0, 2))
    assert inline == elsewhere != train(request("random"), settings, 0)[0].fingerprint


@pytest.mark.parametrize("optimizer", ["random", "bayesian"])
def test_another_seed_is_another_result(settings: Settings, optimizer: str) -> None:
    one, other = (train(request(optimizer, seed=seed), settings, 0)[0] for seed in (1, 2))
    assert one.fingerprint != other.fingerprint


def test_the_window_is_part_of_what_a_bayesian_result_depends_on(settings: Settings) -> None:
    one, other = (train(request("bayesian", window=window), settings, 0)[0] for window in (1, 8))
    assert one.fingerprint != other.fingerprint
