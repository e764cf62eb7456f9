"""The contract of the optimizers, and where they are found by name."""

from collections.abc import Callable
from typing import Protocol

from trad.errors import InputError
from trad.optimizers.grid_search import GridSearch
from trad.optimizers.random_search import RandomSearch
from trad.strategies.parameters import Params
from trad.strategies.space import ParameterSpace


class Optimizer(Protocol):
    """Proposes configurations; a pure function in disguise.

    A proposal depends on the space, the seed, the episodes planned, its number and the results that were
    told, on nothing else: a new optimizer that is told the same results goes on as the old one would
    have. What it keeps in memory only saves work. Not for several threads at once.
    """

    @property
    def window(self) -> int | None:
        """A proposal rests on the results of episodes 1 to `number - window`; None: it looks at none."""
        ...

    @property
    def size(self) -> int | None:
        """How many different configurations it can propose; None where there is no end or no count."""
        ...

    @property
    def default_episodes(self) -> int:
        """How many episodes make sense when the user names no number."""
        ...

    def propose(self, number: int) -> Params:
        """Return the configuration of episode `number` (from 1), fixed values included.

        `random` and `grid` may be asked for any number at any time. Before `bayesian` is asked for one,
        exactly the results of episodes 1 to `number - window` must have been told.

        Raises:
            SpaceError: There is no configuration left.
            StrategyError: The strategy's `valid` raised.
        """
        ...

    def tell(self, number: int, params: Params, score: float | None) -> None:
        """Take in the result of an episode: in the order of their numbers, each once.

        Args:
            number: From 1.
            params: What was proposed for it.
            score: Higher is better; None where the episode failed or has no score.
        """
        ...


def make_optimizer(
    name: str, space: ParameterSpace, *, seed: int, episodes: int | None = None, window: int = 8
) -> Optimizer:
    """Make an optimizer by name.

    Args:
        name: One of `OPTIMIZERS`.
        space: What it searches.
        seed: What every random choice comes from; zero or above.
        episodes: How many the user wants; None: as many as the optimizer finds sensible.
        window: How many of the latest results `bayesian` does without, so that episodes run side by
            side; the others look at no results.

    Raises:
        InputError: Unknown name, or a seed, episodes or window below the least that works.
        SpaceError: The space holds no valid configuration, or more than a grid can walk.
        StrategyError: The strategy's `valid` raised.
    """
    if name not in _FACTORIES:
        raise InputError(f"the optimizer was {name!r}; it is one of {', '.join(OPTIMIZERS)}")
    for word, value, least in (("seed", seed, 0), ("episodes", episodes, 1), ("window", window, 1)):
        if value is not None and value < least:
            raise InputError(f"{word} was {value}; it is a whole number from {least} up")
    return _FACTORIES[name](space, seed, episodes, window)


def planned_episodes(optimizer: Optimizer, episodes: int | None) -> int:
    """Say how many episodes a job runs: as many as wanted, but none where nothing new is left to propose."""
    wanted = optimizer.default_episodes if episodes is None else episodes
    return wanted if optimizer.size is None else min(wanted, optimizer.size)


def _random(space: ParameterSpace, seed: int, episodes: int | None, window: int) -> Optimizer:  # noqa: ARG001 - one shape for all
    return RandomSearch(space, seed=seed)


def _grid(space: ParameterSpace, seed: int, episodes: int | None, window: int) -> Optimizer:  # noqa: ARG001 - one shape for all
    return GridSearch(space, seed=seed, episodes=episodes)


def _bayesian(space: ParameterSpace, seed: int, episodes: int | None, window: int) -> Optimizer:
    from trad.optimizers.bayesian import BayesianSearch  # Optuna takes a second to load

    return BayesianSearch(
        space, seed=seed, episodes=episodes or BayesianSearch.default_episodes, window=window
    )


_FACTORIES: dict[str, Callable[[ParameterSpace, int, int | None, int], Optimizer]] = {
    "random": _random,
    "grid": _grid,
    "bayesian": _bayesian,
}

OPTIMIZERS = tuple(_FACTORIES)
"""The names of all optimizers."""
