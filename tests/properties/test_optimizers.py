"""What holds of every optimizer on every space."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.unit.optimizers.driving import driven
from tests.unit.optimizers.spaces import Declared

from trad import Choice, Float, Int
from trad.errors import SpaceError
from trad.optimizers.grid_search import GridSearch
from trad.optimizers.lattice import Lattice
from trad.optimizers.optimizer import Optimizer, make_optimizer, planned_episodes
from trad.optimizers.permutation import Permutation
from trad.optimizers.random_search import RandomSearch
from trad.strategies.parameters import Parameter, Params, rounded
from trad.strategies.space import ParameterSpace

SEEDS = st.integers(0, 2**64)


@st.composite
def ints(draw: st.DrawFn) -> Int:
    log = draw(st.booleans())
    low = draw(st.integers(1 if log else -50, 50))
    high = low + draw(st.integers(0, 200))
    return Int(draw(st.integers(low, high)), low=low, high=high, step=draw(st.integers(1, 9)), log=log)


@st.composite
def floats(draw: st.DrawFn) -> Float:
    log = draw(st.booleans())
    low = draw(st.floats(0.001 if log else -10, 10))
    high = low + draw(st.floats(0, 10))
    step = draw(st.none() | st.floats(0.01, 3))
    return Float(draw(st.floats(low, high)), low=low, high=high, step=step, log=log)


OPTIONS = st.integers(-3, 9) | st.booleans() | st.sampled_from(["sma", "ema", "1"]) | st.floats(0, 1)
CHOICES = st.lists(OPTIONS, min_size=1, max_size=5, unique_by=repr).map(Choice)
PARAMETERS: st.SearchStrategy[Any] = ints() | floats() | CHOICES


def as_number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else len(str(value))


@st.composite
def spaces(draw: st.DrawFn) -> ParameterSpace:
    """A strategy of up to four parameters, with or without a constraint that spares about half."""
    declared: dict[str, Any] = {f"p{i}": draw(PARAMETERS) for i in range(draw(st.integers(1, 4)))}
    if draw(st.booleans()):

        def valid(strategy: Declared) -> bool:
            values = [as_number(value) for value in strategy.params.values()]
            return values[0] <= values[-1] + 2 and sum(values) % 1 < 0.9

        declared["valid"] = valid
    strategy: type[Declared] = type("Made", (Declared,), declared)
    names = draw(st.sets(st.sampled_from(list(strategy.parameters))))
    return ParameterSpace.of(strategy, {name: strategy.parameters[name].default for name in names})


def assert_inside(space: ParameterSpace, params: Params) -> None:
    assert list(params) == list(space.strategy.parameters)
    assert space.allows(params)
    for name, parameter in space.searched.items():
        checked = parameter.checked(params[name])
        assert (checked, type(checked)) == (params[name], type(params[name]))
        if parameter.size < 1_000:
            assert repr(checked) in map(repr, parameter.levels())
        if isinstance(checked, float) and isinstance(parameter, Float):
            assert checked in (rounded(checked), parameter.low, parameter.high)
    assert params == params | space.fixed


def made(name: str, space: ParameterSpace, seed: int, episodes: int) -> Optimizer:
    try:
        return make_optimizer(name, space, seed=seed, episodes=episodes, window=2)
    except SpaceError:
        assume(False)  # nothing in it is valid
        raise


def first(optimizer: Optimizer, episodes: int) -> Iterator[Params]:
    for number in range(1, planned_episodes(optimizer, episodes) + 1):
        try:
            yield optimizer.propose(number)
        except SpaceError:
            return  # fewer than it seems: steps below 12 digits, or hardly anything valid


@pytest.mark.parametrize("name", ["random", "grid"])
@given(space=spaces(), seed=SEEDS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
def test_proposals_stay_inside_and_do_not_repeat(name: str, space: ParameterSpace, seed: int) -> None:
    proposed = list(first(made(name, space, seed, 40), 40))
    for params in proposed:
        assert_inside(space, params)
    assert len({repr(params) for params in proposed}) == len(proposed)
    again = made(name, space, seed, 40)
    for number in reversed(range(1, len(proposed) + 1)):
        assert again.propose(number) == proposed[number - 1]


@given(space=spaces(), seed=SEEDS, cut=st.integers(0, 20))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
def test_bayesian_stays_inside_and_goes_on_as_it_would_have(
    space: ParameterSpace, seed: int, cut: int
) -> None:
    def score(params: Params) -> float | None:
        total = sum(as_number(value) for value in params.values())
        return None if total % 1 > 0.8 else rounded(total)

    try:
        whole = driven(
            made("bayesian", space, seed, 18), score, planned_episodes(made("bayesian", space, seed, 18), 18)
        )
    except SpaceError:
        assume(False)
    for params in whole:
        assert_inside(space, params)
    assert driven(made("bayesian", space, seed, 18), score, len(whole), known=whole[:cut]) == whole


@given(space=spaces(), seed=SEEDS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
def test_grid_and_small_random_visit_everything_once(space: ParameterSpace, seed: int) -> None:
    assume(Lattice(space).size <= 2_000)
    levels = [parameter.levels() for parameter in space.searched.values()]
    whole = (space.complete(dict(zip(space.searched, values, strict=True))) for values in product(*levels))
    expected = sorted(repr(params) for params in whole if space.allows(params))
    assume(expected)
    searches: list[Optimizer] = [GridSearch(space, seed=seed)]
    if space.size < float("inf"):
        searches.append(RandomSearch(space, seed=seed))
    for search in searches:
        assert search.size == len(expected)
        assert sorted(repr(search.propose(number)) for number in range(1, len(expected) + 1)) == expected


@given(space=spaces())
@settings(max_examples=100, deadline=None)
def test_json_brings_a_space_back(space: ParameterSpace) -> None:
    text = json.dumps(space.as_json())
    again = ParameterSpace.from_json(space.strategy, json.loads(text))
    assert json.dumps(again.as_json()) == text
    assert (again.fixed, again.size) == (space.fixed, space.size)


@given(size=st.integers(1, 10**30), seed=SEEDS, data=st.data())
def test_a_permutation_stays_within_its_size_and_sends_no_two_to_one_place(
    size: int, seed: int, data: st.DataObject
) -> None:
    order = Permutation(size, seed)
    places = data.draw(st.sets(st.integers(0, size - 1), max_size=20))
    images = {order[place] for place in places}
    assert len(images) == len(places)
    assert all(0 <= image < size for image in images)


@given(parameter=PARAMETERS, share=st.floats(0, 1, exclude_max=True))
def test_every_share_leads_to_a_value_of_the_parameter(parameter: Parameter[Any], share: float) -> None:
    value = parameter.at(share)
    checked = parameter.checked(value)
    assert (repr(checked), type(checked)) == (repr(value), type(value))
