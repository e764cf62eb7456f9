"""The forms in which people write dates and times: whoever imports this loads Arrow."""

from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import known, view
from trad.market.epoch import NAT

_YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y", "%d%m%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y")
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
_DATES = (*_YEAR_FIRST, *_DAY_FIRST, *_MONTH_FIRST, *_NAMED)
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
)
_FORMATS = tuple(date + clock for date, clock in product(_DATES, _CLOCKS))

_EARLIEST = np.datetime64("1700-01-01", "ms").astype(np.int64)
"""No candle is older; NaT, the smallest of all numbers, is below as well."""

_EIGHT_DIGITS = r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\D|$)"


def read_forms(text: pa.Array, day_first: bool | None) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """Read times by the one format that reads the most of them.

    Raises:
        DataFileError: None reads half of them, or two read as many and differ.
    """
    text, extra = _without_fraction(text)
    if share(text, r"^\d{4}-\d{1,2}-\d{1,2}T") > 0.5:
        text = pc.replace_substring(text, "T", " ")
    there = known(text)
    four_digits = share(text, r"\d{4}") > 0.5
    # 20240101 is no 20th of February 4010, which the reader of formats makes of it.
    year_first = share(text, _EIGHT_DIGITS) > 0.9
    readings = []
    for form in _likely(text):
        if ("%Y" in form) != four_digits:
            continue  # `%Y` reads the 17 of 31.1.17 as the year 17
        if year_first and form.startswith("%d%m%Y"):
            continue
        if (form.startswith(_DAY_FIRST) and day_first is False) or (
            form.startswith(_MONTH_FIRST) and day_first
        ):
            continue
        reading = pc.strptime(text, format=form, unit="ms", error_is_null=True)
        strange = view(reading.view(pa.int64()), np.int64(NAT)) < _EARLIEST
        readings.append((int(strange.sum()), reading, form))
    readings.sort(key=lambda one: one[0])
    if not readings or len(text) - readings[0][0] <= there.sum() / 2:
        shown = str(text[int(np.argmax(there))].as_py())[:40]
        raise DataFileError(
            f"its times, such as {shown!r}, are in no form that is known; write them as 2024-01-31 "
            f"12:00, or name "
            f"another column with --columns timestamp=NAME"
        )
    fewest, best, _ = readings[0]
    if any(count == fewest and not reading.equals(best) for count, reading, _ in readings[1:]):
        shown = str(text[int(np.argmax(there))].as_py())[:40]
        raise DataFileError(
            f"its dates, such as {shown!r}, can be read day first or month first, and none of them "
            f"tells; say which with "
            f"--day-first or --month-first"
        )
    times = view(best.view(pa.int64()), np.int64(NAT)).view("datetime64[ms]")
    if extra is not None:
        times = times + extra
    return times, there & ~known(best)


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
