"""A job's spec and an episode's plan, as data that goes to a table and to other processes and back."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from tests.fakes.training import spec

from trad.errors import InputError
from trad.training.episode import EpisodePlan
from trad.training.job import JobSpec


def test_a_spec_is_the_same_after_a_journey_through_json() -> None:
    made = replace(spec(), space={"fast": {"type": "int", "low": 2}, "slow": 50}, episode_memory=1 << 20)
    assert JobSpec.from_json(json.loads(json.dumps(made.as_json()))) == made


def test_a_spec_of_a_newer_program_is_refused() -> None:
    with pytest.raises(InputError, match=r"unknown fields colour, shape; was it written by a newer Trad\?"):
        JobSpec.from_json({**spec().as_json(), "shape": 1, "colour": 2})


def test_a_spec_that_lacks_something_says_what() -> None:
    data = spec().as_json()
    del data["seed"]
    with pytest.raises(InputError, match=r"not complete: .*'seed'"):
        JobSpec.from_json(data)


def test_what_an_older_program_did_not_write_has_its_default() -> None:
    data = spec().as_json()
    del data["synthetic"], data["episode_memory"], data["terms"]
    assert JobSpec.from_json(data) == spec()


def test_a_plan_takes_everything_that_an_episode_depends_on_from_the_spec() -> None:
    job = replace(spec(), fee=0.002, slippage=0.0, position_size=0.5, initial_cash=7.0, episode_memory=9)
    job = replace(job, terms={"time_stop": 5})
    plan = EpisodePlan.of(job, cache=Path("/cache"), strategies=Path("/strategies"))
    renamed = {"strategies_folder": "/strategies", "cache_folder": "/cache", "memory": 9}
    for field in fields(EpisodePlan):
        expected = renamed[field.name] if field.name in renamed else getattr(job, field.name)
        assert getattr(plan, field.name) == expected, field.name
    assert EpisodePlan(**json.loads(json.dumps(plan.as_json()))) == plan


def test_a_plan_without_a_strategies_folder() -> None:
    assert EpisodePlan.of(spec(), cache=Path("/cache"), strategies=None).strategies_folder is None
