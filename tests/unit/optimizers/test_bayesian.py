"""Bayesian search: a pure function of what it was told, and better than chance."""

import logging
import math

import numpy as np
import optuna
import pytest
from tests.unit.optimizers.driving import driven
from tests.unit.optimizers.spaces import Cross, Tiny, Wide, space_of

from trad import Choice, Float, Int
from trad.optimizers import bayesian
from trad.optimizers.bayesian import STARTUP, BayesianSearch
from trad.optimizers.random_search import RandomSearch
from trad.strategies.parameters import Params, rounded
from trad.strategies.space import ParameterSpace


def hill(params: Params) -> float | None:
    """A smooth hill over `Wide` with a region that has no score."""
    period, stop, target = (float(params[name]) for name in ("period", "stop", "target"))
    if period < 6:
        return None
    return rounded(-((math.log(stop / 0.02)) ** 2) - ((target - 0.1) * 10) ** 2 - (params["kind"] != "ema"))


def search(
    seed: int = 7, *, space: ParameterSpace | None = None, episodes: int = 100, window: int = 8
) -> BayesianSearch:
    return BayesianSearch(space or ParameterSpace.of(Wide), seed=seed, episodes=episodes, window=window)


@pytest.fixture(scope="module")
def whole() -> list[Params]:
    return driven(search(), hill, 28)


def test_it_learns_after_the_start(whole: list[Params]) -> None:
    walk = RandomSearch(ParameterSpace.of(Wide), seed=7)
    random = [walk.propose(number) for number in range(1, 29)]
    learning = STARTUP + 8
    assert whole[: learning - 1] == random[: learning - 1]
    assert all(found != blind for found, blind in zip(whole[learning:], random[learning:], strict=True))


@pytest.mark.parametrize("cut", range(28))
def test_cut_anywhere_and_begun_again_it_goes_on_bit_for_bit(whole: list[Params], cut: int) -> None:
    assert driven(search(), hill, 28, known=whole[:cut]) == whole


def test_proposals_that_nobody_told_of_change_nothing(whole: list[Params]) -> None:
    optimizer = search()
    for number in range(1, 21):
        optimizer.tell(number, whole[number - 1], hill(whole[number - 1]))
    expected = [optimizer.propose(number) for number in range(21, 29)]
    assert [optimizer.propose(number) for number in range(28, 20, -1)] == expected[::-1]
    assert expected[7] == whole[27]  # asked with window 8: the results of 1 to 20


def test_proposals_of_one_window_differ(whole: list[Params]) -> None:
    assert len(set(map(repr, whole))) == len(whole)


def test_proposals_are_the_spaces_own_values(whole: list[Params]) -> None:
    space = ParameterSpace.of(Wide)
    for params in whole:
        assert space.allows(params)
        for name, parameter in space.searched.items():
            checked = parameter.checked(params[name])
            assert checked == params[name]
            assert type(checked) is type(params[name])
            assert not isinstance(checked, float) or checked == rounded(checked)
        assert params["period"] in Wide.parameters["period"].levels()
        assert params["share"] in Wide.parameters["share"].levels()


def test_fixed_values_stay() -> None:
    space = ParameterSpace.of(Wide, {"period": 14, "share": (0.5, 0.5), "kind": True})
    for params in driven(search(space=space), lambda params: float(params["stop"]), 24):
        assert (params["period"], params["share"], params["kind"]) == (14, 0.5, True)
        assert list(params) == list(Wide.parameters)


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_counts_as_none(whole: list[Params], score: float) -> None:
    odd, none = search(), search()
    for number, params in enumerate(whole[:20], 1):
        odd.tell(number, params, score if number % 3 else 1.0)
        none.tell(number, params, None if number % 3 else 1.0)
    assert odd.propose(21) == none.propose(21)


def test_without_any_score_it_still_proposes() -> None:
    proposed = driven(search(), lambda params: None, 24)
    assert len(set(map(repr, proposed))) == 24


