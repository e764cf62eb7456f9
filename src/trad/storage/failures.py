"""What a database that refuses says, in words for whoever must help it."""

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError

from trad.errors import InputError, LedgerError

BUSY_SECONDS = 30
"""How long a write waits for another one before it gives up."""

OUR_FAULT = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""Errors that no remedy of the user's would cure."""

_REMEDIES = {
    "database is locked": f"was locked for {BUSY_SECONDS} s; close the program that holds it and try again",
    "database or disk is full": "has no room left on its disk; free some space, then resume the job",
    "readonly database": "may not be written; give Trad the right to write the file and its folder",
    "unable to open database file": "cannot be opened; let Trad read and write the file and its folder",
    "file is not a database": "is not an SQLite database; point TRAD_DATABASE_URL at another file",
    "malformed": "is damaged; restore a copy of it, or move it away so that Trad makes a new one",
    "disk i/o error": "cannot be read or written: its disk fails; check the disk, then resume the job",
}
"""What SQLite says, and what that means for the user."""


def shown(url: URL) -> str:
    """Name a database without its password."""
    return (
        url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    )


def refused_open(error: DBAPIError, url: URL) -> InputError:
    """Make the error for a database that cannot be opened at all."""
    return InputError(_in_words(error, url))


def refused(error: DBAPIError, url: URL) -> LedgerError:
    """Make the error for a database that was opened and no longer answers."""
    return LedgerError(_in_words(error, url))


def _in_words(error: DBAPIError, url: URL) -> str:
    said = " ".join(str(error.orig).split())
    for words, meaning in _REMEDIES.items():
        if words in said.lower():
            return f"the database {shown(url)} {meaning} ({said})"
    return f"the database {shown(url)} did not answer: {said}; see that it can be reached, then try again"
