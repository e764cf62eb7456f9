"""A walk along a stream of configurations that takes some of them and passes the others by."""

from array import array
from collections.abc import Callable

from trad.errors import SpaceError
from trad.strategies.parameters import Params

MOST_TRIES = 10_000
"""So many configurations in a row that do not serve end a walk."""


class Walk:
    """Numbers the configurations of a stream that serve, from 1.

    The n-th is the same in whatever order one asks. Of those behind it, only their places in the stream
    are remembered: 8 bytes each.

    Args:
        at: The stream: a configuration by its place, from 0; a pure function.
        serves: Whether to take a configuration. Asked once about each, in the order of the stream.
        places: How many the stream holds.
        why: What is wrong when none serves, for the message.
    """

    def __init__(
        self, at: Callable[[int], Params], serves: Callable[[Params], bool], *, places: float, why: str
    ) -> None:
        self._at, self._serves, self._places, self._why = at, serves, places, why
        self._taken = array("q")
        self._next = 0

    def nth(self, number: int) -> Params:
        """Return the configuration of this number.

        Raises:
            SpaceError: The stream came to an end, or 10,000 in a row did not serve.
        """
        while len(self._taken) < number:
            params = self._advance()
            if len(self._taken) == number:
                return params
        return self._at(self._taken[number - 1])

    def _advance(self) -> Params:
        stop = int(min(self._next + MOST_TRIES, self._places))
        for place in range(self._next, stop):
            params = self._at(place)
            if self._serves(params):
                self._taken.append(place)
                self._next = place + 1
                return params
        found = len(self._taken)
        raise SpaceError(
            f"after {found:,} configurations, {stop - self._next:,} tries led to no other: {self._why}"
        )
