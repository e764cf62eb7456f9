"""Columns of a file without a header, by what they hold."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from trad.errors import DataFileError
from trad.market.importing.dialect import is_clock, is_number

_EPOCH = re.compile(r"\d{9,20}(\.\d+)?")
_DAY = re.compile(r"(19|20)\d{6}")
_DATE = re.compile(r"\W*\d{1,4}[-./ ](\d{1,2}|[A-Za-z]{3,9})[-./ ,]+\d{2,4}.*|\d{8}[ T;]\d{4,6}")


def by_content(rows: Sequence[Sequence[str]], known: dict[str, int]) -> tuple[dict[str, int], str]:
    """Find the columns among a few lines, beside those that are known already.

    The first column of times is the time, one of times of day beside it belongs to it, and of the numbers
    that follow the first four are the prices, in whatever order no candle is impossible in.

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
        if not times:
            raise DataFileError(
                "no column of it holds times; say which with --columns timestamp=1 (numbers count from 1)"
            )
        found["timestamp"] = times[0]
    stamp = found["timestamp"]
    after = stamp + 1
    if (
        "time_of_day" not in found
        and after < width
        and _mostly(rows, after, is_clock)
        and _dates_alone(rows, stamp)
    ):
        found["time_of_day"] = after
        after += 1
    if all(role in found for role in ("open", "high", "low", "close")):
        return found, "columns as named"
    taken = set(found.values())
    numbers = [
        place
        for place in range(width)
        if place not in taken and place >= stamp and _mostly(rows, place, is_number)
    ]
    if len(numbers) < 4:
        raise DataFileError(
            "it holds one or two prices a line, as ticks and quotes do; candles need open, high, low "
            "and close: gather "
            "the ticks into candles first"
        )
    prices = numbers[:4]
    ascending = rows if str(rows[0][stamp]) <= str(rows[-1][stamp]) else rows[::-1]
    order = _order([[row[place] for place in prices] for row in ascending])
    found |= {role: prices[at] for role, at in order.items()}
    if "volume" not in found and len(numbers) > 4:
        found["volume"] = numbers[4]
    names = ", ".join(sorted(("open", "high", "low", "close"), key=lambda role: order[role]))
    return found, f"no header; the prices are in the order {names}"


def _mostly(rows: Sequence[Sequence[str]], place: int, test: Callable[[str], object]) -> bool:
    filled = [row[place] for row in rows if row[place]]
    return bool(filled) and sum(map(bool, map(test, filled))) > 0.6 * len(filled)


def _is_time(field: str) -> bool:
    return bool(_EPOCH.fullmatch(field) or _DAY.fullmatch(field) or _DATE.fullmatch(field))


def _dates_alone(rows: Sequence[Sequence[str]], place: int) -> bool:
    return not _mostly(
        rows, place, lambda field: bool(re.search(r":|\d[ T]\d{4}", field) or _EPOCH.fullmatch(field))
    )


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
    """Tell the open from the close: an open is near the close before it."""

    def distance(opens: int, closes: int) -> float:
        return sum(abs(after[opens] - before[closes]) for before, after in pairwise(rows))

    return (first, second) if distance(first, second) <= distance(second, first) else (second, first)


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
