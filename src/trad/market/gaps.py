"""Where candles are missing: the places at which the next one comes later than usual."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trad.market.timeframe import Timeframe


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Neighbouring candles that are missing.

    Attributes:
        index: Of the candle that comes after, from 0.
        start: When the first missing candle would have opened, milliseconds since 1970, UTC.
        stop: When the candle that comes after opened, likewise.
        missing: How many candles of the usual length would have opened in between.
    """

    index: int
    start: int
    stop: int
    missing: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Gaps:
    """The gaps of a series.

    Attributes:
        interval: The commonest distance of two candles, such as `1h`; None for a single candle.
        count: How many gaps there are, weekends among them.
        longest: Some of them, the longest first; of equally long ones the earlier first.
    """

    interval: str | None
    count: int
    longest: list[Gap]


def find_gaps(timestamp: NDArray[np.datetime64], most: int) -> Gaps:
    """Find the gaps of a series and list its longest ones.

    Args:
        timestamp: Strictly increasing datetime64[ms], shape (n_candles,).
        most: At most so many are listed.
    """
    usual = Timeframe.infer(timestamp)
    if usual is None:
        return Gaps(interval=None, count=0, longest=[])
    times = timestamp.astype("datetime64[ms]", copy=False).view(np.int64)
    steps = np.diff(times)
    places = np.flatnonzero(steps > usual.milliseconds)
    longest = places[np.argsort(-steps[places], kind="stable")[:most]]
    listed = [
        Gap(
            index=place + 1,
            start=int(times[place]) + usual.milliseconds,
            stop=int(times[place + 1]),
            missing=-(-int(steps[place]) // usual.milliseconds) - 1,
        )
        for place in longest.tolist()
    ]
    return Gaps(interval=str(usual), count=len(places), longest=listed)
