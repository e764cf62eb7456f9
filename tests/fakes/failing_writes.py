"""A database whose every Nth write fails, with the errors that SQLite itself would raise."""

import sqlite3
import threading
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.pool import PoolProxiedConnection

Moment = Literal["begin", "statement", "commit", "answer"]
"""Where in a transaction the fault comes; at `answer` it is committed, and nobody is told so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What goes wrong in a write, and where."""

    moment: Moment
    words: str


FAULTS = {
    "locked": Fault(moment="begin", words="database is locked"),
    "full": Fault(moment="statement", words="database or disk is full"),
    "disk": Fault(moment="commit", words="disk I/O error"),
    "unheard-of": Fault(moment="commit", words="something that SQLite never said before"),
    "answer lost": Fault(moment="answer", words="disk I/O error"),
}


class FailingWrites:
    """Makes every Nth write transaction of an engine fail; reads pass.

    Args:
        every: N.
        most: After so many failures the cause is gone.
    """

    def __init__(self, engine: Engine, fault: Fault, *, every: int, most: int = 10**9) -> None:
        self.writes = 0
        self.failures = 0
        self._fault = fault
        self._every = every
        self._most = most
        self._lock = threading.Lock()
        self._doomed: set[int] = set()
        self._commit = engine.dialect.do_commit
        event.listen(engine, "begin", self._at_begin)
        event.listen(engine, "do_execute", self._before_statement)
        event.listen(engine, "do_executemany", self._before_statement)
        engine.dialect.do_commit = self._at_commit  # type: ignore[method-assign]  # it has no event

    def _at_begin(self, connection: Connection) -> None:
        place = id(connection.connection.dbapi_connection)
        with self._lock:
            self._doomed.discard(place)  # an earlier write may have written nothing after all
            if connection.get_execution_options().get("trad_kind", "read") == "read":
                return
            self.writes += 1
            if self.writes % self._every == 0 and self.failures < self._most:
                self._doomed.add(place)
        if self._fault.moment == "begin":
            connection.exec_driver_sql("SELECT 1")  # fails as a statement does: the driver raises

    def _before_statement(
        self, cursor: sqlite3.Cursor, statement: str, parameters: Any, context: ExecutionContext
    ) -> None:
        writes = not statement.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN"))
        if self._fault.moment == "begin" or (self._fault.moment == "statement" and writes):
            self._fail_if_doomed(id(cursor.connection))

    def _at_commit(self, dbapi_connection: PoolProxiedConnection) -> None:
        place = id(dbapi_connection.dbapi_connection)
        if self._fault.moment == "commit":
            self._fail_if_doomed(place)
        self._commit(dbapi_connection)
        if self._fault.moment == "answer":
            self._fail_if_doomed(place)

    def _fail_if_doomed(self, connection: int) -> None:
        with self._lock:
            if connection not in self._doomed:
                return
            self._doomed.discard(connection)
            self.failures += 1
        raise sqlite3.OperationalError(self._fault.words)
