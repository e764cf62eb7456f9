"""What the inline executor does beyond the contract, and does not."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.faulty import Faulty
from tests.fakes.plans import FAULTY, plan_for

from trad.errors import InputError
from trad.executors.inline import InlineExecutor
from trad.training.episode import EpisodePlan, EpisodeSpec


@pytest.fixture
def plan(tmp_path: Path) -> EpisodePlan:
    return plan_for(FAULTY, tmp_path)


def test_episodes_run_one_at_a_time_in_the_order_of_their_submission(plan: EpisodePlan) -> None:
    executor = InlineExecutor()
    executor.load(plan)
    executor.submit([EpisodeSpec(number=number, params={}) for number in (3, 1, 2)])
    assert [[o.number for o in executor.collect(9.0)] for _ in range(4)] == [[3], [1], [2], []]


def test_it_keeps_one_waiting_beside_the_one_that_runs(plan: EpisodePlan) -> None:
    executor = InlineExecutor()
    assert executor.room == 2
    executor.submit([EpisodeSpec(number=number, params={}) for number in (1, 2, 3)])
    assert executor.room == 0


def test_a_class_that_lives_in_no_file_runs_as_it_is(plan: EpisodePlan) -> None:
    class Local(Faulty):
        pass

    executor = InlineExecutor(Local)
    executor.load(replace(plan, strategy="class:Local", strategy_code=""))
    executor.submit([EpisodeSpec(number=1, params={"wrong": "raises"})])
    (outcome,) = executor.collect(0.0)
    assert outcome.error is not None
    assert "(faulty.py, line" in outcome.error


@pytest.mark.parametrize(("timeout", "memory"), [(1.0, None), (None, 1_000_000)])
def test_limits_that_it_cannot_keep_are_refused(
    plan: EpisodePlan, timeout: float | None, memory: int | None
) -> None:
    limited = replace(plan, memory=memory)
    with pytest.raises(InputError, match="limits need a worker process to end: use 1 worker or more"):
        InlineExecutor().load(limited, timeout=timeout)
    with pytest.raises(InputError, match="move Faulty into a file of its own, at its top level"):
        InlineExecutor(Faulty).load(limited, timeout=timeout)


def test_ctrl_c_ends_the_episode_and_is_not_taken_for_its_failure(plan: EpisodePlan) -> None:
    class Interrupted(Faulty):
        def go_wrong(self, signals: object) -> None:  # type: ignore[override]
            raise KeyboardInterrupt

    executor = InlineExecutor(Interrupted)
    executor.load(plan)
    executor.submit([EpisodeSpec(number=1, params={})])
    with pytest.raises(KeyboardInterrupt):
        executor.collect(0.0)
