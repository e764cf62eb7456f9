"""Gaps apart from closed markets, as the weekly pattern of the candles shows them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trad.market.columns import COLUMNS, RawCandles
from trad.market.timeframe import DAY_MS, Timeframe, duration

WEEK_MS = 7 * DAY_MS
_MONDAY_MS = 4 * DAY_MS  # 1970 began on a Thursday
_RARE = 0.1
"""A time of the week at which fewer than a tenth of the weeks have a candle is closed."""

_FEWEST_WEEKS = 3
_MOST_DAYS_OFF = 7
_SHORTEST_PAUSE_MS = 900_000
"""A minute of the week without a trade is chance; a quarter of an hour of them is a pause."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gaps:
    """Candles that are missing.

    Attributes:
        count: Places where candles are missing while the market is usually open.
        missing: How many are missing there.
        longest_ms: The longest stretch of them; 0 without one.
        after: The candle before it.
        share: Missing candles / candles there should be.
        closed: Places where the market was closed.
        days_off: Whole days without a candle, of a market that closes, on which it usually is open: holidays.
    """

    count: int = 0
    missing: int = 0
    longest_ms: int = 0
    after: np.datetime64 | None = None
    share: float = 0.0
    closed: int = 0
    days_off: int = 0

    def line(self) -> str:
        """Write them for a terminal."""
        closed = f"; {self.closed:,} more are closed hours" if self.closed else ""
        if self.days_off:
            closed += f"; {self.days_off:,} days off (holidays?)"
        if not self.count:
            return f"none{closed}"
        return (
            f"{self.count:,} with {self.missing:,} candles missing ({self.share:.2%}), the "
            f"longest lacks "
            f"{duration(self.longest_ms)} after {str(self.after).replace('T', ' ')[:16]} UTC{closed}"
        )


