"""The typed parameters that a strategy declares."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Generic, Self, TypeVar, overload

from trad.errors import ParameterError

ParameterValue = int | float | str | bool
Params = dict[str, ParameterValue]

Value = TypeVar("Value", bound=ParameterValue)

GRID_LEVELS = 10
"""Into how many levels a grid cuts a `Float` that has no step."""


def rounded(value: float, digits: int = 12) -> float:
    """Round to significant digits, so that the last bit of a computation is nobody's business."""
    return float(f"{value:.{digits - 1}e}")


class Parameter(ABC, Generic[Value]):
    """A declared parameter: a default and the values it may take.

    On the class it is the declaration (`Breakout.lookback.high`); on a strategy it is the value.
    """

    default: Value
    name: str = "parameter"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, strategy: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, strategy: object, owner: type | None = None) -> Value: ...
    def __get__(self, strategy: object | None, owner: type | None = None) -> Self | Value:
        if strategy is None:
            return self
        value: Value = strategy.__dict__.get(self.name, self.default)
        return value

    @abstractmethod
    def checked(self, value: object) -> Value:
        """Return `value` as this parameter's own type.

        Raises:
            ParameterError: It is of another type, or outside the range.
        """

    @property
    @abstractmethod
    def size(self) -> float:
        """How many different values there are; infinite for a `Float` without a step."""

    @abstractmethod
    def levels(self) -> Sequence[Value]:
        """List the values that a grid walks, in rising or in declared order."""

    @abstractmethod
    def at(self, share: float) -> Value:
        """Return the value that lies `share` (from 0 up to, not including, 1) through the range."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Describe the values it may take, as plain data that `from_json` reads."""

    def __repr__(self) -> str:
        inside = ", ".join(f"{key}={value!r}" for key, value in self.as_json().items() if key != "type")
        return f"{type(self).__name__}({inside})"


class _Number(Parameter[Value]):
    """What `Int` and `Float` share: a range, a step or none, and a scale."""

    low: Value
    high: Value
    step: Value | None
    log: bool

    def _check_declaration(self) -> None:
        kind = type(self).__name__
        if not self.low <= self.high:  # type: ignore[operator]
            raise ParameterError(
                f"{kind} has low={self.low} above high={self.high}; low must not be above high"
            )
        if self.step is not None and not self.step > 0:  # type: ignore[operator]
            raise ParameterError(f"{kind} has step={self.step}; a step is above zero")
        if self.log and not self.low > 0:  # type: ignore[operator]
            raise ParameterError(f"{kind} has log=True and low={self.low}; a log scale starts above zero")
        self.checked(self.default)

    def _within(self, value: Value) -> Value:
        if not self.low <= value <= self.high:  # type: ignore[operator]
            raise ParameterError(f"{self.name} was {value}; it runs from {self.low} to {self.high}")
        return value

    def as_json(self) -> dict[str, Any]:
        """Describe default, range, step and scale."""
        return {
            "type": type(self).__name__.lower(),
            "default": self.default,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "log": self.log,
        }


