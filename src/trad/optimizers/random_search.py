"""Random search: every configuration from the seed and its number alone, none twice."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trad.errors import SpaceError
from trad.optimizers.lattice import Lattice
from trad.optimizers.walk import Walk
from trad.strategies.parameters import Float, Int, Parameter, Params
from trad.strategies.space import ParameterSpace

MOST_LISTED = 100_000
"""A space of so many configurations is listed and shuffled, so that its end is known and reached."""

_BLOCK = 1_024
"""Configurations drawn in one go: a generator costs as much to make as fifty of them."""


class RandomSearch:
    """Proposes configurations at random, spread evenly; over orders of magnitude on a log scale.

    Looks at no results, so `tell` does nothing. A small space is shuffled, and its valid configurations
    are counted; from a large one, configurations are drawn one after the other, and those that are not
    valid or were drawn before are passed by.

    Raises:
        SpaceError: No configuration is valid.
        StrategyError: The strategy's `valid` raised.
    """

    window: int | None = None
    default_episodes = 100

    def __init__(self, space: ParameterSpace, *, seed: int) -> None:
        self._small = _Shuffled(space, seed) if space.size <= MOST_LISTED else None
        self._large = _Drawn(space, seed)

    @property
    def size(self) -> int | None:
        """How many valid configurations a small space holds; None for a large one."""
        return None if self._small is None else self._small.size

    def propose(self, number: int) -> Params:
        """Return the configuration of episode `number`; any number at any time.

        Raises:
            SpaceError: There is no such configuration, or none was found in 10,000 tries.
        """
        return self._large.propose(number) if self._small is None else self._small.propose(number)

    def tell(self, number: int, params: Params, score: float | None) -> None:
        """Take no notice: a random search learns nothing."""


class _Shuffled:
    """The valid configurations of a small space, in the order in which they would be drawn."""

    def __init__(self, space: ParameterSpace, seed: int) -> None:
        self._lattice = Lattice(space)
        valid = self._lattice.valid_indices()
        self.size = len(valid)
        if not self.size:
            raise SpaceError(
                f"none of the {self._lattice.size:,} configurations is allowed by "
                f"{space.strategy.__name__}.valid(); widen the ranges"
            )
        # Drawing with unequal chances, without putting back, sorts by exponential waiting times
        # (P. Efraimidis and P. Spirakis, "Weighted random sampling with a reservoir", 2006).
        waits = np.random.Generator(np.random.PCG64(seed)).exponential(size=self._lattice.size)
        self._order = valid[np.argsort(waits[valid] / _chances(space)[valid], kind="stable")]

    def propose(self, number: int) -> Params:
        if number > self.size:
            raise SpaceError(
                f"episode {number:,} was asked for, and the space has {self.size:,} configurations"
            )
        return self._lattice.params(int(self._order[number - 1]))


class _Drawn:
    """Configurations drawn from a large space, in blocks that each have a generator of their own."""

    def __init__(self, space: ParameterSpace, seed: int) -> None:
        self._space, self._seed = space, seed
        self._searched = list(space.searched.items())
        self._seen: set[str] = set()
        self._block, self._rows = -1, [[0.0]]
        why = f"they were drawn before, or {space.strategy.__name__}.valid() refuses them; widen the ranges"
        self._walk = Walk(self._at, self._serves, places=math.inf, why=why)

    def propose(self, number: int) -> Params:
        return self._walk.nth(number)

    def _at(self, place: int) -> Params:
        block, row = divmod(place, _BLOCK)
        if block != self._block:
            source = np.random.SeedSequence(self._seed, spawn_key=(block,))
            shares = np.random.Generator(np.random.PCG64(source)).random((_BLOCK, len(self._searched)))
            self._block, self._rows = block, shares.tolist()
        pairs = zip(self._searched, self._rows[row], strict=True)
        return self._space.complete({name: parameter.at(share) for (name, parameter), share in pairs})

    def _serves(self, params: Params) -> bool:
        if self._space.constrained and not self._space.allows(params):
            return False
        key = repr(params.values())  # a text, for 1, 1.0 and True are one and the same in a set
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _chances(space: ParameterSpace) -> NDArray[np.float64]:
    """Say how likely each configuration of a small space is to be drawn, in the order of its lattice."""
    chances = np.ones(1)
    for parameter in space.searched.values():
        chances = np.multiply.outer(chances, _level_chances(parameter)).ravel()
    return chances


def _level_chances(parameter: Parameter[Any]) -> NDArray[np.float64]:
    levels = parameter.levels()
    if isinstance(parameter, (Int, Float)) and parameter.log and parameter.step is not None:
        return np.diff(np.log([*levels, levels[-1] + parameter.step]))
    return np.ones(len(levels))
