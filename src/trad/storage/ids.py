"""Names of jobs: short, sortable by age, safe in a URL and in a file's name."""

import secrets

from trad.errors import JobNotFound

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base 32 in the order of its characters, without i, l, o and u, which are misread."""

LENGTH = 16
SHORTEST = 4
"""Characters of an id, and of the shortest beginning that is looked up."""

_EPOCH = 1_577_836_800  # 2020-01-01: thirty bits of seconds last until 2054
_SECOND_BITS, _FRACTION_BITS, _RANDOM_BITS = 30, 20, 30


def new_job_id(at: float) -> str:
    """Make an id: 6 characters for the second, 4 for the microsecond, 6 at random.

    Two jobs started at different seconds differ within their first 6 characters, so that a short
    beginning is enough to name one.

    Args:
        at: Seconds since 1970.
    """
    seconds = (int(at) - _EPOCH) % (1 << _SECOND_BITS)
    fraction = int(at % 1 * (1 << _FRACTION_BITS))
    number = (seconds << _FRACTION_BITS | fraction) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def well_formed(text: str) -> bool:
    """Tell whether a job's id could begin with `text`; a database is never asked about anything else."""
    return 0 < len(text) <= LENGTH and set(text) <= set(ALPHABET)


def span(text: str) -> tuple[str, str]:
    """Return the first and the last id that begin with what a user typed, in capitals or not.

    Raises:
        JobNotFound: It is too short, or no id looks like it.
    """
    typed = text.strip().lower()
    if len(typed) < SHORTEST:
        raise JobNotFound(f"the job id {text!r} is too short; give at least its first {SHORTEST} characters")
    if not well_formed(typed):
        raise unknown(text)
    return typed.ljust(LENGTH, ALPHABET[0]), typed.ljust(LENGTH, ALPHABET[-1])


def unknown(text: str) -> JobNotFound:
    """Make the error for an id that no job has."""
    return JobNotFound(f"no job has the id {text!r}; `trad jobs list` shows the ids there are")


def ambiguous(text: str, *matches: str) -> JobNotFound:
    """Make the error for a beginning that several ids share."""
    shown = " and ".join(matches)
    return JobNotFound(f"the job id {text!r} is ambiguous: {shown} begin with it; give more characters")
