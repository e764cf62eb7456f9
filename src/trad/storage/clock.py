"""Time in the database: its type, and the database's own clock as an expression."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, DateTime, Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _WrittenQuickly(sqlite.DATETIME):
    """SQLite's own date and time, written as ever in a third of the time: every episode has two."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:  # noqa: ARG002 - SQLAlchemy's
        """Return what writes a moment in UTC."""
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")[:26]


class UtcTime(TypeDecorator[float]):
    """A moment: seconds since 1970 in Python, a readable date and time in UTC in the table.

    Microseconds are kept. SQLite holds `2026-11-05 12:30:00.125000`, whose order as text is the order
    in time; Postgres holds `timestamp with time zone`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name != "sqlite":
            return DateTime(timezone=True)
        return _WrittenQuickly()  # type: ignore[no-untyped-call]  # SQLAlchemy's

    def process_bind_param(self, value: float | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Turn seconds into an aware datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - SQLAlchemy's
        """Turn what the database gave, naive on SQLite, into seconds."""
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


class FromNow(FunctionElement[float]):
    """The moment that lies some seconds after the database's present, to the millisecond or finer.

    Within one statement SQLite's present stands still; Postgres' is the wall clock, not the
    transaction's start.
    """

    name = "from_now"
    type = UtcTime()
    inherit_cache = True


@compiles(FromNow, "sqlite")
def _from_now_on_sqlite(element: FromNow, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds')"


@compiles(FromNow, "postgresql")
def _from_now_on_postgres(element: FromNow, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))"


class Clock(Protocol):
    """The clock of a ledger in a database."""

    def __call__(self, seconds: float = 0.0) -> ColumnElement[float]:
        """Return the moment `seconds` from now as an expression of type `UtcTime`."""
        ...


def database_clock(seconds: float = 0.0) -> ColumnElement[float]:
    """Return the moment `seconds` from now by the clock of the database that runs the statement."""
    return FromNow(BindParameter(None, seconds, unique=True))
