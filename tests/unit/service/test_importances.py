"""Which parameters matter: found where one does, silent where none can be told."""

import random
from typing import Any

import pytest

from trad.service.importances import parameter_importances, searched_parameters
from trad.service.inspector import ScoredParams
from trad.strategies.parameters import Choice, Float, Int, Parameter, Params
from trad.strategies.sma_cross import SmaCross
from trad.strategies.space import ParameterSpace

SEARCHED: dict[str, Parameter[Any]] = {
    "matters": Int(5, low=0, high=100),
    "idle": Float(0.5, low=0.0, high=1.0),
    "kind": Choice(["a", "b"]),
}


def episodes(count: int) -> list[ScoredParams]:
    rng = random.Random(3)
    found = []
    for _ in range(count):
        matters = rng.randint(0, 100)
        params: Params = {"matters": matters, "idle": rng.random(), "kind": rng.choice("ab"), "fixed": 4}
        found.append(ScoredParams(params=params, score=-((matters - 30.0) ** 2)))
    return found


def test_the_parameter_that_decides_comes_first() -> None:
    shares = parameter_importances(SEARCHED, episodes(200))
    assert next(iter(shares)) == "matters"
    assert shares["matters"] > 0.8
    assert set(shares) == set(SEARCHED)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_it_is_the_same_each_time() -> None:
    assert parameter_importances(SEARCHED, episodes(50)) == parameter_importances(SEARCHED, episodes(50))


def test_equal_scores_tell_nothing() -> None:
    same = [ScoredParams(params=one.params, score=1.0) for one in episodes(30)]
    assert parameter_importances(SEARCHED, same) == dict.fromkeys(SEARCHED, 0.0)


def test_a_parameter_with_one_value_has_no_share() -> None:
    single = {"only": Int(3, low=3, high=3)}
    fixed = [ScoredParams(params={"only": 3}, score=float(n)) for n in range(20)]
    assert parameter_importances(single, fixed) == {"only": 0.0}


def test_the_space_of_a_job_is_read_without_the_strategys_code() -> None:
    space = ParameterSpace.parse(SmaCross, ["slow=60,90,120"])
    read = searched_parameters(space.as_json())
    assert {name: parameter.as_json() for name, parameter in read.items()} == {
        name: parameter.as_json() for name, parameter in space.searched.items()
    }
    assert searched_parameters(ParameterSpace.parse(SmaCross, ["slow=90"]).as_json()).keys() == {"fast"}
