"""Dates that can be read in several orders: which one the file as a whole tells.

01/02/2024 has two readings, and 240102 three; where a file is read wholly by more than one, something else
has to tell, or the user.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.importing.options import DateOrder

YEAR_FIRST = ("%y%m%d", "%y-%m-%d", "%y/%m/%d", "%y.%m.%d")
DAY_FIRST = (
    *("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d%m%Y"),
    *("%d.%m.%y", "%d/%m/%y", "%d-%m-%y", "%d%m%y"),
)
MONTH_FIRST = (
    *("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
    *("%m/%d/%y", "%m-%d-%y", "%m%d%y"),
)
_YEAR, _MONTH, _DAY = r"\d{2}", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
SIX_DIGITS = {
    "%y%m%d": f"^{_YEAR}{_MONTH}{_DAY}(\\D|$)",
    "%d%m%y": f"^{_DAY}{_MONTH}{_YEAR}(\\D|$)",
    "%m%d%y": f"^{_MONTH}{_DAY}{_YEAR}(\\D|$)",
}
"""What six digits must be, by form: the reader of forms is content with a month of one digit."""

_FEWEST_DAYS = 3
_LONGER = 20
"""Read wrongly, 240102, 240103, ... are a year apart each, 365 times as far."""


def order_of(form: str) -> DateOrder | None:
    """Say which order a form has, if there are others for the same text."""
    for order, forms in (("year", YEAR_FIRST), ("day", DAY_FIRST), ("month", MONTH_FIRST)):
        if form.startswith(forms):
            return order  # type: ignore[return-value]  # they are literals
    return None


def said_by_name(name: str) -> DateOrder | None:
    """Say which order the name of a column tells of, as `<DTYYMMDD>` does."""
    bare = "".join(letter for letter in name.lower() if letter.isalpha())
    if "yyyy" in bare:
        return None
    orders: dict[str, DateOrder] = {"yymmdd": "year", "ddmmyy": "day", "mmddyy": "month"}
    return next((order for letters, order in orders.items() if bare.endswith(letters)), None)


def told_by_steps(readings: Sequence[tuple[str, NDArray[np.datetime64]]]) -> int | None:
    """Choose among readings that differ in where the year stands, by the way from row to row.

    Where day and month can be exchanged it tells nothing: the first of each month is as likely as the first
    days of January.

    Args:
        readings: Forms, and what they make of the file.

    Returns:
        Which of them it must be; None where more than one may be.
    """
    tomorrow = np.datetime64("now", "D") + 1
    possible = [place for place, (_, times) in enumerate(readings) if np.nanmax(times) <= tomorrow]
    year = [place for place in possible if order_of(readings[place][0]) == "year"]
    others = [place for place in possible if place not in year]
    if not any(order_of(form) == "year" for form, _ in readings):
        return None
    ways = {place: _way(readings[place][1]) for place in possible}
    left = [
        place
        for place in possible
        if not any(ways[place] >= _LONGER * ways[rival] for rival in (others if place in year else year))
    ]
    if len(left) != 1 or (len(possible) > 1 and not _runs_evenly(readings[left[0]][1])):
        return None
    return left[0]


def _way(times: NDArray[np.datetime64]) -> int:
    """Add the steps from row to row up, in milliseconds."""
    there = times[~np.isnat(times)].astype(np.int64)
    return int(np.abs(np.diff(there)).sum())


def _runs_evenly(times: NDArray[np.datetime64]) -> bool:
    """Whether there are days enough to tell, and rows do not jump to and fro."""
    there = times[~np.isnat(times)]
    days = np.unique(there.astype("datetime64[D]"))
    span = int((there.max() - there.min()).astype(np.int64))
    return len(days) >= _FEWEST_DAYS and _way(there) <= _FEWEST_DAYS * span


def refuse_orders(orders: Sequence[DateOrder | None], shown: str) -> DataFileError:
    """Make the error that asks for the order."""
    several = [order for order in ("year", "day", "month") if order in orders]
    ways, flags = (
        ", ".join(names[:-1]) + " or " + names[-1] if len(names) > 1 else "".join(names)
        for names in ([f"{order} first" for order in several], [f"--{order}-first" for order in several])
    )
    return DataFileError(
        f"its dates, such as {shown!r}, can be read {ways}, and none of them tells; say which with {flags}"
    )