class OpeningHours:
    """Which times of the week a market is open, in steps of the candles' interval.

    Args:
        times: int64 milliseconds, strictly increasing.
        step: The interval in milliseconds.
    """

    def __init__(self, times: NDArray[np.int64], step: int) -> None:
        self.step = step
        self._offset = int(times[0]) % step if step else 0
        slots = max(1, WEEK_MS // step)
        self._slots = slots
        self._open = np.ones(slots, np.bool_)
        weeks = (int(times[-1]) - int(times[0])) / WEEK_MS
        if step <= DAY_MS and WEEK_MS % step == 0 and weeks >= _FEWEST_WEEKS:
            seen = np.bincount(self._slot(times), minlength=slots)
            # Summer time moves the hours of many markets: what is open in a part of the year counts as open.
            self._open = ~_long_runs(seen < max(1.0, _RARE * weeks), -(-_SHORTEST_PAUSE_MS // step))
            if self._open.mean() > 0.98:
                self._open[:] = True
        elif step <= DAY_MS and WEEK_MS % step == 0 and step < WEEK_MS:
            weekday = (times - _MONDAY_MS) // DAY_MS % 7
            if not np.isin(weekday, (5, 6)).any() and len(times) > 1 and weeks > 1:
                self._open = ((np.arange(slots) * step) // DAY_MS) % 7 < 5

    def _slot(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        slots: NDArray[np.int64] = (times - _MONDAY_MS) % WEEK_MS // self.step
        return slots

    @property
    def always(self) -> bool:
        """Whether the market never closes."""
        return bool(self._open.all())

    def days_off(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return days, counted from Monday, 5 January 1970, without a candle, on which it usually is open."""
        days = np.unique((times - _MONDAY_MS) // DAY_MS)
        usual = np.bincount((days % 7).astype(np.int64), minlength=7)
        weeks = max(1, (int(days[-1]) - int(days[0])) // 7)
        trading = np.flatnonzero(usual >= weeks * 0.5)
        every = np.arange(int(days[0]), int(days[-1]) + 1)
        wanted = every[np.isin(every % 7, trading)]
        off = ~np.isin(wanted, days)
        # No market rests for more than seven of its days: that is a gap.
        return wanted[off & ~_long_runs(off, _MOST_DAYS_OFF + 1, round_the_end=False)]

    def on_day(self, day: int) -> int:
        """Count the open times of a day, which is counted as in `days_off`."""
        times = np.arange(day * DAY_MS, (day + 1) * DAY_MS, self.step, dtype=np.int64) + _MONDAY_MS
        return int(self._open[self._slot(times)].sum())

    def missing_between(self, before: int, after: int, most: int) -> NDArray[np.int64]:
        """Return the open times between two neighbours that have no candle; at most `most` of them."""
        times = np.arange(before + self.step, after, self.step, dtype=np.int64)[:most]
        return times[self._open[self._slot(times)]]

    def count_between(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count open times between neighbours, for many pairs at once."""
        steps = (after - before) // self.step - ((after - before) % self.step == 0)
        per_week = int(self._open.sum())
        weeks, rest = steps // self._slots, steps % self._slots
        sums = np.concatenate(([0], np.cumsum(np.concatenate((self._open, self._open)))))
        first = self._slot(before + self.step)
        counted: NDArray[np.int64] = weeks * per_week + sums[first + rest] - sums[first]
        return counted


def _long_runs(flags: NDArray[np.bool_], shortest: int, *, round_the_end: bool = True) -> NDArray[np.bool_]:
    """Keep the flags that stand in runs of at least `shortest`; a week's end meets its beginning."""
    if flags.all() or shortest <= 1:
        return flags
    first = int(np.argmin(flags)) if round_the_end else 0
    turned = np.roll(flags, -first)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], turned, [False]))))
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if stop - start < shortest:
            turned[start:stop] = False
    return np.roll(turned, first)


def find_gaps(times: NDArray[np.int64], interval: Timeframe | None) -> tuple[Gaps, OpeningHours | None]:
    """Tell missing candles from closed hours.

    Args:
        times: Milliseconds, strictly increasing, shape (n_candles,).
        interval: Their interval.
    """
    if interval is None or interval.monthly or len(times) < 3:
        return Gaps(), None
    step = interval.milliseconds
    hours = OpeningHours(times, step)
    wide = np.flatnonzero(np.diff(times) > step)
    if not len(wide):
        return Gaps(), hours
    before, after = times[wide], times[wide + 1]
    missing = hours.count_between(before, after)
    days_off = np.zeros(0, np.int64) if hours.always else hours.days_off(times)
    for day in days_off.tolist():
        # Days off, such as holidays, are no gaps: what they would have held is taken off the gap around them.
        missing[np.searchsorted(before, day * DAY_MS + _MONDAY_MS, "right") - 1] -= hours.on_day(day)
    real = missing > 0
    closed = int((~real).sum())
    if not real.any():
        return Gaps(closed=closed, days_off=len(days_off)), hours
    total = int(missing[real].sum())
    longest = int(np.argmax(missing))
    return Gaps(
        count=int(real.sum()),
        missing=total,
        longest_ms=int(missing[longest]) * step,
        after=times[wide].view("datetime64[ms]")[longest],
        share=total / (total + len(times)),
        closed=closed,
        days_off=len(days_off),
    ), hours


def fill(raw: RawCandles, hours: OpeningHours, most_rows: int) -> tuple[RawCandles, int]:
    """Put a flat candle without volume wherever one is missing while the market is open; not on days off.

    Returns:
        The rows, and how many were made.
    """
    times = raw.timestamp.view(np.int64)
    wide = np.flatnonzero(np.diff(times) > hours.step)
    off = np.zeros(0, np.int64) if hours.always else hours.days_off(times)
    made, closes = [], []
    room = most_rows - len(times)
    for place in wide.tolist():
        found = hours.missing_between(int(times[place]), int(times[place + 1]), room + 1)
        found = found[~np.isin((found - _MONDAY_MS) // DAY_MS, off)]
        room -= len(found)
        if room < 0:
            return raw, -1
        made.append(found)
        closes.append(np.full(len(found), raw.columns["close"][place]))
    if not made or not sum(map(len, made)):
        return raw, 0
    stamps, flat = np.concatenate(made), np.concatenate(closes)
    order = np.argsort(np.concatenate((times, stamps)), kind="stable")
    columns = {
        name: np.concatenate((raw.columns[name], np.zeros(len(flat)) if name == "volume" else flat))[order]
        for name in COLUMNS
    }
    return RawCandles(np.concatenate((times, stamps))[order].view("datetime64[ms]"), columns), len(stamps)


def looks_like_bar_ends(times: NDArray[np.int64], step: int) -> bool:
    """Whether sessions begin one interval after a half hour, as they do where stamps are of bar ends."""
    if not 60_000 <= step < 1_800_000 or len(times) < 100:
        return False
    starts = times[1:][np.diff(times) > 4 * 3_600_000]
    if len(starts) < 3:
        return False
    return bool(((starts % 1_800_000) == step).mean() > 0.6)
