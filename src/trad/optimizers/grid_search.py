"""Grid search: every configuration of the grid once, in an order that comes from the seed."""

from trad.errors import SpaceError
from trad.optimizers.lattice import Lattice, count_of
from trad.optimizers.permutation import Permutation
from trad.optimizers.walk import Walk
from trad.strategies.parameters import Params
from trad.strategies.space import ParameterSpace

MOST_CONFIGURATIONS = 1_000_000
"""A larger grid must be cut by a number of episodes; up to here the valid ones are counted."""


class GridSearch:
    """Proposes what the levels of all parameters make; a `Float` without a step has 10 levels.

    The order is shuffled, so that a part of the grid is a fair sample of the whole. Looks at no results,
    so `tell` does nothing.

    Args:
        space: What is searched.
        seed: What the order comes from.
        episodes: How many are wanted; None: all.

    Raises:
        SpaceError: The grid is larger than a million and `episodes` is None, or nothing in it is valid.
        StrategyError: The strategy's `valid` raised.
    """

    window: int | None = None

    def __init__(self, space: ParameterSpace, *, seed: int, episodes: int | None = None) -> None:
        self._lattice = Lattice(space)
        whole = self._lattice.size
        if whole > MOST_CONFIGURATIONS and episodes is None:
            raise SpaceError(_too_large(space, whole))
        counted = not space.constrained or whole <= MOST_CONFIGURATIONS
        self._valid = self._lattice.valid_indices() if space.constrained and counted else None
        self.size: int | None = (whole if self._valid is None else len(self._valid)) if counted else None
        if self.size == 0:
            name = space.strategy.__name__
            raise SpaceError(
                f"none of the grid's {whole:,} configurations is allowed by {name}.valid(); widen the ranges"
            )
        self.default_episodes: int = self.size or episodes or 1
        self._order = Permutation(self.size or whole, seed)
        why = f"{space.strategy.__name__}.valid() refuses them; widen the ranges"
        self._walk = Walk(self._at, space.allows, places=whole, why=why)

    def propose(self, number: int) -> Params:
        """Return the configuration of episode `number`; any number at any time.

        Raises:
            SpaceError: The grid has not so many, or no valid one was found in 10,000 tries.
        """
        if self.size is None:
            return self._walk.nth(number)
        if number > self.size:
            raise SpaceError(
                f"episode {number:,} was asked for, and the grid has {self.size:,} configurations"
            )
        return self._at(number - 1)

    def tell(self, number: int, params: Params, score: float | None) -> None:
        """Take no notice: a grid learns nothing."""

    def _at(self, place: int) -> Params:
        index = self._order[place]
        return self._lattice.params(index if self._valid is None else int(self._valid[index]))


def _too_large(space: ParameterSpace, whole: int) -> str:
    counts = {name: count_of(parameter) for name, parameter in space.searched.items()}
    widest = max(counts, key=lambda name: counts[name])
    factors = " x ".join(f"{name} {count:,}" for name, count in counts.items())
    return (
        f"the grid has {whole:,} configurations ({factors}) and may have {MOST_CONFIGURATIONS:,}; "
        f"cut it with --episodes N, with narrower ranges or with larger steps: --param {widest}=low:high:step"
    )
