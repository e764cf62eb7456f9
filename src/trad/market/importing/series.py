"""What makes a series of rows: they are put in order, repeats go, and bad ones if that is asked for."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trad.market.columns import COLUMNS, PRICES, RawCandles
from trad.market.report import written

SHOWN = 3
_NAT = np.iinfo(np.int64).min


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Rows that no series may hold, how many, and the first of them."""

    what: str
    count: int
    rows: tuple[str, ...]

    def lines(self) -> list[str]:
        """Write them for a terminal."""
        more = [f"    ... and {self.count - len(self.rows):,} more"] if self.count > len(self.rows) else []
        return [
            f"  {self.what}: {self.count:,} row{'s' if self.count > 1 else ''}",
            *(f"    {row}" for row in self.rows),
            *more,
        ]


@dataclass(kw_only=True, slots=True)
class Ordered:
    """Rows in the order of time, and what was done to them."""

    raw: RawCandles
    turned: bool = False
    moved: int = 0
    repeats: int = 0
    problems: list[Problem] = field(default_factory=list)
    dropped: int = 0


def join(parts: list[RawCandles]) -> RawCandles:
    """Put rows of several files behind one another."""
    if len(parts) == 1:
        return parts[0]
    return RawCandles(
        np.concatenate([part.timestamp for part in parts]),
        {name: np.concatenate([part.columns[name] for part in parts]) for name in COLUMNS},
    )


def take(raw: RawCandles, rows: NDArray[np.bool_] | NDArray[np.intp] | slice) -> RawCandles:
    """Cut out rows."""
    return RawCandles(raw.timestamp[rows], {name: column[rows] for name, column in raw.columns.items()})


def put_in_order(raw: RawCandles, unread: NDArray[np.bool_], *, drop_bad: bool) -> Ordered:
    """Bring rows into the order of time; exact repeats go, and bad rows if `drop_bad` says so.

    Args:
        raw: Rows as they stood in the files.
        unread: Rows of which a field stood there that could not be read.
        drop_bad: Whether bad rows are left out; else they are told of and stay.
    """
    done = Ordered(raw=raw)
    bad = _bad_rows(raw, unread, done.problems)
    if drop_bad and bad.any():
        done.dropped += int(bad.sum())
        raw = take(raw, ~bad)
    times = raw.timestamp.view(np.int64)
    if len(times) > 1 and not (times[1:] > times[:-1]).all():
        raw = _sorted(raw, done)
        raw = _without_repeats(raw, done, drop_bad=drop_bad)
    done.raw = raw
    return done


def _bad_rows(raw: RawCandles, unread: NDArray[np.bool_], problems: list[Problem]) -> NDArray[np.bool_]:
    opens, highs, lows, closes, volumes = (raw.columns[name] for name in COLUMNS)
    missing = ~np.logical_and.reduce([np.isfinite(raw.columns[name]) for name in COLUMNS])
    whole = ~missing
    with np.errstate(invalid="ignore"):
        kinds = {
            "a field that cannot be read": unread,
            "no time": (raw.timestamp.view(np.int64) == _NAT) & ~unread,
            "an empty field": missing & ~unread,
            "high below low": whole & (highs < lows),
            "open or close outside high and low": whole
            & (highs >= lows)
            & ((opens > highs) | (opens < lows) | (closes > highs) | (closes < lows)),
            "a price at or below zero": whole
            & np.logical_or.reduce([raw.columns[name] <= 0 for name in PRICES]),
            "a volume below zero": whole & (volumes < 0),
        }
    bad = np.zeros(len(raw.timestamp), np.bool_)
    for what, rows in kinds.items():
        if rows.any():
            problems.append(_problem(what, raw, rows))
            bad |= rows
    return bad


def _problem(what: str, raw: RawCandles, rows: NDArray[np.bool_]) -> Problem:
    return Problem(
        what=what,
        count=int(rows.sum()),
        rows=tuple(row_text(raw, int(place)) for place in np.flatnonzero(rows)[:SHOWN]),
    )


def row_text(raw: RawCandles, place: int) -> str:
    """Write one row for a message."""
    values = "  ".join(f"{name} {raw.columns[name][place]:.10g}" for name in COLUMNS)
    return f"{written(raw.timestamp[place])}  {values}"


def _sorted(raw: RawCandles, done: Ordered) -> RawCandles:
    times = raw.timestamp.view(np.int64)
    there = times[times != _NAT]
    if len(there) > 1 and (there[1:] <= there[:-1]).all() and (there[1:] < there[:-1]).any():
        done.turned = True
        raw = take(raw, slice(None, None, -1))
        times = raw.timestamp.view(np.int64)
    if (times[1:] < times[:-1]).any():
        # A row is out of order when a later time stands above it.
        done.moved = int((times < np.maximum.accumulate(times)).sum())
        return take(raw, np.argsort(times, kind="stable"))
    return raw


def _without_repeats(raw: RawCandles, done: Ordered, *, drop_bad: bool) -> RawCandles:
    """Leave out exact repeats; of one time with different candles none can be believed."""
    times = raw.timestamp.view(np.int64)
    same_time = np.zeros(len(times), np.bool_)
    same_time[1:] = (times[1:] == times[:-1]) & (times[1:] != _NAT)
    if not same_time.any():
        return raw
    first = np.flatnonzero(~same_time)[np.cumsum(~same_time) - 1]
    equal = np.logical_and.reduce([_alike(raw.columns[name], raw.columns[name][first]) for name in COLUMNS])
    done.repeats = int((same_time & equal).sum())
    differing = same_time & ~equal
    if differing.any():
        disputed = np.isin(times, times[differing])
        done.problems.append(_problem("the same time with different candles", raw, disputed))
        if drop_bad:
            done.dropped += int((disputed & ~(same_time & equal)).sum())
            return take(raw, ~(disputed | same_time))
    return take(raw, ~(same_time & equal))


def _alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    alike: NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return alike
