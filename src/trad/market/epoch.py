"""Times written as numbers, into datetime64[ms], UTC."""

import numpy as np
from numpy.typing import NDArray

from trad.errors import CandlesError

NAT = np.iinfo(np.int64).min
"""How datetime64 writes a time that is missing, read as a whole number."""

EXAMPLES = "write times such as 2024-01-31 12:00:00 (UTC), or as seconds or milliseconds since 1970"

_UNITS = ("s", "ms", "us", "ns")
_BOUNDS = (10**11, 10**14, 10**17)
_PER_UNIT = {"s": (1_000, 1), "ms": (1, 1), "us": (1, 1_000), "ns": (1, 1_000_000)}
_SMALLEST = 10**8
_FIRST_DAY, _LAST_DAY = 1900_01_01, 2100_12_31


def in_milliseconds(times: NDArray[np.int64], unit: str) -> NDArray[np.datetime64]:
    """Bring times since 1970 in `unit` (s, ms, us, ns) to whole milliseconds, those before them."""
    multiply, divide = _PER_UNIT[unit]
    if multiply == divide:
        return times.view("datetime64[ms]")
    scaled = times * multiply if divide == 1 else times // divide
    return np.where(times == NAT, NAT, scaled).view("datetime64[ms]")


def from_integers(values: NDArray[np.int64], *, label: str) -> NDArray[np.datetime64]:
    """Read days such as 20240131, or seconds, milli-, micro- or nanoseconds since 1970 by their size.

    Raises:
        CandlesError: The numbers are too small to be times (a row number?), or no days.
    """
    known = values[values != NAT]
    if not len(known):
        return values.view("datetime64[ms]")
    low, high = int(known.min()), int(known.max())
    if low >= _FIRST_DAY and high <= _LAST_DAY:
        return _days(values, label)
    if max(abs(low), abs(high)) < _SMALLEST:
        raise CandlesError(
            f"the column {label} holds numbers from {low} to {high} instead of times; {EXAMPLES}"
        )
    return _since_1970(values)


def from_fractions(values: NDArray[np.float64], *, label: str) -> NDArray[np.datetime64]:
    """Read like `from_integers` what stands there as floats; seconds may have a fraction.

    Raises:
        CandlesError: As for `from_integers`.
    """
    known = np.isfinite(values) & (np.abs(values) < 2.0**63)
    numbers = np.where(known, values, 0.0)
    largest = float(np.abs(numbers).max(initial=0.0))
    if _SMALLEST <= largest < _BOUNDS[0]:
        numbers = numbers * 1000
        whole = np.where(known, np.rint(numbers), float(NAT)).astype(np.int64)
        return in_milliseconds(whole, "ms")
    return from_integers(np.where(known, np.rint(numbers), float(NAT)).astype(np.int64), label=label)


def _since_1970(values: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Tell the unit of each value by its size: 11 digits and fewer are seconds, 14 milliseconds, and so on.

    An archive may change its unit halfway, so that each value is judged by itself; but where that
    leaves no order and one unit for all does (milliseconds that begin in 1970), that unit holds.
    """
    known = values != NAT
    rank = np.searchsorted(_BOUNDS, np.abs(values), side="right")
    largest = int(rank[known].max())
    together = in_milliseconds(values, _UNITS[largest])
    if bool((rank[known] == largest).all()):
        return together
    each = np.full(len(values), NAT).view("datetime64[ms]")
    for place, unit in enumerate(_UNITS):
        rows = known & (rank == place)
        each[rows] = in_milliseconds(values[rows], unit)
    return each if _rising(each[known]) or not _rising(together[known]) else together


def _rising(times: NDArray[np.datetime64]) -> bool:
    return bool((times[1:] > times[:-1]).all())


def _days(values: NDArray[np.int64], label: str) -> NDArray[np.datetime64]:
    known = values != NAT
    numbers = np.where(known, values, _FIRST_DAY)
    year, month, day = numbers // 10_000, numbers // 100 % 100, numbers % 100
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    # The 31st of a shorter month lands in the next one.
    bad = (month < 1) | (month > 12) | (day < 1) | (days.astype("datetime64[M]") != months)
    if bad.any():
        raise CandlesError(f"the column {label} holds {numbers[bad][0]}, which is no day; {EXAMPLES}")
    stamps: NDArray[np.datetime64] = days.astype("datetime64[ms]")
    stamps[~known] = np.datetime64("NaT")
    return stamps
