"""Rolling extremes and sums in compiled code, linear in the candles whatever the width of the window.

Each works on a block of candles that stays in the first cache, in loops that the compiler vectorises.
"""

import numpy as np

from trad.kernels import kernel
from trad.strategies.arrays import Floats

BLOCK = 2_048
"""Candles that are worked on together. Sums begin anew at its multiples, so results depend on it."""


@kernel
def window_maxima_nb(values: Floats, sign: float, width: int, one: Floats, two: Floats) -> Floats:
    """Compute the maximum of `sign * values` over every window of `width` neighbours.

    Doubling: maxima over 1, 2, 4, ... neighbours, each from two of the last, until they span `width`.

    Args:
        values: float64, shape (n,), n at least `width`.
        sign: 1 for maxima; -1 for minima, which come out negated. Both are exact.
        width: Neighbours in a window.
        one: Workspace as long as `values`.
        two: Another.

    Returns:
        float64, shape (n - width + 1,): a part of one of the workspaces.
    """
    spanned = min(2, width)
    n = len(values) - spanned + 1
    following = values[spanned - 1 :]
    for j in range(n):
        a, b = sign * values[j], sign * following[j]
        one[j] = max(a, b)
    in_two = False
    while spanned < width:
        shift = min(spanned, width - spanned)
        n -= shift
        # Each case names its arrays: choosing them into variables would keep the loop from vectorising.
        if in_two:
            left, right, wider = two[:n], two[shift : shift + n], one[:n]
        else:
            left, right, wider = one[:n], one[shift : shift + n], two[:n]
        for j in range(n):
            wider[j] = max(left[j], right[j])
        in_two = not in_two
        spanned += shift
    return two[:n] if in_two else one[:n]


@kernel
def running_sums_nb(values: Floats, base: float, sums: Floats) -> None:
    """Write the running sums of `values - base`: `sums[j]` over the first j values, `sums[0]` being 0.

    A `base` near the values keeps the sums small, and so exact to far more digits. Four values are
    added at a time; the last ones of a series that ends early in the same order, so that it makes no
    difference where it ends.
    """
    n = len(values)
    whole = n - n % 4
    total = 0.0
    sums[0] = 0.0
    for j in range(0, whole, 4):
        a = values[j] - base
        b = values[j + 1] - base
        c = values[j + 2] - base
        d = values[j + 3] - base
        sums[j + 1] = total + a
        sums[j + 2] = total + (a + b)
        sums[j + 3] = total + ((a + b) + c)
        total = total + ((a + b) + (c + d))
        sums[j + 4] = total
    part = 0.0
    for j in range(whole, n):
        part += values[j] - base
        sums[j + 1] = total + part


@kernel
def extremes_before_nb(values: Floats, sign: float, lookback: int, out: Floats) -> None:
    """Write the maximum of `sign * values` over the `lookback` values before each, times `sign`.

    The first `lookback` values have no full window before them: NaN.
    """
    n = len(values)
    out[: min(lookback, n)] = np.nan
    one = np.empty(BLOCK + lookback)
    two = np.empty(BLOCK + lookback)
    for start in range(lookback, n, BLOCK):
        end = min(start + BLOCK, n)
        maxima = window_maxima_nb(values[start - lookback : end - 1], sign, lookback, one, two)
        for j in range(end - start):
            out[start + j] = sign * maxima[j]


@kernel
def mean_before_nb(values: Floats, lookback: int, out: Floats) -> None:
    """Write the mean of the `lookback` values before each; NaN for the first `lookback` values."""
    n = len(values)
    out[: min(lookback, n)] = np.nan
    sums = np.empty(BLOCK + lookback + 1)
    for anchor in range(0, n, BLOCK):
        end = min(anchor + BLOCK, n)
        first = max(anchor - lookback, 0)
        base = values[anchor]
        running_sums_nb(values[first : end - 1], base, sums)
        for i in range(max(anchor, lookback), end):
            out[i] = base + (sums[i - first] - sums[i - lookback - first]) / lookback