class Int(_Number[int]):
    """A whole number from `low` to `high`, both included, in steps of `step`.

    Args:
        default: The value of a strategy that is given none.
        low, high: The range.
        step: The distance of two values that an optimizer tries, counted from `low`.
        log: Whether an optimizer spreads its tries evenly over orders of magnitude.

    Raises:
        ParameterError: The declaration contradicts itself.
    """

    def __init__(self, default: int, *, low: int, high: int, step: int = 1, log: bool = False) -> None:
        self.default, self.low, self.high, self.step, self.log = default, low, high, step, log
        for value in (default, low, high, step):
            if isinstance(value, bool) or not isinstance(value, int):
                raise ParameterError(
                    f"Int was given {value!r}; default, low, high and step are whole numbers"
                )
        self._check_declaration()

    def checked(self, value: object) -> int:
        """Return a whole number within the range; `20.0` counts as 20."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise ParameterError(
                f"{self.name} was {value!r}; it is a whole number from {self.low} to {self.high}"
            )
        return self._within(int(value))

    @property
    def size(self) -> float:
        """How many values the range holds."""
        return (self.high - self.low) // (self.step or 1) + 1

    def levels(self) -> range:
        """List every value."""
        return range(self.low, self.high + 1, self.step or 1)

    def at(self, share: float) -> int:
        """Return the value that lies `share` through the range."""
        if self.log:
            value: int = math.floor(self.low * ((self.high + 1) / self.low) ** share)
            return self.levels()[(min(value, self.high) - self.low) // (self.step or 1)]
        return self.levels()[int(share * self.size)]


class Float(_Number[float]):
    """A number from `low` to `high`.

    Args:
        default: The value of a strategy that is given none.
        low, high: The range.
        step: The distance of two values that an optimizer tries, counted from `low`. None: any value;
            a grid then walks 10 evenly spaced ones.
        log: Whether an optimizer spreads its tries evenly over orders of magnitude.

    Raises:
        ParameterError: The declaration contradicts itself.
    """

    def __init__(
        self, default: float, *, low: float, high: float, step: float | None = None, log: bool = False
    ) -> None:
        for value in (default, low, high, step):
            number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
            if value is not None and not number:
                raise ParameterError(
                    f"Float was given {value!r}; default, low, high and step are finite numbers"
                )
        self.default, self.low, self.high = float(default), float(low), float(high)
        self.step, self.log = None if step is None else float(step), log
        self._check_declaration()

    def checked(self, value: object) -> float:
        """Return a finite number within the range."""
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise ParameterError(f"{self.name} was {value!r}; it is a number from {self.low} to {self.high}")
        return self._within(float(value))

    @property
    def size(self) -> float:
        """How many values the steps lead to; infinite without a step."""
        if self.step is None:
            return 1 if self.low == self.high else math.inf
        return math.floor((self.high - self.low) / self.step * (1 + 1e-12)) + 1

    def levels(self) -> list[float]:
        """List the values of the steps, or 10 evenly spaced ones; log-spaced on a log scale."""
        if self.step is not None or self.low == self.high:
            return [self._stepped(index) for index in range(int(self.size))]
        spread = (self._spread(index / (GRID_LEVELS - 1)) for index in range(GRID_LEVELS))
        # A range narrower than 12 digits tell apart has fewer.
        return list(dict.fromkeys(spread))

    def at(self, share: float) -> float:
        """Return the value that lies `share` through the range, to 12 significant digits."""
        if self.step is None:
            return self._spread(share)
        if self.log:
            # One step beyond the last, or the last would have no share of its own.
            reach = self.low * ((self.high + self.step) / self.low) ** share
            return self._stepped(min(int((reach - self.low) / self.step), int(self.size) - 1))
        return self._stepped(int(share * self.size))

    def _stepped(self, index: int) -> float:
        return min(self.high, max(self.low, rounded(self.low + index * (self.step or 0.0))))

    def _spread(self, share: float) -> float:
        if self.log:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + share * (self.high - self.low)
        return min(self.high, max(self.low, rounded(value)))


class Choice(Parameter[ParameterValue]):
    """One of a few named options, in no order: `Choice("sma", ["sma", "ema"])` or `Choice(["sma", "ema"])`.

    Raises:
        ParameterError: There are no options, one stands twice, or the default is not among them.
    """

    def __init__(
        self,
        default: ParameterValue | Sequence[ParameterValue],
        options: Sequence[ParameterValue] | None = None,
    ) -> None:
        if options is None:
            options = [default] if isinstance(default, (str, int, float)) else default
            default = options[0] if options else ""
        self.options = tuple(options)
        if not self.options or len(set(map(repr, self.options))) < len(self.options):
            raise ParameterError(f"Choice has the options {list(options)}; it takes one or more, each once")
        self.default = self.checked(default)

    def checked(self, value: object) -> ParameterValue:
        """Return the option that equals `value`: the one of its type, or else another number."""
        equal = [
            option
            for option in self.options
            if option == value and isinstance(option, bool) == isinstance(value, bool)
        ]
        if equal:
            return next((option for option in equal if type(option) is type(value)), equal[0])
        shown = ", ".join(map(str, self.options))
        raise ParameterError(f"{self.name} was {value!r}; it is one of {shown}")

    @property
    def size(self) -> float:
        """How many options there are."""
        return len(self.options)

    def levels(self) -> tuple[ParameterValue, ...]:
        """List the options."""
        return self.options

    def at(self, share: float) -> ParameterValue:
        """Return the option that lies `share` through the list."""
        return self.options[int(share * len(self.options))]

    def as_json(self) -> dict[str, Any]:
        """Describe default and options."""
        return {"type": "choice", "default": self.default, "options": list(self.options)}
