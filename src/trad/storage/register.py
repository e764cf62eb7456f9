"""The register of workers in a database."""

from dataclasses import asdict

from sqlalchemy import Connection, Engine, Insert, RowMapping, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from trad.storage.clock import Clock, database_clock
from trad.storage.database import transaction
from trad.storage.records import FORGOTTEN_SECONDS, reportable
from trad.storage.rows import Values
from trad.storage.tables import workers as worker_table
from trad.training.workers import RegisteredWorker, WorkerReport

_worker = worker_table.c


class SqlWorkerRegister:
    """A `WorkerRegister` in SQLite or Postgres.

    Args:
        engine: From `open_database`.
        clock: What time it is in the database.
    """

    def __init__(self, engine: Engine, clock: Clock = database_clock) -> None:
        self._engine = engine
        self._clock = clock

    def report(self, worker: WorkerReport, *, lease_seconds: float) -> None:
        """Enter a worker, or renew what it said of itself."""
        said: Values = asdict(reportable(worker))
        said |= {"heartbeat_at": self._clock(), "lease_until": self._clock(lease_seconds)}
        with transaction(self._engine, "passing") as connection:
            self._forget(connection)
            connection.execute(_entry(connection, said | {"started_at": self._clock()}, said))

    def leave(self, worker_id: str) -> None:
        """Strike a worker off; one that is not there is no error."""
        with transaction(self._engine, "passing") as connection:
            connection.execute(delete(worker_table).where(_worker.id == worker_id))

    def workers(self) -> list[RegisteredWorker]:
        """Read the workers, the longest serving first."""
        query = (
            select(worker_table, (_worker.lease_until > self._clock()).label("alive"))
            .where(_worker.heartbeat_at > self._clock(-FORGOTTEN_SECONDS))
            .order_by(_worker.started_at, _worker.id)
        )
        with transaction(self._engine, "read") as connection:
            return [_registered(row) for row in connection.execute(query).mappings()]

    def _forget(self, connection: Connection) -> None:
        old = _worker.heartbeat_at <= self._clock(-FORGOTTEN_SECONDS)
        connection.execute(delete(worker_table).where(old))


def _entry(connection: Connection, fresh: Values, renewed: Values) -> Insert:
    if connection.dialect.name == "sqlite":
        on_sqlite = sqlite.insert(worker_table).values(fresh)
        return on_sqlite.on_conflict_do_update(index_elements=["id"], set_=renewed)
    on_postgres = postgresql.insert(worker_table).values(fresh)
    return on_postgres.on_conflict_do_update(index_elements=["id"], set_=renewed)


def _registered(row: RowMapping) -> RegisteredWorker:
    return RegisteredWorker(
        report=WorkerReport(
            id=row["id"],
            host=row["host"],
            pid=row["pid"],
            processes=row["processes"],
            job_id=row["job_id"],
            version=row["version"],
        ),
        started_at=row["started_at"],
        heartbeat_at=row["heartbeat_at"],
        alive=bool(row["alive"]),
    )
