"""The forms in which people write dates and times: whoever imports this loads Arrow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import known, view
from trad.market.epoch import NAT
from trad.market.importing.date_orders import (
    DAY_FIRST,
    MONTH_FIRST,
    SIX_DIGITS,
    YEAR_FIRST,
    order_of,
    refuse_orders,
    told_by_steps,
)
from trad.market.importing.options import DateOrder

NOT_NAMED = "not named, taken as UTC"
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_NAMED = (
    *(
        "%d-%b-%Y",
        "%d %b %Y",
        "%b %d %Y",
        "%b %d, %Y",
        "%d-%b-%y",
        "%d/%b/%Y",
        "%B %d, %Y",
        "%d %B %Y",
        "%B %d %Y",
    ),
    *("%a %b %d %Y", "%a, %d %b %Y", "%d. %b %Y", "%Y-%b-%d"),
)
_CLOCKS = (
    *(
        "",
        " %H:%M",
        " %H:%M:%S",
        " %H%M%S",
        " %H%M",
        " %H",
        " %I:%M %p",
        " %I:%M:%S %p",
        " %I:%M%p",
        " %I:%M:%S%p",
    ),
    *(" %I-%p", " %I %p", " %I%p", " %H.%M", " %H.%M.%S", ", %H:%M", ", %H:%M:%S", ", %I:%M %p", " %H-%M-%S"),
    *("-%H:%M:%S", "T%H:%M:%S", "T%H:%M", "T%H%M%S"),
)
_FORMATS = tuple(
    date + clock
    for date, clock in product((*_DATES, *DAY_FIRST, *MONTH_FIRST, *YEAR_FIRST, *_NAMED), _CLOCKS)
)

_EARLIEST = np.datetime64("1700-01-01", "ms").astype(np.int64)
"""No candle is older; NaT, the smallest of all numbers, is below as well."""

_SIX_DIGITS = r"^\d{6}(\D|$)"
_YEAR_MONTH = r"^(19|20)\d{2}(0[1-9]|1[0-2])$"
_EIGHT_DIGITS = r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\D|$)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamps:
    """Times read.

    Attributes:
        times: datetime64[ms], UTC, NaT where there is none or it cannot be read.
        unread: Where a text stands that is no time like the others.
        zone: What was known of the zone, for the report.
    """

    times: NDArray[np.datetime64]
    unread: NDArray[np.bool_]
    zone: str


def read_forms(text: pa.Array, order: DateOrder | None) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """Read times by the one format that reads the most of them.

    Raises:
        DataFileError: None reads half of them, or several read as many and differ.
    """
    text, extra = _without_fraction(text)
    if share(text, r"^\d{4}-\d{1,2}-\d{1,2}T") > 0.5:
        text = pc.replace_substring(text, "T", " ")
    there = known(text)
    shown = str(text[int(np.argmax(there))].as_py())[:40]
    readings = _readings(text, order)
    if not readings or len(text) - readings[0][0] <= there.sum() / 2:
        raise DataFileError(
            f"its times, such as {shown!r}, are in no form that is known; write them as 2024-01-31 "
            f"12:00, or name "
            f"another column with --columns timestamp=NAME"
        )
    best = _one_of(readings, shown)
    if order is None and order_of(best[1]) == "year" and share(text, _YEAR_MONTH) == 1.0:
        raise DataFileError(
            f"its dates, such as {shown!r}, may be days of a year of two digits or months of one of four; "
            f"say --year-first where they are days, and write months as 2020-01-01"
        )
    times = _as_times(best[0])
    if extra is not None:
        times = times + extra
    return times, there & ~known(best[0])


def _readings(text: pa.Array, order: DateOrder | None) -> list[tuple[int, pa.Array, str]]:
    """Read times by every form that may be theirs; the one with the fewest that are unread stands first."""
    first = str(text[int(np.argmax(known(text)))].as_py())
    six_digits = re.match(_SIX_DIGITS, first) is not None and share(text, _SIX_DIGITS) > 0.9
    four_digits = not six_digits and share(text, r"\d{4}") > 0.5
    # 20240101 is no 20th of February 4010, which the reader of formats makes of it.
    year_first = share(text, _EIGHT_DIGITS) > 0.9
    readings = []
    for form in _likely(text):
        if ("%Y" in form) != four_digits:
            continue  # `%Y` reads the 17 of 31.1.17 as the year 17
        if year_first and form.startswith("%d%m%Y"):
            continue
        if order is not None and order_of(form) not in (None, order):
            continue
        shape = next((shape for date, shape in SIX_DIGITS.items() if form.startswith(date)), None)
        shaped = text if shape is None else _where(pc.match_substring_regex(text, shape), text)
        reading = pc.strptime(shaped, format=form, unit="ms", error_is_null=True)
        strange = view(reading.view(pa.int64()), np.int64(NAT)) < _EARLIEST
        readings.append((int(strange.sum()), reading, form))
    return sorted(readings, key=lambda one: one[0])


def _one_of(readings: Sequence[tuple[int, pa.Array, str]], shown: str) -> tuple[pa.Array, str]:
    """Choose among the readings that leave the fewest times unread; they may differ.

    Raises:
        DataFileError: They do, and nothing tells.
    """
    differing: list[tuple[pa.Array, str]] = []
    for count, reading, form in readings:
        if count == readings[0][0] and not any(reading.equals(other) for other, _ in differing):
            differing.append((reading, form))
    if len(differing) == 1:
        return differing[0]
    chosen = told_by_steps([(form, _as_times(reading)) for reading, form in differing])
    if chosen is None:
        raise refuse_orders([order_of(form) for _, form in differing], shown)
    return differing[chosen]


def _where(mask: pa.Array, text: pa.Array) -> pa.Array:
    return pc.if_else(mask, text, pa.nulls(len(text), text.type))


def _as_times(reading: pa.Array) -> NDArray[np.datetime64]:
    times: NDArray[np.datetime64] = view(reading.view(pa.int64()), np.int64(NAT)).view("datetime64[ms]")
    return times


def _likely(text: pa.Array) -> list[str]:
    """Return the formats that read one of a few texts from all over."""
    places = np.flatnonzero(known(text))
    few = [str(text[int(place)].as_py()) for place in places[:: max(1, len(places) // 9)][:12]]
    sample = texts(few)
    return [
        form
        for form in _FORMATS
        if pc.strptime(sample, format=form, unit="ms", error_is_null=True).null_count < len(few)
    ]


def texts(values: list[str]) -> pa.Array:
    """Make an array of texts without `pa.array`, which would load pandas."""
    data = [value.encode() for value in values]
    offsets = np.cumsum([0, *map(len, data)], dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(data), [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(data))]
    )


def _without_fraction(text: pa.Array) -> tuple[pa.Array, NDArray[np.timedelta64] | None]:
    """Cut fractions of a second off, and return them apart, in milliseconds."""
    pattern = r"^(?P<before>.*\d{2}:\d{2})[.,](?P<digits>\d{1,9})(?P<after>.*)$"
    if (
        share(text, pattern.replace("?P<before>", "").replace("?P<digits>", "").replace("?P<after>", ""))
        < 0.5
    ):
        return text, None
    parts = pc.extract_regex(text, pattern)
    digits = pc.utf8_slice_codeunits(pc.utf8_rpad(parts.field("digits"), 3, padding="0"), 0, 3)
    whole = pc.binary_join_element_wise(parts.field("before"), parts.field("after"), _empty(len(text)))
    found = known(parts)
    mask = pa.Array.from_buffers(pa.uint8(), len(found), [None, pa.py_buffer(found.astype(np.uint8))]).cast(
        pa.bool_()
    )
    extra = np.where(found, view(digits.cast(pa.int64()), np.int64(0)), 0).astype("timedelta64[ms]")
    return pc.if_else(mask, whole, text), extra


def _empty(n: int) -> pa.Array:
    return pa.Array.from_buffers(
        pa.string(), n, [None, pa.py_buffer(np.zeros(n + 1, np.int32)), pa.py_buffer(b"")]
    )


def share(text: pa.Array, pattern: str) -> float:
    """Return which share of the texts that are there has the pattern."""
    there = int(known(text).sum())
    return float(truth(pc.match_substring_regex(text, pattern)).sum()) / there if there else 0.0


def truth(values: pa.Array) -> NDArray[np.bool_]:
    """See an array of truths as NumPy's; null is false."""
    seen = np.frombuffer(values.cast(pa.uint8()).buffers()[1], np.uint8)[: len(values)] > 0
    return seen & known(values)
