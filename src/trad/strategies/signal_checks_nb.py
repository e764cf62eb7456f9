"""The check of signals in their usual form, in one pass over each column."""

import numpy as np

from trad.kernels import kernel
from trad.strategies.arrays import Floats, Sides


@kernel
def are_valid_nb(entry: Sides, stop_loss: Floats, take_profit: Floats) -> bool:
    """Say whether every entry is a side, and every price at an entry above zero and finite, or 0.

    Columns of prices that a strategy does not use are empty.
    """
    strange = 0
    for i in range(len(entry)):
        strange += (entry[i] < -1) | (entry[i] > 1)
    return strange == 0 and are_prices_nb(entry, stop_loss) and are_prices_nb(entry, take_profit)


@kernel
def are_prices_nb(entry: Sides, prices: Floats) -> bool:
    """Say whether every price at an entry is zero or above, and finite; an empty column holds none.

    All are looked at, and those without an entry left out of the count: four at a time, they take a
    fraction of the time of a branch and a jump in memory for each entry. NaN fails both comparisons.
    """
    bad = 0
    for i in range(len(prices)):
        bad += (entry[i] != 0) & (not ((prices[i] >= 0.0) & (prices[i] < np.inf)))
    return bad == 0
