"""Opening the database, and transactions in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from trad.errors import InputError
from trad.storage.failures import BUSY_SECONDS, OUR_FAULT, refused, refused_open
from trad.storage.records import serialized
from trad.storage.revisions import bring_up_to_date

Kind = Literal["read", "lasting", "passing", "schema"]
"""What a transaction is for. A `lasting` one survives the loss of power; a `passing` one, of progress
and heartbeats, survives the death of any process and need not wait for the disk."""

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_EXAMPLES = "sqlite:////home/me/trad.db or postgresql://me@host/trad"
_CONNECTIONS, _MORE_CONNECTIONS = 5, 45


def open_database(url: str) -> Engine:
    """Open a database, and bring its tables up to date.

    A file that is not there yet is made, with its folder. An older database is copied beside itself
    (SQLite: `trad.db.bak-REVISION`), then upgraded. Several processes may open one at once. Whoever
    opens it ends with `engine.dispose()`. Alembic is loaded only when there is something to upgrade.

    Args:
        url: `sqlite:///FILE` or `postgresql://...`.

    Raises:
        InputError: The URL or the file is none that Trad can use; the message says what to do.
        DatabaseTooNew: A newer Trad wrote it; it was left untouched.
    """
    place = _place(url)
    if place.get_backend_name() == "sqlite":
        _make_folder(place)
    engine = _connectable(place)
    try:
        bring_up_to_date(engine)
    except DBAPIError as error:
        engine.dispose()
        if isinstance(error, OUR_FAULT):
            raise
        raise refused_open(error, place) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def transaction(engine: Engine, kind: Kind) -> Iterator[Connection]:
    """Run a block in one transaction: committed at its end, rolled back when it raises.

    Raises:
        LedgerError: The database was locked for too long, is full, is gone; nothing was written.
    """
    try:
        with engine.connect().execution_options(trad_kind=kind) as connection, connection.begin():
            yield connection
    except OUR_FAULT:
        raise
    except DBAPIError as error:
        raise refused(error, engine.url) from error


def _place(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError:
        raise InputError(f"the database URL was {url!r}; it looks like {_EXAMPLES}") from None
    driver = _DRIVERS.get(place.drivername)
    if driver is None:
        raise InputError(
            f"the database URL begins with {place.drivername!r}; "
            f"Trad keeps its jobs in SQLite or Postgres: {_EXAMPLES}"
        )
    if driver == "sqlite" and (place.database or ":memory:").startswith((":", "file:")):
        raise InputError(
            f"the database URL was {url!r}; SQLite needs the path of a file: sqlite:////home/me/trad.db"
        )
    if driver != "sqlite" and find_spec("psycopg") is None:
        raise InputError(
            "a Postgres database needs the driver psycopg; install it with `pip install 'trad[postgres]'`"
        )
    return place.set(drivername=driver)


def _make_folder(place: URL) -> None:
    folder = Path(place.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"the folder {folder} of the database cannot be made: {error.strerror}; "
            "choose another place with TRAD_HOME or TRAD_DATABASE_URL"
        ) from None


def _connectable(place: URL) -> Engine:
    sqlite = place.get_backend_name() == "sqlite"
    engine = create_engine(
        place,
        pool_size=_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        json_serializer=serialized,
        pool_pre_ping=not sqlite,  # a server may have been restarted since
        connect_args={"timeout": BUSY_SECONDS} if sqlite else {},
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_on_sqlite if sqlite else _begin_on_postgres)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Transactions begin where `_begin_on_sqlite` says, not where the driver guesses.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_on_sqlite(connection: Connection) -> None:
    kind: Kind = connection.get_execution_options().get("trad_kind", "read")
    if kind == "read":
        connection.exec_driver_sql("BEGIN")
        return
    if kind == "schema":
        # Else rebuilding a table would delete, row by row, all that refers to it.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    synchronous = "NORMAL" if kind == "passing" else "FULL"
    if connection.info.get("synchronous") != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
        connection.info["synchronous"] = synchronous
    # A writer that began as a reader could not wait for another writer: it would fail at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_on_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get("trad_kind") == "passing":
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
