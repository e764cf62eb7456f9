"""The statements that record ended episodes: the one place where many rows are written at once."""

from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter

from sqlalchemy import Connection, Dialect, insert, select

from trad.storage.records import EpisodeRecord
from trad.storage.rows import Values
from trad.storage.tables import episodes

_ASKED_AT_ONCE = 500
"""Episode numbers in one question: databases bound the values of a statement."""


def recorded_numbers(connection: Connection, job_id: str, numbers: Sequence[int]) -> set[int]:
    """Read which of these episodes are recorded already."""
    known: set[int] = set()
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        part = numbers[start : start + _ASKED_AT_ONCE]
        query = select(episodes.c.number).where(episodes.c.job_id == job_id, episodes.c.number.in_(part))
        known.update(connection.scalars(query))
    return known


def add_episodes(
    connection: Connection, job_id: str, fresh: Collection[EpisodeRecord], first_place: int
) -> None:
    """Insert episodes that are not recorded yet, and give them their places.

    For each value SQLAlchemy would ask what becomes of it, which takes longer than the database takes to
    insert it: the statement is compiled once, and its values are handed over as the driver wants them.
    """
    dialect = connection.dialect
    statement = insert(episodes).compile(dialect=dialect)
    values = _for_driver(dialect, job_id, fresh, first_place)
    if statement.positiontup is None:
        connection.exec_driver_sql(str(statement), list(values))
    else:
        in_order = itemgetter(*statement.positiontup)
        connection.exec_driver_sql(str(statement), [in_order(one) for one in values])


def _for_driver(
    dialect: Dialect, job_id: str, fresh: Collection[EpisodeRecord], first_place: int
) -> Iterator[Values]:
    moment = episodes.c.started_at.type.dialect_impl(dialect).bind_processor(dialect)
    assert moment is not None
    for place, record in enumerate(fresh, first_place):
        times = {"started_at": moment(record["started_at"]), "finished_at": moment(record["finished_at"])}
        yield {**record, **times, "job_id": job_id, "place": place}
