"""Pages of episodes in an order that no index holds."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, select

from trad.storage import rows
from trad.storage.cursors import read_rank, strange, written_rank
from trad.storage.database import transaction
from trad.storage.finding import check_job, row_of
from trad.storage.ranking import Placed
from trad.storage.rankings import BATCH, Rankings
from trad.storage.sort_values import Options, as_number, options_of
from trad.storage.tables import episodes as episode_table
from trad.storage.tables import training_jobs
from trad.training.browsing import EpisodePage, EpisodeSort
from trad.training.job import EpisodeState


class RankedPages:
    """Reads pages of a database's episodes, sorted by a metric, a parameter, or the score from the worst.

    Args:
        engine: From `open_database`.
        rankings: Where the orders are remembered.
    """

    def __init__(self, engine: Engine, rankings: Rankings) -> None:
        self._engine = engine
        self._rankings = rankings

    def page(
        self, job_id: str, sort: EpisodeSort, states: Collection[EpisodeState], size: int, cursor: str | None
    ) -> EpisodePage:
        """Read a page: the ranking tells the numbers, the rows are read by them."""
        behind = None if cursor is None else read_rank(cursor, sort)
        with transaction(self._engine, "read") as connection:
            options = _options(connection, job_id, sort)

        def read(after: int) -> Sequence[Placed]:
            return self._recorded(job_id, sort, options, after)

        try:
            numbers = self._rankings.numbers(job_id, sort, read, behind=behind, states=states, limit=size + 1)
        except LookupError:
            raise strange(cursor or "") from None
        shown = numbers[:size]
        column = episode_table.c
        query = select(episode_table).where(column.job_id == job_id, column.number.in_(shown))
        with transaction(self._engine, "read") as connection:
            check_job(connection, job_id)
            found = {row["number"]: rows.episode_from(row) for row in connection.execute(query).mappings()}
        more = written_rank(sort, shown[-1]) if len(numbers) > size else None
        return EpisodePage(episodes=tuple(found[number] for number in shown if number in found), cursor=more)

    def _recorded(
        self, job_id: str, sort: EpisodeSort, options: Options | None, after: int
    ) -> Sequence[Placed]:
        column = episode_table.c
        query = (
            select(column.place, column.number, column.state, _value(sort, options))
            .where(column.job_id == job_id, column.place > after)
            .order_by(column.place)
            .limit(BATCH)
        )
        with transaction(self._engine, "read") as connection:
            found = connection.execute(query).all()
        if options is None:
            return found
        return [(place, number, state, as_number(raw, options)) for place, number, state, raw in found]


def _options(connection: Connection, job_id: str, sort: EpisodeSort) -> Options | None:
    if sort.by != "param":
        check_job(connection, job_id)
        return None
    row = row_of(connection, job_id, select(training_jobs.c.spec))
    return options_of(row["spec"]["space"], sort.name)


def _value(sort: EpisodeSort, options: Options | None) -> ColumnElement[Any]:
    """Return what is compared, read from within its JSON by the database."""
    column = episode_table.c
    if sort.by in ("number", "score"):
        return column[sort.by]
    data = (column.metrics if sort.by == "metric" else column.params)[sort.name]
    return data.as_float() if options is None else data
