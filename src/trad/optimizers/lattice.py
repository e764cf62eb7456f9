"""All configurations that the levels of a space's parameters make, by index, none of them in memory."""

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from trad.strategies.parameters import Float, Parameter, ParameterValue, Params
from trad.strategies.space import ParameterSpace

_MOST_LISTED = 100_000
"""Levels of a `Float` that are kept as a list; more are computed when asked for."""


class Levels(Protocol):
    """A parameter's levels by index, from 0."""

    def __getitem__(self, index: int, /) -> ParameterValue:
        """Return one level."""
        ...


class Lattice:
    """The configurations of a space, numbered from 0; the last parameter changes fastest.

    A `Float` without a step counts with its 10 levels.
    """

    def __init__(self, space: ParameterSpace) -> None:
        self._space = space
        self._axes = [
            (name, count_of(parameter), levels_of(parameter))
            for name, parameter in reversed(list(space.searched.items()))
        ]
        self.size = math.prod(count for _, count, _ in self._axes)
        self._first = space.complete({name: levels[0] for name, _, levels in self._axes})

    def params(self, index: int) -> Params:
        """Return the configuration at `index`, fixed values included."""
        params = dict(self._first)
        for name, count, levels in self._axes:
            index, place = divmod(index, count)
            params[name] = levels[place]
        return params

    def valid_indices(self) -> NDArray[np.int64]:
        """List the indices of the configurations that the strategy allows: int64, rising.

        Asks the strategy about each, which takes microseconds a piece.

        Raises:
            StrategyError: The strategy's `valid` raised.
        """
        indices = range(self.size)
        if self._space.constrained:
            allows = self._space.allows
            return np.fromiter((index for index in indices if allows(self.params(index))), np.int64)
        return np.arange(self.size)


def levels_of(parameter: Parameter[Any]) -> Levels:
    """Return a parameter's levels, listed only where they are few."""
    if isinstance(parameter, Float) and parameter.step is not None and parameter.size > _MOST_LISTED:
        return _Steps(parameter)
    return parameter.levels()


def count_of(parameter: Parameter[Any]) -> int:
    """Say how many levels a parameter has, however many: `len` ends at 2**63."""
    return int(parameter.size) if math.isfinite(parameter.size) else len(parameter.levels())


class _Steps:
    """The levels of a `Float` with a step, each computed when it is asked for."""

    def __init__(self, parameter: Float) -> None:
        self._count = int(parameter.size)
        # Without the log scale, equal shares of the range are single steps.
        low, high = parameter.low, parameter.high
        self._even = Float(low, low=low, high=high, step=parameter.step)

    def __getitem__(self, index: int, /) -> float:
        return self._even.at((index + 0.5) / self._count)
