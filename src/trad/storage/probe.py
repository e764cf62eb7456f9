"""Trying whether a database can be written at this moment."""

import shutil
from pathlib import Path

from sqlalchemy import Engine, text

from trad.errors import LedgerError
from trad.storage.database import transaction
from trad.storage.failures import shown

LEAST_FREE_BYTES = 1_000_000
"""Room on the disk below which the next write of many episodes may fail."""


def ailment_of(engine: Engine) -> str | None:
    """Return a sentence on why the database cannot be written now, None when it can."""
    if engine.dialect.name == "sqlite" and (full := _no_room(engine)):
        return full
    try:
        with transaction(engine, "probe") as connection:
            if engine.dialect.name == "postgresql":
                read_only = connection.scalar(text("SHOW transaction_read_only")) == "on"
                if read_only:
                    return (
                        f"the database {shown(engine.url)} may only be read at present; "
                        "see whether its server is a replica, or let it be written"
                    )
    except LedgerError as error:
        return str(error)
    return None


def _no_room(engine: Engine) -> str | None:
    try:
        free = shutil.disk_usage(Path(engine.url.database or "").parent).free
    except OSError as error:
        return (
            f"the folder of the database {shown(engine.url)} cannot be read: {error.strerror}; bring it back"
        )
    if free >= LEAST_FREE_BYTES:
        return None
    return f"the database {shown(engine.url)} has {free:,} bytes left on its disk; free some space"
