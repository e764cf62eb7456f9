"""What a client is told of a bad request: field, rule, value, and no more of it than fits."""

import math

import pytest

from trad.server.problems import ProblemResponse, documented
from trad.server.validation import field_problem, plain, validation_problem


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        ("short", "short"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (2**60, "a number of 61 bits"),
        ({"a": 1}, "an object with 1 fields"),
        ([1, 2, 3], "a list of 3"),
        (b"abc", "3 bytes"),
        (range(3), "a range"),
    ],
    ids=str,
)
def test_a_value_is_shown_as_far_as_json_can(value: object, found: object) -> None:
    assert plain(value) == found


def test_a_long_value_is_cut() -> None:
    shown = field_problem("body.data", "a name", "x" * 10_000).value
    assert isinstance(shown, str)
    assert len(shown) < 100


def test_many_bad_fields_make_a_short_document() -> None:
    errors = [{"loc": ("body", f"f{n}"), "msg": "Field required", "type": "missing"} for n in range(1_000)]
    body = validation_problem(errors).body
    assert len(body) < 10_000
    assert b"and 997 more" in body


def test_names_of_fields_are_cut_too() -> None:
    errors = [{"loc": ("body", "x" * 100_000), "msg": "Extra inputs", "type": "extra_forbidden", "input": 1}]
    assert len(validation_problem(errors).body) < 2_000


def test_a_detail_is_cut() -> None:
    assert len(ProblemResponse(422, "invalid", "x" * 100_000).body) < 3_000


def test_what_may_be_sent_again_says_when() -> None:
    described = documented(404)
    assert set(described) == {400, 401, 403, 404, 405, 429, 500, 503}
    assert "Retry-After" in described[503]["headers"]
