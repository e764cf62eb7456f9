"""The shuffled order that takes no memory."""

import numpy as np
import pytest

from trad.optimizers.permutation import Permutation


@pytest.mark.parametrize("size", [*range(1, 40), 99, 100, 101, 1_000, 4_097])
@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_each_number_stands_once(size: int, seed: int) -> None:
    order = Permutation(size, seed)
    assert sorted(order[index] for index in range(size)) == list(range(size))


def test_seeds_give_different_orders() -> None:
    orders = {tuple(Permutation(50, seed)[index] for index in range(50)) for seed in range(100)}
    assert len(orders) == 100


def test_every_place_is_as_likely_for_every_number() -> None:
    counts = np.zeros((12, 12))
    for seed in range(2_400):
        order = Permutation(12, seed)
        for index in range(12):
            counts[index, order[index]] += 1
    # 200 expected in each of 144 cells: chi-squared with 121 degrees of freedom, 99.99 % below 183.
    assert ((counts - 200) ** 2 / 200).sum() < 183


def test_neighbours_do_not_stay_together() -> None:
    order = Permutation(10**12, 7)
    values = np.array([order[index] for index in range(5_000)], dtype=float)
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.05
    assert values.mean() == pytest.approx(5e11, rel=0.03)


def test_sizes_beyond_64_bits_work() -> None:
    order = Permutation(10**40, 7)
    values = {order[index] for index in range(1_000)}
    assert len(values) == 1_000
    assert all(0 <= value < 10**40 for value in values)
