"""Runs an optimizer as a trainer does: a proposal sees the results up to its number less the window."""

from collections.abc import Callable

from trad.optimizers.optimizer import Optimizer
from trad.strategies.parameters import Params

Objective = Callable[[Params], float | None]


def driven(
    optimizer: Optimizer, objective: Objective, episodes: int, *, known: list[Params] | None = None
) -> list[Params]:
    """Return the proposals of all episodes; those that are `known` are told but not asked for again."""
    proposed = list(known or [])
    told = 0
    for number in range(len(proposed) + 1, episodes + 1):
        while optimizer.window is not None and told < number - optimizer.window:
            params = proposed[told]
            told += 1
            optimizer.tell(told, params, objective(params))
        proposed.append(optimizer.propose(number))
    return proposed
