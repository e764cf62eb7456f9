"""The check of candles in one pass, for whoever has Numba loaded."""

import numpy as np
from numpy.typing import NDArray

from trad.kernels import kernel

Floats = NDArray[np.float64]

_BLOCK = 2_048


@kernel
def are_good_nb(
    times: NDArray[np.int64], open_: Floats, high: Floats, low: Floats, close: Floats, volume: Floats
) -> bool:
    """Say whether no candle breaks a rule and times rise; NaN fails every comparison.

    Within a block nothing is decided, so that the compiler tests four candles at a time; after it, a
    bad series is left.

    Args:
        times: int64, shape (n_candles,), like all columns: none of them missing.
        open_: Prices, float64.
        high: Likewise.
        low: Likewise.
        close: Likewise.
        volume: float64.
    """
    for start in range(0, len(times), _BLOCK):
        end = min(start + _BLOCK, len(times))
        first, top, bottom, last = open_[start:end], high[start:end], low[start:end], close[start:end]
        traded = volume[start:end]
        bad = 0
        for j in range(len(first)):
            positive = (bottom[j] > 0.0) & (traded[j] >= 0.0)
            finite = (top[j] < np.inf) & (traded[j] < np.inf)
            above = (bottom[j] <= first[j]) & (bottom[j] <= last[j])
            below = (first[j] <= top[j]) & (last[j] <= top[j])
            bad += not (positive & finite & above & below)
        begin = max(start, 1)
        now, before = times[begin:end], times[begin - 1 : end - 1]
        for j in range(len(now)):
            bad += not now[j] > before[j]
        if bad:
            return False
    return True
