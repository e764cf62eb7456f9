"""Opening the database, and transactions in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import ConnectionPoolEntry

from trad.errors import InputError
from trad.storage.failures import OUR_FAULT, refused, refused_open
from trad.storage.records import parsed, serialized
from trad.storage.revisions import bring_up_to_date

Kind = Literal["read", "lasting", "passing", "probe", "schema"]
"""What a transaction is for. A `lasting` one survives the loss of power; a `passing` one, of progress
and heartbeats, survives the death of any process, a database server's too; a `probe` writes nothing."""

WAITS: dict[Kind, float] = {"read": 30, "lasting": 30, "passing": 2, "probe": 1, "schema": 30}
"""Seconds that a transaction of each kind waits for another one. Who only renews a lease that lasts for
seconds, or reports progress, has something newer to say by then."""

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_EXAMPLES = "sqlite:////home/me/trad.db or postgresql://me@host/trad"
_PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 30_000}
"""How long a Postgres server may take to answer at all: seconds, and milliseconds once it is connected."""

_PAUSES = (0.001, 0.01)
"""Seconds, at random, between two looks whether SQLite's file can be written."""

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
        LedgerUnavailable: It is locked, full, or its server does not answer; it may a moment later.
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
        raise refused_open(error, place, WAITS["schema"]) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def transaction(engine: Engine, kind: Kind) -> Iterator[Connection]:
    """Run a block in one transaction: committed at its end, rolled back when it raises.

    Raises:
        LedgerUnavailable: The database was locked for too long, is full, is gone; nothing was written.
        LedgerError: It is damaged.
    """
    try:
        with engine.connect().execution_options(trad_kind=kind) as connection, connection.begin():
            yield connection
    except OUR_FAULT:
        raise
    except (DBAPIError, NoConnectionFree) as error:
        raise refused(error, engine.url, WAITS[kind]) from error


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
            "a Postgres database needs the driver psycopg; install Trad with its extra `postgres`"
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
        json_deserializer=parsed,
        pool_pre_ping=not sqlite,  # a server may have been restarted since
        connect_args={} if sqlite else {name: _PATIENCE[name] for name in _PATIENCE.keys() - place.query},
    )
    event.listen(engine, "connect", _prepare_sqlite if sqlite else _prepare_postgres)
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
        _set(connection, "busy_timeout", round(1000 * WAITS[kind]))
        connection.exec_driver_sql("BEGIN")
        return
    if kind == "schema":
        # Else rebuilding a table would delete, row by row, all that refers to it.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    _set(connection, "synchronous", "NORMAL" if kind == "passing" else "FULL")
    _set(connection, "busy_timeout", 0)
    _wait_for_turn(connection, WAITS[kind])


def _wait_for_turn(connection: Connection, seconds: float) -> None:
    """Begin to write when nobody else does.

    SQLite itself would look again after ever longer pauses, and among many writers those that came last
    would always be the quicker ones: here all look equally often.
    """
    cursor = connection.connection.cursor()
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        try:
            # A writer that began as a reader could not wait for another writer: it would fail at once.
            cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                break
            sleep(uniform(*_PAUSES))  # noqa: S311 - no secret
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set(connection: Connection, pragma: str, value: object) -> None:
    if connection.info.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        connection.info[pragma] = value


def _prepare_postgres(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # A process that was stopped in the middle of a transaction must not hold its job for ever.
    cursor.execute(f"SET idle_in_transaction_session_timeout TO '{WAITS['lasting']:g}s'")
    cursor.close()
    connection.commit()


def _begin_on_postgres(connection: Connection) -> None:
    kind: Kind = connection.get_execution_options().get("trad_kind", "read")
    if kind != "read":
        # Commits wait for the log, of progress too: what a reader saw must not be gone, and a job not fall
        # back, after a crash of the server.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout TO '{WAITS[kind]:g}s'")
