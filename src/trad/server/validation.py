"""Requests that break a rule of their schema, told field by field."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from trad.server.problems import FieldProblem, ProblemResponse

_MOST_FIELDS = 20
_LONGEST = 80
_LARGEST_INTEGER = 2**53


def validation_problem(errors: Sequence[Mapping[str, Any]]) -> ProblemResponse:
    """Turn what Pydantic found into a problem document: 400 for a body that is no JSON, else 422."""
    if any(error.get("type") == "json_invalid" for error in errors):
        cause = str(errors[0].get("ctx", {}).get("error", "not JSON"))
        return ProblemResponse(
            400,
            "unreadable",
            f"the body is not JSON: {cause[:_LONGEST]}; send one JSON object",
            errors=[FieldProblem(field="body", rule="JSON, RFC 8259", value=None)],
        )
    found = [_field_problem(error) for error in errors[:_MOST_FIELDS]]
    told = "; ".join(
        f"{entry.field} was {shown(entry.value)}: {_begun_small(entry.rule)}" for entry in found[:3]
    )
    more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    return ProblemResponse(422, "invalid", f"{told}{more}", errors=found)


def field_problem(field: str, rule: str, value: object) -> FieldProblem:
    """Name a field, the rule that it breaks, and what was found, cut to a length that can be shown."""
    return FieldProblem(field=field, rule=rule, value=plain(value))


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    missing = error.get("type") == "missing"
    return FieldProblem(
        field=".".join(str(part)[:_LONGEST] for part in error.get("loc", ()))[: 3 * _LONGEST] or "body",
        rule=_rule(str(error.get("msg", "not valid"))),
        value=None if missing else plain(error.get("input")),
    )


def _rule(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return text[:300]


def _begun_small(rule: str) -> str:
    return f"{rule[:1].lower()}{rule[1:]}"


def plain(value: object) -> str | int | float | bool | None:
    """Return a value that a problem document can hold: short, finite, and no structure."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_INTEGER else f"a number of {value.bit_length()} bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else _outline(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _outline(value: object) -> str:
    """Say what a structure is, without writing out all that is in it."""
    if isinstance(value, Mapping):
        return f"an object with {len(value)} fields"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value)} bytes"
    return f"a {type(value).__name__}"


def shown(value: object) -> str:
    """Write a value into a sentence."""
    return "missing" if value is None else repr(value)
