"""A declared parameter, narrowed to what a user wants searched: a range, some values, or one value."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard, TypeVar

import numpy as np

from trad.errors import ParameterError
from trad.strategies.parameters import Choice, Float, Int, Parameter, ParameterValue

_KINDS: dict[str, type[Parameter[Any]]] = {"int": Int, "float": Float, "choice": Choice}

Kind = TypeVar("Kind", bound=Parameter[Any])


def narrowed(declared: Parameter[Any], wish: object) -> Parameter[Any] | ParameterValue:
    """Return what is left of a parameter: another one to be searched, or one value that is fixed.

    Args:
        declared: The strategy's own declaration, which nothing may leave.
        wish: `(low, high)` or `(low, high, step)`; a list, range or array of values; an `Int`, `Float`
            or `Choice`; anything else is the one value. Without a step the declared one stays, and so
            does a declared log scale.

    Raises:
        ParameterError: The wish is of a wrong form, or reaches beyond the declaration.
    """
    if isinstance(wish, Parameter):
        return _inside(declared, wish)
    if isinstance(wish, tuple):
        return _range(declared, [_plain(part) for part in wish])
    if isinstance(wish, (list, range, np.ndarray)):
        return _among(declared, list(wish))
    value: ParameterValue = declared.checked(_plain(wish))
    return value


def parameter_from_json(declared: Parameter[Any], data: Mapping[str, Any]) -> Parameter[Any] | ParameterValue:
    """Read what `Parameter.as_json` gave, or `{"fixed": value}`.

    Raises:
        ParameterError: It is neither, or reaches beyond the declaration.
    """
    if set(data) == {"fixed"}:
        value: ParameterValue = declared.checked(data["fixed"])
        return value
    try:
        given = _KINDS[data["type"]](**{key: value for key, value in data.items() if key != "type"})
    except (KeyError, TypeError):
        raise ParameterError(
            f"{declared.name} is described by {dict(data)!r}; a description is what as_json gave, "
            f"such as {declared.as_json()!r}, or a value under the one key 'fixed'"
        ) from None
    return _inside(declared, given)


def _range(declared: Parameter[Any], wish: Sequence[object]) -> Parameter[Any]:
    name, shown = declared.name, ":".join(map(str, wish))
    if not isinstance(declared, (Int, Float)):
        options = ", ".join(map(str, declared.levels()))
        raise ParameterError(
            f"{name} was {shown}; it has no range but the options {options}: name some of them"
        )
    if len(wish) not in (2, 3):
        raise ParameterError(f"{name} was {shown}; a range is low:high or low:high:step")
    low, high = (declared.checked(part) for part in wish[:2])
    if low > high:
        raise ParameterError(f"{name} was {shown}; low must not be above high: write {high}:{low}")
    step = declared.step if len(wish) == 2 else wish[2]
    default = min(max(declared.default, low), high)
    if isinstance(declared, Float):
        if step is not None and not (_is_number(step) and step > 0):
            raise ParameterError(f"{name} was {shown}; its step is a number above zero, not {step}")
        return _named(name, Float(default, low=low, high=high, step=step, log=declared.log))
    if not (_is_number(step) and step > 0 and step == int(step)):
        raise ParameterError(f"{name} was {shown}; its step is a whole number above zero, not {step}")
    return _named(name, Int(int(default), low=int(low), high=int(high), step=int(step), log=declared.log))


def _among(declared: Parameter[Any], values: Sequence[object], default: object = None) -> Choice:
    if not values:
        raise ParameterError(f"{declared.name} was given an empty list; name one value or more")
    options: list[ParameterValue] = [declared.checked(_plain(value)) for value in values]
    written = list(map(repr, options))
    if twice := [shown for shown in written if written.count(shown) > 1]:
        raise ParameterError(f"{declared.name} was given {twice[0]} more than once; name each value once")
    if not isinstance(declared, Choice):
        options.sort()
    preferred = declared.default if default is None else declared.checked(default)
    return _named(declared.name, Choice(preferred if preferred in options else options[0], options))


def _inside(declared: Parameter[Any], given: Parameter[Any]) -> Parameter[Any]:
    if isinstance(given, Choice):
        return _among(declared, given.options, given.default)
    if isinstance(given, (Int, Float)) and isinstance(declared, (Int, Float)):
        low, high, default = (declared.checked(value) for value in (given.low, given.high, given.default))
        if isinstance(declared, Float):
            return _named(declared.name, Float(default, low=low, high=high, step=given.step, log=given.log))
        if isinstance(given, Int):
            step = given.step or 1
            return _named(
                declared.name, Int(int(default), low=int(low), high=int(high), step=step, log=given.log)
            )
    kind = type(declared).__name__
    raise ParameterError(
        f"{declared.name} was given {given!r}; it is declared as {kind}, so give it one of that kind"
    )


def _named(name: str, parameter: Kind) -> Kind:
    parameter.name = name
    return parameter


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
