"""Columns of a file without a header, by what they hold."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from trad.errors import DataFileError
from trad.market.importing.date_orders import SIX_DIGITS
from trad.market.importing.dialect import is_clock, is_number
from trad.market.importing.options import ImportOptions
from trad.market.importing.stamps import read_stamps
from trad.market.importing.time_forms import texts

_EPOCH = re.compile(r"\d{9,20}(\.\d+)?|\d([.,]\d+)?[eE]\+?(0?9|1\d)")
_SIX_DIGITS = re.compile("|".join(SIX_DIGITS.values()))
_BARE_CLOCK = re.compile(r"(\d|1\d|2[0-3])?[0-5]?\d([0-5]\d)?")
_DAY = re.compile(r"(19|20)\d{6}")
_DATE = re.compile(r"\W*\d{1,4}[-./ ](\d{1,2}|[A-Za-z]{3,9})[-./ ,]+\d{2,4}.*|\d{8}[ T;-]+\d[\d:.]{3,}( .*)?")

_WIDEST_CANDLE = 3.0
"""A candle whose high is three times its low is rare in any market; a volume beside a price differs more."""

_FEWEST_WITHIN = 3
"""Fewer numbers may lie within their candles by chance."""

_FEWEST_TO_TELL = 10
"""Fewer rows are too few to say that the close comes before the open."""


def by_content(rows: Sequence[Sequence[str]], known: dict[str, int]) -> tuple[dict[str, int], str]:
    """Find the columns among a few lines, beside those that are known already.

    The first column of times is the time, one of times of day beside it belongs to it, and of the numbers
    that follow the first four that move together are the prices, in whatever order no candle is impossible
    in; the number after them is the volume, or without one the number before.

    Args:
        rows: Lines of equal length, split into fields.
        known: Columns that the user named.

    Returns:
        The columns by role, and what was found out, for the report.

    Raises:
        DataFileError: There is no time, or no order of the prices fits; the message names the flag.
    """
    found = dict(known)
    width = len(rows[0])
    if "timestamp" not in found:
        times = [place for place in range(width) if _mostly(rows, place, _is_time)]
        times = times or [
            place for place in range(width) if all(_SIX_DIGITS.match(row[place]) for row in rows)
        ]
        if not times:
            raise DataFileError(
                "no column of it holds times; say which with --columns timestamp=1 (numbers count from 1)"
            )
        found["timestamp"] = times[0]
    stamp = found["timestamp"]
    after = stamp + 1
    if (
        not {"time_of_day", "hour", "hour_ending"} & set(found)
        and after < width
        and (_mostly(rows, after, is_clock) or _bare_clocks(rows, stamp))
        and _dates_alone(rows, stamp)
    ):
        found["time_of_day"] = after
        after += 1
    if all(role in found for role in ("open", "high", "low", "close")):
        return found, "columns as named"
    taken = set(found.values())
    free = [place for place in range(width) if place not in taken and _mostly(rows, place, is_number)]
    numbers, first = _numbers(rows, free, stamp)
    prices = numbers[first : first + 4]
    ascending = rows if _rising([row[stamp] for row in rows]) else rows[::-1]
    order = _order([[row[place] for place in prices] for row in ascending])
    found |= {role: prices[at] for role, at in order.items()}
    beside = [*numbers[first + 4 :], *numbers[:first][::-1]]
    beside = [place for place in beside if not _within(rows, place, found["low"], found["high"])]
    if "volume" not in found and beside:
        found["volume"] = beside[0]
    names = ", ".join(sorted(("open", "high", "low", "close"), key=lambda role: order[role]))
    return found, f"no header; the prices are in the order {names}"


def _within(rows: Sequence[Sequence[str]], place: int, low: int, high: int) -> bool:
    """Whether a number lies within each candle, as the average price does that Kraken writes."""
    triples = [[_float(row[at]) for at in (low, place, high)] for row in rows]
    known = [[value for value in triple if value is not None] for triple in triples]
    known = [triple for triple in known if len(triple) == 3]
    return len(known) >= _FEWEST_WITHIN and all(bottom <= value <= top for bottom, value, top in known)


def _numbers(rows: Sequence[Sequence[str]], free: list[int], stamp: int) -> tuple[list[int], int]:
    """Return the columns of numbers, and with which of them the four prices begin."""
    numbers = [place for place in free if place >= stamp]
    first = _first_price(rows, numbers)
    if len(numbers) >= 4:
        return numbers, first or 0
    # The time may stand last.
    first = _first_price(rows, free)
    if first is None:
        raise DataFileError(
            "it holds one or two prices a line, as ticks and quotes do; candles need open, high, low "
            "and close: gather the ticks into candles first"
        )
    return free, first


def _first_price(rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> int | None:
    """Find which of the numbers four prices begin with: those of one candle are of one size."""
    for first in range(len(numbers) - 3):
        fields = [[_float(row[place]) for place in numbers[first : first + 4]] for row in rows]
        whole = [[value for value in row if value is not None and value > 0] for row in fields]
        whole = [row for row in whole if len(row) == 4]
        if whole and _share(max(row) < _WIDEST_CANDLE * min(row) for row in whole) > 0.9:
            return first
    return None


def _rising(stamps: Sequence[str]) -> bool:
    """Whether times run forward, where two neighbours differ more often than back."""
    # Where day and month can be told from nothing, either reading shows the way that neighbours run.
    for said in (ImportOptions(), ImportOptions(day_first=True), ImportOptions(year_first=True)):
        try:
            times = read_stamps(texts(list(stamps)), None, zone=None, order=said.order).times
        except DataFileError:
            continue
        steps = np.diff(times[~np.isnat(times)]).astype(np.int64)
        return bool((steps > 0).sum() >= (steps < 0).sum())
    return stamps[0] <= stamps[-1]


def _mostly(rows: Sequence[Sequence[str]], place: int, test: Callable[[str], object]) -> bool:
    filled = [row[place] for row in rows if row[place]]
    return bool(filled) and sum(map(bool, map(test, filled))) > 0.6 * len(filled)


def _is_time(field: str) -> bool:
    return bool(_EPOCH.fullmatch(field) or _DAY.fullmatch(field) or _DATE.fullmatch(field))


def _dates_alone(rows: Sequence[Sequence[str]], place: int) -> bool:
    return not _mostly(
        rows, place, lambda field: bool(re.search(r":|\d[ T]\d{4}", field) or _EPOCH.fullmatch(field))
    )


def _bare_clocks(rows: Sequence[Sequence[str]], stamp: int) -> bool:
    """Whether 930 after a date is a time of day: one in all rows, which share their days."""
    days = {row[stamp] for row in rows}
    clocks = [row[stamp + 1] for row in rows]
    return len(days) <= len(rows) / 2 and all(_BARE_CLOCK.fullmatch(clock) for clock in clocks)


def _order(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Find which of four numbers is which; the two ends by size, open and close by what follows what."""
    values = [parsed for row in rows if None not in (parsed := [_float(field) for field in row])]
    numbers = [[value for value in row if value is not None] for row in values]
    numbers = [row for row in numbers if max(row) > min(row)] or numbers
    if not numbers:
        raise DataFileError(
            "its prices cannot be read; say which columns they are with --columns open=2,high=3,low=4,close=5"
        )
    highs = [at for at in range(4) if _share(row[at] >= max(row) for row in numbers) > 0.9]
    lows = [at for at in range(4) if _share(row[at] <= min(row) for row in numbers) > 0.9]
    for high, low in ((1, 2), *((high, low) for high in highs for low in lows if high != low)):
        if high in highs and low in lows:
            first, second = (at for at in range(4) if at not in (high, low))
            opens, closes = _which_follows(numbers, first, second)
            return {"open": opens, "high": high, "low": low, "close": closes}
    raise DataFileError(
        "no order of its first four numbers makes possible candles; say which columns they are with "
        "--columns open=2,high=3,low=4,close=5 (numbers count from 1)"
    )


def _which_follows(rows: Sequence[Sequence[float]], first: int, second: int) -> tuple[int, int]:
    """Tell the open from the close: an open is near the close before it; in doubt it comes first."""

    def distance(opens: int, closes: int) -> float:
        return sum(abs(after[opens] - before[closes]) for before, after in pairwise(rows))

    turned = len(rows) >= _FEWEST_TO_TELL and distance(second, first) < 0.8 * distance(first, second)
    return (second, first) if turned else (first, second)


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)


def _float(field: str) -> float | None:
    plain = re.sub(r"[^\d.,eE+-]", "", field)
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        plain = re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return None
