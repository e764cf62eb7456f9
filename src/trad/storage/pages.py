"""The questions behind a page of a list: each walks an index from where the page before ended.

A list of several states is put together from one walk for each: an index leads to the episodes of one
state in their order, and to those of several only by sorting them all.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, literal, select, tuple_, union_all

from trad.storage.clock import UtcTime
from trad.storage.cursors import JobCursor, NumberCursor, ScoreCursor
from trad.storage.tables import episodes as episode_table
from trad.storage.tables import training_jobs
from trad.training.job import EpisodeState, JobState

Question = Select[Any]
Sized = Callable[[int], Question]
"""A question for at most so many rows."""

Columns = tuple[str, ...]
"""Columns to sort by, a `-` before those that fall."""


def jobs(states: frozenset[JobState], behind: JobCursor | None, limit: int) -> Question:
    """Ask for jobs, newest first."""
    column = training_jobs.c
    query = select(training_jobs)
    if behind is not None:
        place = tuple_(literal(behind.created_at, UtcTime()), literal(behind.id))
        query = query.where(tuple_(column.created_at, column.id) < place)
    order = ("-created_at", "-id")
    walks = [query.where(column.state == state) for state in sorted(states)] or [query]
    return _together(walks, order, limit)


def by_number(
    job_id: str, states: frozenset[EpisodeState], behind: NumberCursor | None, descending: bool
) -> list[Sized]:
    """Ask for a job's episodes by number."""
    column = episode_table.c
    query = select(episode_table).where(column.job_id == job_id)
    if behind is not None:
        number = column.number
        query = query.where(number < behind.number if descending else number > behind.number)
    walks = [query.where(column.state == state) for state in sorted(states)] or [query]
    order = ("-number",) if descending else ("number",)
    return [lambda limit: _together(walks, order, limit)]


def best_first(job_id: str, states: frozenset[EpisodeState], behind: ScoreCursor | None) -> list[Sized]:
    """Ask for a job's episodes by score: the questions one after the other, until the page is full."""
    column = episode_table.c
    every = [
        select(episode_table).where(column.job_id == job_id, column.state == state)
        for state in sorted(states or get_args(EpisodeState))
    ]

    def walk(order: Columns, *conditions: ColumnElement[bool]) -> Sized:
        walks = [query.where(*conditions) for query in every]
        return lambda limit: _together(walks, order, limit)

    if behind is None:
        scored = walk(("-score", "number"), column.score.is_not(None))
        return [scored, walk(("number",), column.score.is_(None))]
    if behind.score is None:
        return [walk(("number",), column.score.is_(None), column.number > behind.number)]
    return [
        walk(("number",), column.score == behind.score, column.number > behind.number),
        walk(("-score", "number"), column.score < behind.score),
        walk(("number",), column.score.is_(None)),
    ]


def _together(walks: list[Question], order: Columns, limit: int) -> Question:
    """Ask for the first rows of several walks, each in the same order."""
    ordered = [
        walk.order_by(*_sorted(dict(walk.selected_columns.items()), order)).limit(limit) for walk in walks
    ]
    if len(ordered) == 1:
        return ordered[0]
    whole = union_all(*(select(part.subquery()) for part in ordered)).subquery()
    return select(whole).order_by(*_sorted(dict(whole.c.items()), order)).limit(limit)


def _sorted(columns: Mapping[str, ColumnElement[Any]], order: Columns) -> list[ColumnElement[Any]]:
    return [columns[name[1:]].desc() if name.startswith("-") else columns[name] for name in order]
