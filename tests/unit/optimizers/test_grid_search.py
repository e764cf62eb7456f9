"""Grid search: the whole grid, each configuration once, in a seeded order."""

import itertools

import pytest
from tests.unit.optimizers.spaces import Cross, Declared, Tiny, Wide, space_of

from trad import Choice, Float, Int
from trad.errors import SpaceError
from trad.optimizers.grid_search import GridSearch
from trad.strategies.space import ParameterSpace


def test_every_configuration_stands_in_the_grid_once() -> None:
    space = space_of(
        a=Int(1, low=1, high=9, step=4), b=Float(0, low=0, high=1, step=0.25), c=Choice(["x", True])
    )
    search = GridSearch(space, seed=7)
    proposed = [tuple(search.propose(number).values()) for number in range(1, 31)]
    assert search.size == 30
    assert set(proposed) == set(itertools.product((1, 5, 9), (0, 0.25, 0.5, 0.75, 1), ("x", True)))
    assert proposed != sorted(proposed, key=repr)


def test_a_float_without_a_step_has_ten_levels() -> None:
    search = GridSearch(space_of(a=Float(0.1, low=0.1, high=1.0)), seed=7)
    assert sorted(float(search.propose(number)["a"]) for number in range(1, 11)) == pytest.approx(
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], rel=1e-12
    )


def test_what_is_not_valid_is_not_counted() -> None:
    search = GridSearch(ParameterSpace.of(Tiny), seed=7)
    proposed = {tuple(search.propose(number).values()) for number in range(1, 13)}
    assert search.size == 12
    assert proposed == {(a, b, kind) for a in range(1, 5) for b in range(a + 1, 5) for kind in ("sma", "ema")}


def test_beyond_the_end_there_is_nothing() -> None:
    with pytest.raises(SpaceError, match=r"^episode 13 was asked for, and the grid has 12 configurations$"):
        GridSearch(ParameterSpace.of(Tiny), seed=7).propose(13)


def test_a_grid_above_a_million_is_refused_with_its_size_and_the_ways_out() -> None:
    space = space_of(
        fast=Int(1, low=1, high=100), slow=Int(1, low=1, high=2_000), stop=Float(1, low=1, high=2)
    )
    message = (
        r"^the grid has 2,000,000 configurations \(fast 100 x slow 2,000 x stop 10\) and may have 1,000,000; "
        r"cut it with --episodes N, with narrower ranges or with larger steps: --param slow=low:high:step$"
    )
    with pytest.raises(SpaceError, match=message):
        GridSearch(space, seed=7)
    assert GridSearch(space, seed=7, episodes=10).size == 2_000_000


def test_a_million_is_not_too_many() -> None:
    search = GridSearch(space_of(a=Int(1, low=1, high=1_000), b=Int(1, low=1, high=1_000)), seed=7)
    assert search.default_episodes == search.size == 1_000_000


def test_a_part_of_a_huge_grid_is_a_sample_of_the_whole() -> None:
    space = space_of(
        a=Int(0, low=0, high=10**18), b=Float(0, low=0, high=1, step=1e-15), c=Int(0, low=0, high=9)
    )
    search = GridSearch(space, seed=7, episodes=2_000)
    proposed = [search.propose(number) for number in range(1, 2_001)]
    assert len({tuple(params.values()) for params in proposed}) == 2_000
    for name, high in (("a", 10**18), ("b", 1), ("c", 9)):
        values = [float(params[name]) / high for params in proposed]
        assert sum(values) / 2_000 == pytest.approx(0.5, abs=0.03)


def test_the_grid_of_a_huge_space_with_constraints_passes_by_what_is_not_valid() -> None:
    space = ParameterSpace.of(Wide)
    search = GridSearch(space, seed=7, episodes=500)
    proposed = [search.propose(number) for number in range(1, 501)]
    assert search.size is None
    assert all(space.allows(params) for params in proposed)
    assert len(set(map(repr, proposed))) == 500
    leaping = GridSearch(space, seed=7, episodes=500)
    assert [leaping.propose(number) for number in (400, 3, 500)] == [proposed[n - 1] for n in (400, 3, 500)]


class Needle(Declared):
    a = Int(0, low=0, high=10**9)

    def valid(self) -> bool:
        return self.a == 0


def test_a_huge_grid_with_nothing_valid_in_sight_ends_with_a_reason() -> None:
    search = GridSearch(ParameterSpace.of(Needle), seed=7, episodes=5)
    with pytest.raises(
        SpaceError, match=r"10,000 tries led to no other: Needle.valid\(\) refuses them; widen the"
    ):
        search.propose(1)


def test_the_number_of_episodes_does_not_change_the_order() -> None:
    space = ParameterSpace.of(Cross)
    few, all_of_them = GridSearch(space, seed=7, episodes=3), GridSearch(space, seed=7)
    assert [few.propose(number) for number in (1, 2, 3)] == [
        all_of_them.propose(number) for number in (1, 2, 3)
    ]


def test_known_proposals_stay_what_they_are() -> None:
    """Jobs that were begun before must go on as they began: these values may not change."""
    wide, cross = (
        GridSearch(ParameterSpace.of(Wide), seed=7, episodes=5),
        GridSearch(ParameterSpace.of(Cross), seed=7),
    )
    assert wide.propose(1) == {
        "lookback": 355,
        "period": 10,
        "stop": 0.0368403149864,
        "target": 0.2,
        "share": 0.8,
        "kind": "sma",
    }
    assert [cross.propose(1), cross.propose(2)] == [{"fast": 11, "slow": 36}, {"fast": 38, "slow": 142}]
