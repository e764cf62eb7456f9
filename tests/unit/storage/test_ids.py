"""Names of jobs."""

import re
from itertools import pairwise

import pytest

from trad.errors import JobNotFound
from trad.storage import ids

MOMENT = 1_790_000_000.0


def test_an_id_is_short_and_safe_anywhere() -> None:
    for _ in range(200):
        made = ids.new_job_id(MOMENT)
        assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]{16}", made)
        assert ids.well_formed(made)


def test_ids_sort_by_age() -> None:
    moments = [MOMENT, MOMENT + 2e-6, MOMENT + 0.5, MOMENT + 1, MOMENT + 86_400, MOMENT + 20 * 365 * 86_400]
    made = [ids.new_job_id(moment) for moment in moments]
    assert made == sorted(made)


def test_seconds_differ_within_six_characters() -> None:
    made = [ids.new_job_id(MOMENT + second)[:6] for second in range(100)]
    assert all(one < next_ for one, next_ in pairwise(made))


def test_ids_of_one_moment_differ() -> None:
    # Thirty random bits: of a hundred ids two are alike once in 200,000 runs, of 5,000 once in 86.
    assert len({ids.new_job_id(MOMENT) for _ in range(100)}) == 100


def test_a_beginning_is_read_as_typed() -> None:
    assert ids.span(" 6FHA\n") == ("6fha000000000000", "6fhazzzzzzzzzzzz")
    assert ids.span("0123456789abcdef") == ("0123456789abcdef",) * 2


@pytest.mark.parametrize("typed", ["", "6fh", "  6fh  "])
def test_a_short_beginning_is_refused(typed: str) -> None:
    with pytest.raises(JobNotFound, match="too short"):
        ids.span(typed)


@pytest.mark.parametrize("typed", ["6fha%", "../../etc", "6fha\x00", "illo", "0" * 17])
def test_what_no_id_looks_like_is_not_looked_up(typed: str) -> None:
    with pytest.raises(JobNotFound, match="no job has the id"):
        ids.span(typed)
