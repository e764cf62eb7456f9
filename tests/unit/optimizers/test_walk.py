"""A walk that takes some of a stream's configurations and passes the others by."""

import math

import pytest

from trad.errors import SpaceError
from trad.optimizers.walk import MOST_TRIES, Walk
from trad.strategies.parameters import Params


def walk(every: int, places: float = math.inf) -> Walk:
    def at(place: int) -> Params:
        return {"place": place}

    return Walk(at, lambda params: int(params["place"]) % every == 0, places=places, why="widen the ranges")


def test_it_numbers_those_that_serve() -> None:
    assert [walk(3).nth(number)["place"] for number in (1, 2, 3)] == [0, 3, 6]


def test_the_order_of_asking_does_not_matter() -> None:
    steps = walk(3)
    assert [steps.nth(number)["place"] for number in (5, 1, 4, 5, 6)] == [12, 0, 9, 12, 15]


def test_each_is_looked_at_once() -> None:
    seen: list[int] = []

    def serves(params: Params) -> bool:
        seen.append(int(params["place"]))
        return True

    steps = Walk(lambda place: {"place": place}, serves, places=10, why="")
    for number in (3, 1, 2, 5):
        steps.nth(number)
    assert seen == [0, 1, 2, 3, 4]


def test_so_many_in_a_row_that_do_not_serve_end_it() -> None:
    assert walk(MOST_TRIES).nth(2) == {"place": MOST_TRIES}
    with pytest.raises(
        SpaceError, match=r"^after 1 configurations, 10,000 tries led to no other: widen the ranges$"
    ):
        walk(MOST_TRIES + 1).nth(2)


def test_the_streams_end_ends_it() -> None:
    with pytest.raises(SpaceError, match=r"^after 4 configurations, 0 tries led to no other"):
        walk(3, places=10).nth(5)
