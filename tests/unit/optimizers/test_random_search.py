"""Random search: spread, order, repeats and ends."""

import numpy as np
import pytest
from tests.unit.optimizers.spaces import Cross, Wide, space_of

from trad import Choice, Float, Int
from trad.errors import SpaceError
from trad.optimizers.random_search import RandomSearch
from trad.strategies.space import ParameterSpace


def test_a_small_space_is_walked_to_its_end_and_no_further() -> None:
    search = RandomSearch(ParameterSpace.of(Cross), seed=7)
    valid = {(fast, slow) for fast in range(2, 47) for slow in range(2, 201) if fast < slow}
    assert search.size == len(valid)
    proposed = [search.propose(number) for number in range(1, search.size + 1)]
    assert {(params["fast"], params["slow"]) for params in proposed} == valid
    with pytest.raises(
        SpaceError, match=rf"episode {len(valid) + 1:,} was asked for, and the space has {len(valid):,}"
    ):
        search.propose(len(valid) + 1)


def test_proposals_of_a_large_space_do_not_repeat() -> None:
    # 210,000 configurations: 5,000 draws would hold about sixty pairs of equals.
    search = RandomSearch(space_of(a=Int(1, low=1, high=700), b=Int(1, low=1, high=300)), seed=7)
    proposed = [search.propose(number) for number in range(1, 5_001)]
    assert search.size is None
    assert len({tuple(params.values()) for params in proposed}) == 5_000


def test_any_number_may_be_asked_for_at_any_time() -> None:
    space = ParameterSpace.of(Wide)
    rising = RandomSearch(space, seed=7)
    expected = {number: rising.propose(number) for number in range(1, 3_001)}
    leaping = RandomSearch(space, seed=7)
    for number in (2_999, 1, 1_500, 1_025, 1_024, 3_000, 1):
        assert leaping.propose(number) == expected[number]
    assert rising.propose(17) == expected[17]


def test_what_is_told_changes_nothing() -> None:
    space = ParameterSpace.of(Wide)
    told, untold = RandomSearch(space, seed=7), RandomSearch(space, seed=7)
    for number in range(1, 50):
        params = told.propose(number)
        assert params == untold.propose(number)
        told.tell(number, params, 1.0)


def test_proposals_are_spread_evenly_over_each_range() -> None:
    space = space_of(a=Int(0, low=0, high=9), b=Float(0, low=0, high=1), kind=Choice(["x", "y"]))
    search = RandomSearch(space, seed=7)
    proposed = [search.propose(number) for number in range(1, 4_001)]
    assert np.allclose(np.bincount([int(params["a"]) for params in proposed]) / 4_000, 0.1, atol=0.02)
    assert np.allclose(
        np.histogram([params["b"] for params in proposed], 10, (0, 1))[0] / 4_000, 0.1, atol=0.02
    )
    assert sum(params["kind"] == "x" for params in proposed) / 4_000 == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("others", [100, 1_000])
def test_a_log_scale_is_spread_over_orders_of_magnitude_in_small_and_large_spaces(others: int) -> None:
    space = space_of(a=Int(1, low=1, high=999, log=True), b=Int(1, low=1, high=others))
    search = RandomSearch(space, seed=7)
    assert (search.size is None) == (others == 1_000)
    tens = [int(np.log10(int(search.propose(number)["a"]))) for number in range(1, 601)]
    assert np.allclose(np.bincount(tens) / 600, 1 / 3, atol=0.07)


def test_options_that_python_calls_equal_are_different_configurations() -> None:
    search = RandomSearch(space_of(a=Choice([1, True]), b=Int(1, low=1, high=60_000)), seed=7)
    assert search.size is None
    last = RandomSearch(space_of(a=Choice([1, True])), seed=7)
    assert sorted(repr(last.propose(number)["a"]) for number in (1, 2)) == ["1", "True"]
    kinds = {type(search.propose(number)["a"]) for number in range(1, 20)}
    assert kinds == {int, bool}


def test_a_space_with_fewer_numbers_than_it_seems_ends_with_a_reason() -> None:
    # Without a step there is no count, but 12 digits leave about a hundred numbers here.
    search = RandomSearch(space_of(a=Float(1, low=1, high=1 + 1e-9)), seed=7)
    with pytest.raises(
        SpaceError, match=r"10,000 tries led to no other: they were drawn before, or .*; widen the ranges$"
    ):
        search.propose(200)


def test_known_proposals_stay_what_they_are() -> None:
    """Jobs that were begun before must go on as they began: these values may not change."""
    wide, cross = (RandomSearch(ParameterSpace.of(strategy), seed=7) for strategy in (Wide, Cross))
    assert wide.propose(1) == {
        "lookback": 197,
        "period": 2,
        "stop": 0.0293992022588,
        "target": 0.174420902953,
        "share": 0.8,
        "kind": "sma",
    }
    assert [cross.propose(1), cross.propose(2)] == [{"fast": 42, "slow": 47}, {"fast": 43, "slow": 134}]
