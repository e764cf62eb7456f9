"""The search space: which of a strategy's parameters are searched, over which values; the rest is fixed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trad.errors import ParameterError, StrategyError
from trad.strategies.faults import described, files_of
from trad.strategies.narrowing import narrowed, parameter_from_json
from trad.strategies.parameters import Parameter, Params
from trad.strategies.space_texts import refuse_unknown, wishes_from_texts
from trad.strategies.strategy import Strategy


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ParameterSpace:
    """What an optimizer searches. Together the two mappings hold every parameter of the strategy once.

    Attributes:
        strategy: The class whose parameters these are.
        searched: The parameters with more than a fixed value, by name, in the order of declaration.
        fixed: The values of the others.
    """

    strategy: type[Strategy]
    searched: Mapping[str, Parameter[Any]]
    fixed: Params

    @classmethod
    def of(cls, strategy: type[Strategy], overrides: Mapping[str, object] | None = None) -> "ParameterSpace":
        """Make the space of a strategy: every parameter as declared, unless it is overridden.

        Args:
            strategy: The strategy's class.
            overrides: By name: a value, which stands fixed; `(low, high)` or `(low, high, step)`; a list
                of values; or an `Int`, `Float` or `Choice`. A list of numbers becomes a `Choice` of them
                in rising order, which `bayesian` takes for levels of which neighbours are alike; a list
                of a `Choice`'s options is taken for categories unless these are rising numbers, too.

        Raises:
            ParameterError: An unknown name, or a wish that is not within what the strategy declares.
        """
        wishes = overrides or {}
        for name in wishes:
            refuse_unknown(strategy.__name__, strategy.parameters, name)
        left = {
            name: narrowed(declared, wishes[name]) if name in wishes else declared
            for name, declared in strategy.parameters.items()
        }
        return cls._divided(strategy, left)

    @classmethod
    def parse(cls, strategy: type[Strategy], texts: Sequence[str]) -> "ParameterSpace":
        """Make the space from the command line's `name=low:high[:step]`, `name=a,b,c` and `name=value`.

        Raises:
            ParameterError: A slip in one of the texts; the message says what was found and what works.
        """
        return cls.of(strategy, wishes_from_texts(strategy.__name__, strategy.parameters, texts))

    @classmethod
    def from_json(cls, strategy: type[Strategy], data: Mapping[str, Any]) -> "ParameterSpace":
        """Read what `as_json` gave.

        Raises:
            ParameterError: An entry cannot be read, is missing, or is not within what the strategy
                declares now.
        """
        for name in data:
            refuse_unknown(strategy.__name__, strategy.parameters, name)
        if missing := [name for name in strategy.parameters if name not in data]:
            raise ParameterError(
                f"the space says nothing of {', '.join(missing)}; it must describe every parameter of "
                f"{strategy.__name__}: was the strategy changed since?"
            )
        declared = strategy.parameters
        return cls._divided(
            strategy, {name: parameter_from_json(declared[name], data[name]) for name in declared}
        )

    @classmethod
    def _divided(cls, strategy: type[Strategy], left: Mapping[str, Any]) -> "ParameterSpace":
        return cls(
            strategy=strategy,
            searched={name: what for name, what in left.items() if isinstance(what, Parameter)},
            fixed={name: what for name, what in left.items() if not isinstance(what, Parameter)},
        )

    def as_json(self) -> dict[str, Any]:
        """Describe every parameter in the order of declaration, as plain data that `from_json` reads."""
        return {
            name: self.searched[name].as_json() if name in self.searched else {"fixed": self.fixed[name]}
            for name in self.strategy.parameters
        }

    @property
    def size(self) -> float:
        """How many configurations there are, constraints aside; infinite with a `Float` without a step."""
        return math.prod(parameter.size for parameter in self.searched.values())

    @property
    def constrained(self) -> bool:
        """Whether the strategy says of some configurations that they do not go together."""
        return self.strategy.valid is not Strategy.valid

    def complete(self, params: Params) -> Params:
        """Add the fixed values; return all in the order of declaration."""
        whole = {**self.fixed, **params}
        return {name: whole[name] for name in self.strategy.parameters}

    def allows(self, params: Params) -> bool:
        """Ask the strategy whether the parameters go together.

        Args:
            params: All of them, with values of this space.

        Raises:
            StrategyError: The strategy raised; the message names it, its line and the parameters.
        """
        try:
            return bool(self._made(params).valid())
        except Exception as error:
            name, what = self.strategy.__name__, described(error, files_of(self.strategy, Strategy))
            given = ", ".join(f"{key}={value!r}" for key, value in params.items())
            raise StrategyError(
                f"{name}.valid() raised {what} for {given}; it must answer True or False whatever values "
                f"within their ranges the parameters have"
            ) from error

    def _made(self, params: Params) -> Strategy:
        if self.strategy.__init__ is not Strategy.__init__:
            return self.strategy(**params)
        # The space's own values need no second check, which is most of the cost where a hundred thousand
        # configurations are asked about.
        strategy = self.strategy.__new__(self.strategy)
        strategy.__dict__.update(params)
        return strategy
