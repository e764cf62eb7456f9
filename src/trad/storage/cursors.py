"""Cursors: where a page of a list ended, in one opaque word."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from math import isfinite
from zlib import crc32

from trad.errors import InputError
from trad.storage import ids
from trad.training.browsing import BEST_FIRST, EpisodeSort
from trad.training.job import Episode

MOST_CHARACTERS = 200
"""Longer than any cursor that is given."""

_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class JobCursor:
    """The last job of a page."""

    created_at: float
    id: str


@dataclass(frozen=True, slots=True)
class NumberCursor:
    """The last episode of a page in the order of numbers."""

    number: int
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ScoreCursor:
    """The last episode of a page in the order of scores."""

    score: float | None
    number: int


def written_job(cursor: JobCursor) -> str:
    """Write the cursor as a word that is safe in a URL."""
    return _written("j", cursor.created_at, cursor.id)


def read_job(word: str) -> JobCursor:
    """Read what `written_job` gave.

    Raises:
        InputError: It did not.
    """
    match _read(word):
        case ["j", float(at), str(job_id)] if isfinite(at) and 0 <= at < 2**37 and ids.well_formed(job_id):
            return JobCursor(at, job_id)
    raise strange(word)


def written_number(cursor: NumberCursor) -> str:
    """Write the cursor as a word that is safe in a URL."""
    return _written("-n" if cursor.descending else "n", cursor.number)


def read_number(word: str, *, descending: bool = False) -> NumberCursor:
    """Read what `written_number` gave for this direction.

    Raises:
        InputError: It did not.
    """
    match _read(word):
        case [str(kind), int(number)] if 0 < number <= _LARGEST and kind == ("-n" if descending else "n"):
            return NumberCursor(number, descending)
    raise strange(word)


def written_score(cursor: ScoreCursor) -> str:
    """Write the cursor as a word that is safe in a URL."""
    return _written("s", cursor.score, cursor.number)


def read_score(word: str) -> ScoreCursor:
    """Read what `written_score` gave.

    Raises:
        InputError: It did not.
    """
    match _read(word):
        case ["s", (float() | None) as score, int(number)] if 0 < number <= _LARGEST:
            if score is None or isfinite(score):
                return ScoreCursor(score, number)
    raise strange(word)


def written_rank(sort: EpisodeSort, number: int) -> str:
    """Write the last episode of a page in any other order; its value is found by its number."""
    return _written("r", _check(sort), number)


def read_rank(word: str, sort: EpisodeSort) -> int:
    """Read the number that `written_rank` was given for this order.

    Raises:
        InputError: It did not give this word, or for another order.
    """
    match _read(word):
        case ["r", int(check), int(number)] if check == _check(sort) and 0 < number <= _LARGEST:
            return number
    raise strange(word)


def written_place(sort: EpisodeSort, last: Episode) -> str:
    """Write the cursor behind the last episode of a page."""
    if sort.by == "number":
        return written_number(NumberCursor(last.number, sort.descending))
    if sort == BEST_FIRST:
        return written_score(ScoreCursor(last.score, last.number))
    return written_rank(sort, last.number)


def strange(word: str) -> InputError:
    """Make the error for a word that is no cursor of the list."""
    shown = word if len(word) <= MOST_CHARACTERS else f"{word[:20]}..."
    return InputError(
        f"the cursor was {shown!r}; a cursor comes from the page before, of the same list in the same order"
    )


def _check(sort: EpisodeSort) -> int:
    return crc32(f"{sort.by} {sort.name} {sort.descending}".encode())


def _written(*parts: float | str | None) -> str:
    return urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(word: str) -> object:
    if len(word) > MOST_CHARACTERS:
        return None
    try:
        parts: object = json.loads(urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except ValueError:
        return None
    return parts
