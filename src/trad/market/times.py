"""Columns of times, however written, into datetime64[ms], UTC: whoever imports this loads Arrow."""

import re
from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import CandlesError
from trad.market.arrays import Place, first_failing, first_known, known, trimmed, view
from trad.market.epoch import EXAMPLES, NAT, from_fractions, from_integers, in_milliseconds

# What ISO 8601 does not cover. With points the day comes first, as in every land that writes so; with
# slashes or dashes the month or the day may, and the values must tell.
_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y"),
    *("%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y"),
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H%M%S", " %H%M", " %H:%M:%S.000", " %I:%M %p", " %I:%M:%S %p")
_FORMATS = tuple(date + clock for date, clock in product(_DATES, _CLOCKS))

_EPOCH = re.compile(r"[+-]?\d{9,20}(\.\d*)?")
_ZONED = re.compile(r".*\d[T ]\d.*(Z|[+-]\d{2}(:?\d{2})?)")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?|\d{4}|\d{6}")


def milliseconds(values: pa.Array, *, label: str, place: Place) -> NDArray[np.datetime64]:
    """Read times; NaT where there is none.

    Without a zone they are UTC; finer ones are cut to the millisecond. Numbers are
    seconds, milli-, micro- or nanoseconds since 1970, by their size; 20240131 is a day.

    Raises:
        CandlesError: The column holds no times, or dates that can be read in two ways; the message
            shows the first such value.
    """
    if pa.types.is_string(values.type):
        values = _from_text(trimmed(values), label, place)
    kind = values.type
    if pa.types.is_date32(kind):
        values = values.cast(pa.timestamp("s"))
    if pa.types.is_timestamp(values.type) or pa.types.is_date64(kind):
        unit = "ms" if pa.types.is_date64(kind) else values.type.unit
        return in_milliseconds(view(values.view(pa.int64()), np.int64(NAT)), unit)
    if pa.types.is_integer(kind):
        return from_integers(view(values.cast(pa.int64(), safe=False), np.int64(NAT)), label=label)
    if pa.types.is_floating(kind):
        return from_fractions(view(values.cast(pa.float64()), np.float64("nan")), label=label)
    raise CandlesError(f"the column {label} holds {kind} instead of times; {EXAMPLES}")


def with_time_of_day(dates: pa.Array, clocks: pa.Array) -> pa.Array:
    """Join a column of dates and one of times of day, where the second holds such times."""
    if pa.types.is_string(dates.type) and pa.types.is_string(clocks.type):
        clock = _example(clocks).strip()
        if _CLOCK.fullmatch(clock):
            gaps = pa.Array.from_buffers(pa.string(), len(dates), _spaces(len(dates)))
            return pc.binary_join_element_wise(trimmed(dates), trimmed(clocks), gaps)
        return clocks if _EPOCH.fullmatch(clock) else dates
    if pa.types.is_date(dates.type) and pa.types.is_time(clocks.type):
        midnight = dates.cast(pa.timestamp("us")).cast(pa.int64())
        return pc.add(midnight, clocks.cast(pa.time64("us"), safe=False).cast(pa.int64())).cast(
            pa.timestamp("us")
        )
    return dates


def _spaces(n: int) -> list[pa.Buffer | None]:
    """Make the buffers of an array of `n` spaces: a plain " " would load pandas, see `arrays`."""
    return [None, pa.py_buffer(np.arange(n + 1, dtype=np.int32)), pa.py_buffer(b" " * n)]


def _from_text(text: pa.Array, label: str, place: Place) -> pa.Array:
    example = _example(text)
    if not example:
        return pa.nulls(len(text), pa.int64())
    if _EPOCH.fullmatch(example):
        return _cast(text, pa.float64() if "." in example else pa.int64(), label, place)
    if example.endswith(("UTC", "GMT")):
        text = pc.replace_substring_regex(text, r"\s*(UTC|GMT)$", "Z")
        example = _example(text)
    zone = "UTC" if _ZONED.fullmatch(example) else None
    first = first_known(text)
    for kind in (pa.timestamp("us", zone), pa.timestamp("ns", zone)):
        if _takes(first, partial(pa.Array.cast, target_type=kind)):
            return _cast(text, kind, label, place)
    return _from_formats(text, first, label, place)


def _example(text: pa.Array) -> str:
    first = first_known(text)
    return str(first[0].as_py()) if len(first) else ""


def _takes(example: pa.Array, convert: Callable[[pa.Array], object]) -> bool:
    try:
        convert(example)
    except pa.ArrowInvalid:
        return False
    return True


def _cast(text: pa.Array, kind: pa.DataType, label: str, place: Place) -> pa.Array:
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:
        row = first_failing(text, lambda part: part.cast(kind))
        raise _no_time(text, row, label, place) from None


def _from_formats(text: pa.Array, first: pa.Array, label: str, place: Place) -> pa.Array:
    """Try the formats that read the first value on all of them; exactly one must read them all."""
    likely = [form for form in _FORMATS if _takes(first, partial(_read, form=form))]
    if not likely:
        raise _no_time(text, int(np.argmax(known(text))), label, place)
    readings = [_read(text, form, refuse=False) for form in likely]
    fitting = [reading for reading in readings if reading.null_count == text.null_count]
    if any(not reading.equals(fitting[0]) for reading in fitting):
        raise CandlesError(
            f"the column {label} holds dates such as {_example(text)!r}, which can be read day first or "
            f"month first; write them as 2024-01-31"
        )
    if fitting:
        return fitting[0]
    best = min(readings, key=lambda reading: reading.null_count)
    raise _no_time(text, int(np.argmax(known(text) & ~known(best))), label, place)


def _read(text: pa.Array, form: str, *, refuse: bool = True) -> pa.Array:
    return pc.strptime(text, format=form, unit="ms", error_is_null=not refuse)


def _no_time(text: pa.Array, row: int, label: str, place: Place) -> CandlesError:
    found = str(text[row].as_py())[:40]
    return CandlesError(
        f"the column {label} holds {found!r} at {place(row)}, which is no time like the others; {EXAMPLES}"
    )
