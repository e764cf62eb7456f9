"""All configurations of a space by index."""

import pytest
from tests.unit.optimizers.spaces import Tiny, space_of

from trad import Float, Int
from trad.optimizers.lattice import Lattice, count_of, levels_of
from trad.strategies.space import ParameterSpace


def test_the_last_parameter_changes_fastest() -> None:
    lattice = Lattice(ParameterSpace.of(Tiny, {"fast": 2}))
    assert lattice.size == 8
    listed = [tuple(lattice.params(index).items()) for index in (0, 1, 2, 7)]
    assert listed == [
        (("fast", 2), ("slow", 1), ("kind", "sma")),
        (("fast", 2), ("slow", 1), ("kind", "ema")),
        (("fast", 2), ("slow", 2), ("kind", "sma")),
        (("fast", 2), ("slow", 4), ("kind", "ema")),
    ]


def test_valid_indices() -> None:
    lattice = Lattice(ParameterSpace.of(Tiny, {"fast": 2}))
    assert lattice.valid_indices().tolist() == [4, 5, 6, 7]


def test_without_constraints_all_are_valid() -> None:
    assert Lattice(space_of(a=Int(1, low=1, high=3))).valid_indices().tolist() == [0, 1, 2]


@pytest.mark.parametrize("log", [False, True])
def test_levels_that_are_not_listed_are_those_that_would_be(log: bool) -> None:
    parameter = Float(0.2, low=0.1, high=0.9, step=0.000_007, log=log)
    levels, listed = levels_of(parameter), parameter.levels()
    assert not isinstance(levels, list)
    assert count_of(parameter) == len(listed) == 114_286
    places = [*range(0, len(listed), 7), len(listed) - 1]
    assert [levels[place] for place in places] == [listed[place] for place in places]


def test_counts_beyond_what_len_can_say() -> None:
    assert count_of(Int(0, low=0, high=10**20)) == 10**20 + 1
    assert Lattice(space_of(a=Int(0, low=0, high=10**20))).params(10**19) == {"a": 10**19}
