"""A job's episodes in the order of one value."""

from collections.abc import Collection, Sequence
from typing import get_args

import numpy as np

from trad.training.job import EpisodeState

STATES: tuple[EpisodeState, ...] = get_args(EpisodeState)
_CODES = {state: code for code, state in enumerate(STATES)}


Placed = tuple[int, int, EpisodeState, float | None]
"""An ended episode as far as its rank goes: its place (see `EndedEpisode`), number, state and value."""


class Ranking:
    """The numbers of episodes, sorted by a value; grows as episodes end.

    Equal values are in the order of the numbers, episodes without a value come last: 17 bytes for each.
    Of several threads one at a time may use it.

    Args:
        descending: Whether the largest value comes first.
    """

    def __init__(self, *, descending: bool) -> None:
        self._sign = -1.0 if descending else 1.0
        # Value and number as the parts of a complex number: these are what NumPy compares part by part,
        # so that one search finds the place among equal values too.
        self._ranks = np.empty(0, np.complex128)
        self._states = np.empty(0, np.int8)
        self.last_place = 0

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return self._ranks.nbytes + self._states.nbytes

    def add(self, placed: Sequence[Placed]) -> None:
        """Put in episodes that were recorded behind `last_place`, in the order of their places."""
        if not placed:
            return
        places, numbers, states, values = zip(*placed, strict=True)
        fresh = np.empty(len(placed), np.complex128)
        fresh.real = self._sign * np.array(values, np.float64)  # None becomes NaN
        fresh.real[np.isnan(fresh.real)] = np.inf
        fresh.imag = numbers
        order = np.argsort(fresh)
        codes = np.array([_CODES[state] for state in states], np.int8)
        where = np.searchsorted(self._ranks, fresh[order])
        self._ranks = np.insert(self._ranks, where, fresh[order])
        self._states = np.insert(self._states, where, codes[order])
        self.last_place = places[-1]

    def numbers(self, *, behind: int | None, states: Collection[EpisodeState], limit: int) -> list[int]:
        """Return the next episodes' numbers.

        Args:
            behind: The number of the last one seen; None: begin with the first.
            states: Which ones; empty: all.
            limit: At most so many.

        Raises:
            LookupError: `behind` is not among the episodes.
        """
        start = 0 if behind is None else self._place_of(behind) + 1
        if not states:
            chosen = self._ranks[start : start + limit]
        else:
            wanted = np.isin(np.arange(len(STATES)), [_CODES[state] for state in states])
            found = np.flatnonzero(wanted[self._states[start:]])[:limit]
            chosen = self._ranks[start:][found]
        return [int(number) for number in chosen.imag]

    def _place_of(self, number: int) -> int:
        found = np.flatnonzero(self._ranks.imag == number)
        if len(found) == 0:
            raise LookupError(number)
        return int(found[0])
