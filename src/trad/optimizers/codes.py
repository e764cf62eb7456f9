"""How Optuna sees a parameter: a distribution of its own, and the way there and back."""

from itertools import pairwise
from typing import Any, Protocol

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from trad.optimizers.lattice import Levels, count_of, levels_of
from trad.strategies.parameters import Choice, Float, Int, Parameter, ParameterValue, rounded


class Code(Protocol):
    """Translates the values of one parameter."""

    distribution: BaseDistribution

    def encode(self, value: ParameterValue) -> float:
        """Return what Optuna is told instead of the value."""
        ...

    def decode(self, number: float) -> ParameterValue:
        """Return the parameter's own value for what Optuna proposed."""
        ...


def code_of(parameter: Parameter[Any]) -> Code:
    """Choose the code of a parameter.

    Levels at equal distances, and the rising numbers of a `Choice`, are known to Optuna by their index:
    exact for every step, and the same to TPE, whose kernels scale with the range. Any other `Choice` is
    categories. Only a log scale without a step, or with one, is known by its values.
    """
    if isinstance(parameter, Choice):
        return _Options(parameter)
    if isinstance(parameter, Float) and parameter.step is None:
        return _Continuous(parameter)
    if isinstance(parameter, (Int, Float)) and parameter.log:
        return _LogSteps(parameter)
    assert isinstance(parameter, (Int, Float))
    return _Steps(parameter)


class _Options:
    """The options of a `Choice` by index: levels where they are rising numbers, categories otherwise."""

    def __init__(self, parameter: Choice) -> None:
        self._options = parameter.options
        self._places = {repr(option): place for place, option in enumerate(self._options)}
        count = len(self._options)
        self.distribution: BaseDistribution = (
            IntDistribution(0, count - 1) if _rising(self._options) else CategoricalDistribution(range(count))
        )

    def encode(self, value: ParameterValue) -> int:
        return self._places[repr(value)]

    def decode(self, number: float) -> ParameterValue:
        return self._options[int(number)]


class _Continuous:
    """A `Float` without a step, by its value to 12 significant digits."""

    def __init__(self, parameter: Float) -> None:
        self._low, self._high = parameter.low, parameter.high
        self.distribution: BaseDistribution = FloatDistribution(self._low, self._high, log=parameter.log)

    def encode(self, value: ParameterValue) -> float:
        return float(value)

    def decode(self, number: float) -> float:
        return min(self._high, max(self._low, rounded(float(number))))


class _Steps:
    """Numbers at equal distances, by index."""

    def __init__(self, parameter: Int | Float) -> None:
        self._low, self._step = parameter.low, parameter.step or 1
        self._levels: Levels = levels_of(parameter)
        self.distribution: BaseDistribution = IntDistribution(0, count_of(parameter) - 1)

    def encode(self, value: ParameterValue) -> int:
        return round((float(value) - self._low) / self._step)

    def decode(self, number: float) -> ParameterValue:
        return self._levels[int(number)]


class _LogSteps:
    """Numbers at equal distances, searched on a log scale: by value, snapped to the nearest level."""

    def __init__(self, parameter: Int | Float) -> None:
        self._low, self._step = parameter.low, parameter.step or 1
        self._levels: Levels = levels_of(parameter)
        low, high = self._levels[0], self._levels[count_of(parameter) - 1]
        self.distribution: BaseDistribution = (
            IntDistribution(int(low), int(high), log=True)
            if isinstance(parameter, Int)
            else FloatDistribution(float(low), float(high), log=True)
        )

    def encode(self, value: ParameterValue) -> float:
        return float(value)

    def decode(self, number: float) -> ParameterValue:
        return self._levels[round((float(number) - self._low) / self._step)]


def _rising(options: tuple[ParameterValue, ...]) -> bool:
    numbers = [
        option for option in options if isinstance(option, (int, float)) and not isinstance(option, bool)
    ]
    return len(numbers) == len(options) and all(a < b for a, b in pairwise(numbers))
