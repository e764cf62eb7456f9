"""The window: a proposal rests on the results it may know, whatever else has ended by then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.training import HashingOptimizer, number_from

from trad.strategies.parameters import Params
from trad.training.window import ResultWindow


def proposals(order: list[int], window: int) -> dict[int, Params]:
    """Propose as soon as results allow, and let episodes end in a wanted order as far as they have begun."""
    optimizer = HashingOptimizer(window=window)
    results = ResultWindow(optimizer)
    running: list[int] = []
    number = 1
    while number <= len(order) or running:
        while number <= len(order) and results.open_for(number):
            results.propose(number)
            running.append(number)
            number += 1
        ended = min(running, key=order.index)
        running.remove(ended)
        params = optimizer.proposed[ended]
        results.take(ended, params, None if ended % 5 == 0 else number_from(params))
    return optimizer.proposed


@given(order=st.permutations(range(1, 25)), window=st.integers(1, 30))
def test_proposals_do_not_depend_on_the_order_in_which_episodes_end(order: list[int], window: int) -> None:
    assert proposals(order, window) == proposals(sorted(order), window)


def test_the_window_makes_a_difference() -> None:
    """The property above is not true of an optimizer that sees nothing: results do reach proposals."""
    assert proposals(list(range(1, 25)), 3) != proposals(list(range(1, 25)), 4)


def test_a_slow_episode_holds_back_only_what_depends_on_it() -> None:
    results = ResultWindow(HashingOptimizer(window=3))
    for number in (1, 2, 3):
        assert results.open_for(number)
        results.propose(number)
    assert not results.open_for(4)
    results.take(2, {}, 1.0)
    results.take(3, {}, 1.0)
    assert not results.open_for(4), "episode 1 runs on"
    results.take(1, {}, 1.0)
    assert results.open_for(6)
    assert not results.open_for(7)


def test_an_optimizer_that_looks_at_no_results_is_told_none_and_waits_for_none() -> None:
    optimizer = HashingOptimizer(window=None)
    results = ResultWindow(optimizer)
    results.take(1, {}, 1.0)
    assert results.open_for(1_000)
    assert results.propose(1_000) == optimizer.proposed[1_000]


@pytest.mark.parametrize("known", [0, 1, 7, 20])
def test_a_run_that_takes_up_earlier_results_goes_on_as_the_earlier_one_would_have(known: int) -> None:
    whole = proposals(list(range(1, 25)), 4)
    optimizer = HashingOptimizer(window=4)
    results = ResultWindow(optimizer)
    for number in range(1, known + 1):
        params = whole[number]
        results.take(number, params, None if number % 5 == 0 else number_from(params))
    for number in range(known + 1, 25):
        params = results.propose(number)
        assert params == whole[number]
        results.take(number, params, None if number % 5 == 0 else number_from(params))
