"""Optimizers by name, what all of them refuse, and how many episodes they plan."""

import subprocess
import sys

import pytest
from tests.unit.optimizers.spaces import Broken, Cross, Declared, Impossible, ImpossibleWide, Tiny, Wide

from trad.errors import InputError, SpaceError, StrategyError
from trad.optimizers.optimizer import OPTIMIZERS, Optimizer, make_optimizer, planned_episodes
from trad.strategies.space import ParameterSpace
from trad.strategies.strategy import Strategy


def made(name: str, strategy: type[Strategy], episodes: int | None = None, *, seed: int = 7) -> Optimizer:
    return make_optimizer(name, ParameterSpace.of(strategy), seed=seed, episodes=episodes, window=8)


def test_there_are_three() -> None:
    assert OPTIMIZERS == ("random", "grid", "bayesian")


def test_an_unknown_name_is_refused_with_the_list() -> None:
    with pytest.raises(InputError, match=r"^the optimizer was 'tpe'; it is one of random, grid, bayesian$"):
        made("tpe", Tiny)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"seed": -1}, "seed was -1; it is a whole number from 0 up"),
        ({"episodes": 0}, "episodes was 0; it is a whole number from 1 up"),
        ({"window": 0}, "window was 0; it is a whole number from 1 up"),
    ],
)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_numbers_that_cannot_work_are_refused(name: str, given: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_optimizer(name, ParameterSpace.of(Tiny), **{"seed": 1, "episodes": 5, "window": 8, **given})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_space_without_a_valid_configuration_is_refused(name: str) -> None:
    with pytest.raises(
        SpaceError, match=r"none of .*5 configurations is allowed by Impossible.valid\(\); widen"
    ):
        made(name, Impossible, 5)


@pytest.mark.parametrize("name", ["random", "bayesian"])
def test_an_endless_space_without_a_valid_configuration_ends_after_ten_thousand_tries(name: str) -> None:
    message = (
        r"after 0 configurations, 10,000 tries led to no other: .*ImpossibleWide.valid\(\) refuses them;"
    )
    with pytest.raises(SpaceError, match=message):
        made(name, ImpossibleWide, 5).propose(1)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_valid_that_raises_is_the_strategys_error(name: str) -> None:
    with pytest.raises(StrategyError, match=r"Broken.valid\(\) raised ZeroDivisionError"):
        made(name, Broken, 5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_strategy_without_parameters_has_one_configuration(name: str) -> None:
    optimizer = made(name, Declared)
    assert optimizer.size == 1
    assert planned_episodes(optimizer, None) == 1
    assert optimizer.propose(1) == {}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_space_that_is_fixed_has_one_configuration(name: str) -> None:
    space = ParameterSpace.of(Cross, {"fast": 5, "slow": (9, 9)})
    optimizer = make_optimizer(name, space, seed=7, episodes=None, window=8)
    assert planned_episodes(optimizer, 50) == 1
    assert optimizer.propose(1) == {"fast": 5, "slow": 9}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_seed_matters_and_nothing_else(name: str) -> None:
    first, again, other = (made(name, Wide, 50, seed=seed) for seed in (1, 1, 2))
    proposals = [[optimizer.propose(number) for number in range(1, 9)] for optimizer in (first, again, other)]
    assert proposals[0] == proposals[1]
    assert proposals[0] != proposals[2]


@pytest.mark.parametrize(
    ("name", "strategy", "wanted", "planned"),
    [
        ("random", Wide, None, 100),
        ("random", Wide, 5_000, 5_000),
        ("random", Tiny, None, 12),
        ("random", Tiny, 5, 5),
        ("grid", Tiny, None, 12),
        ("grid", Tiny, 5, 5),
        ("grid", Tiny, 500, 12),
        ("grid", Wide, 5, 5),
        ("bayesian", Wide, None, 100),
        ("bayesian", Wide, 300, 300),
        ("bayesian", Tiny, None, 12),
        ("bayesian", Tiny, 5, 5),
    ],
)
def test_planned_episodes(name: str, strategy: type[Strategy], wanted: int | None, planned: int) -> None:
    assert planned_episodes(made(name, strategy, wanted), wanted) == planned


def test_grid_plans_the_whole_grid() -> None:
    optimizer = made("grid", Cross)
    assert planned_episodes(optimizer, None) == optimizer.size
    assert optimizer.size is not None
    assert optimizer.size > 1_000


@pytest.mark.parametrize(("name", "window"), [("random", None), ("grid", None), ("bayesian", 8)])
def test_only_bayesian_looks_at_results(name: str, window: int | None) -> None:
    assert made(name, Wide, 50).window == window


def test_optuna_is_loaded_for_bayesian_alone() -> None:
    lines = (
        "import sys",
        "from tests.unit.optimizers.spaces import Tiny",
        "from trad.optimizers.optimizer import make_optimizer",
        "from trad.strategies.space import ParameterSpace",
        "[make_optimizer(name, ParameterSpace.of(Tiny), seed=1) for name in ('random', 'grid')]",
        "assert 'optuna' not in sys.modules",
        "make_optimizer('bayesian', ParameterSpace.of(Tiny), seed=1)",
        "assert 'optuna' in sys.modules",
    )
    subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
