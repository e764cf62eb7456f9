"""One configuration of a strategy, as commands take it that search none."""

from collections.abc import Sequence
from pathlib import Path

from trad.errors import ParameterError
from trad.strategies.loading import load_strategy
from trad.strategies.space import ParameterSpace
from trad.strategies.strategy import Strategy


def one_configuration(reference: str, texts: Sequence[str], folder: Path, *, purpose: str) -> Strategy:
    """Load a strategy and give its parameters the values of `name=value` texts; the others have defaults.

    Args:
        reference: What `load_strategy` takes.
        texts: The `--param` options.
        folder: The strategies folder.
        purpose: What takes one configuration, for the message: `a backtest`.

    Raises:
        StrategyNotFound: The reference leads to no strategy.
        ParameterError: A slip in a text, several values for a parameter, or values that do not go together.
    """
    cls = load_strategy(reference, folder)
    space = ParameterSpace.parse(cls, texts)
    for name in (text.partition("=")[0].strip() for text in texts):
        if name in space.searched:
            default = space.searched[name].default
            raise ParameterError(f"{name} was given several values; {purpose} takes one: {name}={default}")
    chosen = cls(**space.fixed)
    if not space.allows(chosen.params):
        given = ", ".join(f"{name}={value}" for name, value in chosen.params.items())
        raise ParameterError(f"{cls.__name__}.valid() turns down {given}; choose values that go together")
    return chosen
