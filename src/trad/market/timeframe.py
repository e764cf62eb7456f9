"""The interval between candles, inferred from the data."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trad.errors import InputError

MINUTE_MS = 60_000
DAY_MS = 86_400_000
YEAR_MS = 365.25 * DAY_MS

_UNITS = (("w", 7 * DAY_MS), ("d", DAY_MS), ("h", 3_600_000), ("m", MINUTE_MS), ("s", 1_000))
_WRITTEN = re.compile(r"([1-9][0-9]{0,4})([smhdw])")
_MONTH_MS = (28 * DAY_MS, 31 * DAY_MS)


@dataclass(frozen=True, slots=True)
class Timeframe:
    """How far apart candles stand: `milliseconds` between the open times of neighbours.

    Written the way traders write it: `1m`, `15m`, `1h`, `1d`, `1w`; `1M` for calendar months, whose
    length in milliseconds is that of the commonest month in the data.
    """

    milliseconds: int

    @classmethod
    def infer(cls, timestamp: NDArray[np.datetime64]) -> "Timeframe | None":
        """Find the commonest distance between neighbours; the smaller one where two are as common.

        Gaps do not disturb it: weekends in daily candles, minutes without a trade. None for fewer than
        two candles.

        Args:
            timestamp: Strictly increasing datetime64[ms], shape (n_candles,).
        """
        if len(timestamp) < 2:
            return None
        steps = np.diff(timestamp.astype("datetime64[ms]", copy=False).view(np.int64))
        # Sorting millions of steps is slow; where one length holds more than half of them, the middle
        # of a few steps from all over finds it, and one count proves it.
        few = np.sort(steps[:: max(1, len(steps) // 999)])
        likely = few[len(few) // 2]
        if 2 * np.count_nonzero(steps == likely) > len(steps):
            return cls(int(likely))
        lengths, counts = np.unique(steps, return_counts=True)
        return cls(int(lengths[np.argmax(counts)]))

    @classmethod
    def parse(cls, text: str) -> "Timeframe":
        """Read an interval as traders write it: `15m`, `4h`, `1d`, `1w`; months have no one length.

        Raises:
            InputError: It is none.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise InputError(
                f"an interval was {text[:40]!r}; it is a whole number and a unit (s, m, h, d, w), such as 15m"
            )
        return cls(int(found[1]) * dict(_UNITS)[found[2]])

    @property
    def monthly(self) -> bool:
        """Whether the candles are calendar months."""
        return _MONTH_MS[0] <= self.milliseconds <= _MONTH_MS[1] and self.milliseconds % DAY_MS == 0

    def __str__(self) -> str:
        if self.monthly and self.milliseconds != _MONTH_MS[0]:
            return "1M"
        for unit, length in _UNITS:
            if self.milliseconds % length == 0:
                return f"{self.milliseconds // length}{unit}"
        return f"{self.milliseconds}ms"


def duration(milliseconds: int) -> str:
    """Write a length of time for people: `45 s`, `90 min`, `2 h`, `61 days`."""
    for unit, length in (("days", DAY_MS), ("h", 3_600_000), ("min", MINUTE_MS), ("s", 1_000)):
        if milliseconds >= 2 * length:
            return f"{round(milliseconds / length, 1):,g} {unit}"
    return f"{milliseconds:,} ms"


def bars_per_year(timestamp: NDArray[np.datetime64]) -> float | None:
    """Count the candles that the data itself holds per year of 365.25 days.

    A daily stock gives about 252, an exchange that never closes 365.25: what is closed is not counted.
    None for fewer than two candles.
    """
    if len(timestamp) < 2:
        return None
    span = int((timestamp[-1] - timestamp[0]) / np.timedelta64(1, "ms"))
    return (len(timestamp) - 1) / (span / YEAR_MS)