def test_where_there_was_no_score_it_does_not_return() -> None:
    space = space_of(a=Float(0.5, low=0, high=1), b=Float(0.5, low=0, high=1))

    def half_dead(params: Params) -> float | None:
        return None if float(params["a"]) < 0.6 else -float(params["b"])

    proposed = driven(search(space=space), half_dead, 80)
    assert np.mean([float(params["a"]) < 0.6 for params in proposed[40:]]) < 0.35  # by chance 0.6


def test_what_was_told_is_not_proposed_again_even_where_little_is_left() -> None:
    space = space_of(a=Int(5, low=0, high=9), b=Int(5, low=0, high=9))
    optimizer = search(space=space, episodes=99, window=1)
    proposed = driven(
        optimizer, lambda params: -abs(float(params["a"]) - 3) - abs(float(params["b"]) - 7), 99
    )
    assert len(set(map(repr, proposed))) == 99


def test_a_small_space_that_the_episodes_exhaust_is_walked_whole() -> None:
    space = ParameterSpace.of(Tiny)
    optimizer = search(space=space, episodes=12)
    proposed = driven(optimizer, lambda params: 1.0, 12)
    assert optimizer.window is None
    assert optimizer.size == 12
    assert len(set(map(repr, proposed))) == 12
    assert search(space=space, episodes=11).window == 8


def test_results_may_be_told_where_they_are_not_needed() -> None:
    optimizer = search(space=ParameterSpace.of(Tiny), episodes=12)
    optimizer.tell(1, optimizer.propose(1), None)
    optimizer.tell(2, optimizer.propose(2), 1.0)


def test_results_are_told_in_order() -> None:
    optimizer = search()
    with pytest.raises(AssertionError, match="episode 2 was told after episode 0"):
        optimizer.tell(2, optimizer.propose(2), 1.0)


def test_constraints_cost_one_look_at_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should Optuna drop the seam that `_ChoosySampler` uses, most of these would need several looks."""
    looks = 0
    once = bayesian._ChoosySampler.sample_relative

    def counted(sampler: object, *given: object) -> dict[str, object]:
        nonlocal looks
        looks += 1
        return once(sampler, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(bayesian._ChoosySampler, "sample_relative", counted)
    proposed = driven(
        search(space=ParameterSpace.of(Cross)),
        lambda params: float(params["fast"]) - float(params["slow"]),
        60,
    )
    assert all(ParameterSpace.of(Cross).allows(params) for params in proposed)
    assert looks == 60 - STARTUP - 8 + 1


@pytest.mark.parametrize("seed", range(3))
def test_it_beats_random_search_on_a_smooth_hill(seed: int) -> None:
    def score(params: Params) -> float:
        found = hill({**params, "period": 14})
        assert found is not None
        return found

    space = ParameterSpace.of(Wide)
    best = max(map(score, driven(search(seed), hill, 60)))
    walk = RandomSearch(space, seed=seed)
    assert best > max(score(walk.propose(number)) for number in range(1, 61))
    assert best > -0.05


def test_optuna_is_quiet_and_keeps_its_own_settings(capfd: pytest.CaptureFixture[str]) -> None:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(logging.INFO)
    try:
        driven(search(), hill, 20)
        assert optuna.logging.get_verbosity() == logging.INFO
    finally:
        optuna.logging.set_verbosity(before)
    assert capfd.readouterr() == ("", "")


def test_rising_numbers_of_a_choice_are_levels() -> None:
    values = list(range(0, 1_000, 10))
    space = space_of(a=Choice(values), b=Choice([*values[1:], 0]))
    proposed = driven(search(space=space, episodes=60), lambda params: -abs(float(params["a"]) - 615), 60)
    near = [abs(float(params["a"]) - 615) < 100 for params in proposed[30:]]
    assert np.mean(near) > 0.4  # by chance 0.2
