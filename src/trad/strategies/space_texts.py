"""The command line's way to say what is searched: `name=low:high[:step]`, `name=a,b,c`, `name=value`."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from trad.errors import ParameterError
from trad.strategies.parameters import Float, Int, Parameter, ParameterValue

FORMS = "name=low:high, name=low:high:step, name=a,b,c or name=value"


def wishes_from_texts(
    owner: str, parameters: Mapping[str, Parameter[Any]], texts: Sequence[str]
) -> dict[str, object]:
    """Turn texts into what `narrowed` takes: a tuple for a range, a list for values, or one value.

    Args:
        owner: The strategy's name, for messages.
        parameters: Its declarations by name.
        texts: As given on the command line; spaces round the parts do not count.

    Raises:
        ParameterError: A text has none of the forms, its name is unknown or stands twice, or a part of
            it is not a value of the parameter's type.
    """
    wishes: dict[str, object] = {}
    for text in texts:
        name, sign, what = (part.strip() for part in text.partition("="))
        if not sign or not name:
            raise ParameterError(f"the parameter was {text!r}; write {FORMS}")
        refuse_unknown(owner, parameters, name)
        if name in wishes:
            raise ParameterError(
                f"{name} was given twice, the second time as {text!r}; give each parameter once"
            )
        wishes[name] = _wish(parameters[name], what)
    return wishes


def refuse_unknown(owner: str, parameters: Mapping[str, Parameter[Any]], name: str) -> None:
    """Refuse a name that no parameter has.

    Raises:
        ParameterError: There is none of that name; the message says which there are, and the one that
            may have been meant.
    """
    if name in parameters:
        return
    close = get_close_matches(name, parameters, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    known = ", ".join(parameters) or "none"
    raise ParameterError(f"{owner} has no parameter {name!r}; {meant}it has {known}")


def _wish(parameter: Parameter[Any], text: str) -> object:
    if isinstance(parameter, (Int, Float)):
        if ":" in text:
            return tuple(_number(parameter, part, text) for part in text.split(":"))
        if "," in text:
            return [_number(parameter, part, text) for part in text.split(",")]
        return _number(parameter, text, text)
    named = {_shown(option): option for option in parameter.levels()}
    if "," in text and text not in named:
        return [_option(parameter, named, part.strip()) for part in text.split(",")]
    return _option(parameter, named, text)


def _option(parameter: Parameter[Any], named: Mapping[str, ParameterValue], text: str) -> ParameterValue:
    for written in (text, text.lower()):
        if written in named:
            return named[written]
    close = get_close_matches(text, named, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    raise ParameterError(f"{parameter.name} was {text!r}; {meant}it is one of {', '.join(named)}")


def _shown(option: ParameterValue) -> str:
    return str(option).lower() if isinstance(option, bool) else str(option)


def _number(parameter: Int | Float, part: str, whole: str) -> int | float:
    try:
        number = float(part)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    except ValueError:
        kind = "whole number" if isinstance(parameter, Int) else "number"
        name, low, high = parameter.name, parameter.low, parameter.high
        raise ParameterError(
            f"{name} was {whole!r}, and {part.strip()!r} is no {kind}; write {name}={low}:{high}, "
            f"{name}={low}:{high}:step, {name}={low},{high} or {name}={parameter.default}"
        ) from None
