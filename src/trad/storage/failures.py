"""What a database that refuses says, in words for whoever must help it."""

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from trad.errors import InputError, LedgerError, LedgerUnavailable

OUR_FAULT = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""Errors that no remedy of the user's would cure."""

_NO_ROOM = "has no room left on its disk; free some space, then the job goes on"
_NO_DATABASE = "is not an SQLite database; point TRAD_DATABASE_URL at another file"
_DAMAGED = "is damaged; restore a copy of it, or move it away so that Trad makes a new one"

_OTHER_TABLES = (
    "lacks what its revision promises; restore a copy of it, or move it away so that Trad makes a new one"
)

_REMEDIES = {
    "database is locked": "was locked for {waited:g} s; close the program that holds it",
    "lock timeout": "was locked for {waited:g} s; close the program that holds it",
    "database or disk is full": _NO_ROOM,
    "no space left on device": _NO_ROOM,
    "readonly database": "may not be written; give Trad the right to write the file and its folder",
    "unable to open database file": "cannot be opened; let Trad read and write the file and its folder",
    "file is not a database": _NO_DATABASE,
    "malformed": _DAMAGED,
    "no such column": _OTHER_TABLES,
    "no such table": _OTHER_TABLES,
    "disk i/o error": "cannot be read or written: its disk fails; check the disk, then the job goes on",
}
"""What SQLite or Postgres says, and what that means for the user."""

_LASTS = frozenset({_NO_DATABASE, _DAMAGED, _OTHER_TABLES})
"""Meanings that waiting does not change."""

_TO_BE_MENDED = (
    "readonly database",
    "unable to open database file",
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "permission denied",
    "does not exist",
    "name or service not known",
)
"""What a database says, when it is opened for the first time, that the user must mend beforehand."""


def shown(url: URL) -> str:
    """Name a database without its password."""
    return (
        url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    )


def refused_open(error: DBAPIError, url: URL, waited: float) -> InputError | LedgerUnavailable:
    """Make the error for a database that cannot be opened: the user's to mend, or a matter of time.

    Args:
        waited: Seconds after which a lock was given up.
    """
    said, meaning = _heard(error)
    lasts = meaning in _LASTS or any(words in said.lower() for words in _TO_BE_MENDED)
    return (InputError if lasts else LedgerUnavailable)(_in_words(said, meaning, url, waited))


def refused(error: DBAPIError | NoConnectionFree, url: URL, waited: float) -> LedgerError:
    """Make the error for a database that was opened and no longer answers.

    Args:
        waited: Seconds after which a lock was given up.
    """
    if isinstance(error, NoConnectionFree):
        said, meaning = "no connection became free", None
    else:
        said, meaning = _heard(error)
    return (LedgerError if meaning in _LASTS else LedgerUnavailable)(_in_words(said, meaning, url, waited))


def _heard(error: DBAPIError) -> tuple[str, str | None]:
    said = " ".join(str(error.orig).split())
    return said, next((meaning for words, meaning in _REMEDIES.items() if words in said.lower()), None)


def _in_words(said: str, meaning: str | None, url: URL, waited: float) -> str:
    if meaning is None:
        return f"the database {shown(url)} did not answer: {said}; see that it runs and can be reached"
    return f"the database {shown(url)} {meaning.format(waited=waited)} ({said})"
