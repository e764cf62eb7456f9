"""The revisions of the tables: making them, checking them, upgrading them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copymode
from time import monotonic, sleep
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, insert, inspect, select
from sqlalchemy.exc import OperationalError

from trad.errors import DatabaseTooNew, InputError
from trad.storage.failures import shown
from trad.storage.tables import metadata, versions

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002")
"""Every revision there has been, the oldest first: Alembic's own history, known without loading it."""

SCRIPTS = Path(__file__).parent / "migrations"

_SWITCH_SECONDS = 30
"""How long SQLite is asked to switch to its write-ahead log while others use the file."""

_UPGRADES = 0x7261_6474
"""The number of the lock under which Postgres' tables are changed."""


def bring_up_to_date(engine: Engine, revisions: tuple[str, ...] = REVISIONS, scripts: Path = SCRIPTS) -> None:
    """Make the tables in an empty database; upgrade those of an older one.

    Raises:
        DatabaseTooNew: Its revision is none of `revisions`; it was left untouched.
        InputError: It holds tables that are not Trad's.
    """
    current = False
    with engine.connect() as connection:
        current = _known_revision(connection, revisions) == revisions[-1]
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        _write_ahead(engine)
    if current:
        return
    with engine.connect().execution_options(trad_kind="schema") as connection:
        # This connection checks no foreign keys: it never goes back among the others.
        connection.detach()
        with connection.begin():
            if not sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADES)))
            revision = _known_revision(connection, revisions)
            if revision is None:
                _create(connection, revisions[-1])
            elif revision != revisions[-1]:
                _upgrade(connection, revision, scripts)


def alembic_config(connection: Connection, scripts: Path = SCRIPTS) -> "Config":
    """Return what Alembic's commands take, to work over this connection and in its transaction."""
    from alembic.config import Config  # takes up to two seconds

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _known_revision(connection: Connection, revisions: tuple[str, ...]) -> str | None:
    url = connection.engine.url
    tables = inspect(connection).get_table_names()
    if versions.name not in tables:
        if tables:
            listed = ", ".join(sorted(tables)[:5])
            raise InputError(
                f"the database {shown(url)} holds tables that Trad did not make ({listed}); "
                "give Trad a database of its own with TRAD_DATABASE_URL"
            )
        return None
    revision: str | None = connection.scalar(select(versions.c.version_num))
    if revision not in revisions:
        raise DatabaseTooNew(
            f"the database {shown(url)} has revision {revision!r}, and this Trad knows none above "
            f"{revisions[-1]!r}; upgrade Trad, or point TRAD_DATABASE_URL at another database"
        )
    return revision


def _create(connection: Connection, revision: str) -> None:
    metadata.create_all(connection)
    versions.create(connection)
    connection.execute(insert(versions).values(version_num=revision))


def _upgrade(connection: Connection, revision: str, scripts: Path) -> None:
    # Alembic takes up to two seconds to import, and there is hardly ever anything to upgrade.
    from alembic import command

    path = connection.engine.url.database
    if connection.dialect.name == "sqlite" and path is not None:
        _back_up(Path(path), revision)
    command.upgrade(alembic_config(connection, scripts), "head")


def _back_up(path: Path, revision: str) -> None:
    backup = path.with_name(f"{path.name}.bak-{revision}")
    unfinished = backup.with_name(f"{backup.name}.part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    copymode(path, unfinished)
    unfinished.replace(backup)


def _write_ahead(engine: Engine) -> None:
    """Let readers and one writer work side by side, from now on and for every process.

    SQLite does not wait for its turn to switch, so two processes that open a new file try again.
    """
    deadline = monotonic() + _SWITCH_SECONDS
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        while True:
            try:
                cursor.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or monotonic() > deadline:
                    raise OperationalError("PRAGMA journal_mode=WAL", None, error) from error
                sleep(0.01)
            else:
                return
    finally:
        raw.close()
