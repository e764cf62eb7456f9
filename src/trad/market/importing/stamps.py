"""Times as people write them, into datetime64[ms], UTC: whoever imports this loads Arrow."""

import re
from dataclasses import dataclass
from itertools import product
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import CandlesError, DataFileError
from trad.market.arrays import known, trimmed, view
from trad.market.epoch import NAT, from_fractions, from_integers, in_milliseconds

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

_EPOCH = r"^[-+]?\d{9,20}(\.\d*)?$"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2})?)?$"
_OFFSET = r"\s*(?:GMT|UTC)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)(?:\s*\(.*\))?$"
_WORDS = r"(?i)\s*\(?(utc|gmt|est|edt|cst|cdt|pst|pdt|cet|cest|ist|jst)\)?$"
_EIGHT_DIGITS = r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\D|$)"
_FRACTION = r"(\d:\d{2}:\d{2}|\d{6})[.,](\d{1,9})"


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


def read_stamps(
    values: pa.Array, clocks: pa.Array | None, *, zone: str | None, day_first: bool | None
) -> Stamps:
    """Read a column of times, or one of dates and one of times of day.

    Args:
        values: Texts or whole numbers.
        clocks: Times of day, as text.
        zone: An IANA zone for times without an offset; None: UTC.
        day_first: The user's word on dates that can be read in two ways.

    Raises:
        DataFileError: Hardly any is a time, the zone is unknown, or dates can be read in two ways.
    """
    local = _zone(zone)
    if not pa.types.is_string(values.type):
        return _from_numbers(values)
    text = _joined(values, clocks)
    if not known(text).any():
        raise DataFileError("its column of times is empty; name another one with --columns timestamp=NAME")
    if _share(text, _EPOCH) > 0.5:
        return _from_epochs(text)
    with_offset = pc.match_substring_regex(text, r"\d[T ]?.*:\d{2}.*" + _OFFSET[:-1] + "$")
    if _truth(with_offset).sum() > known(text).sum() / 2:
        return _with_offsets(text, day_first)
    word = _zone_word(text)
    naive = _from_formats(pc.replace_substring_regex(text, _WORDS, "") if word else text, day_first)
    if local is None and word not in (None, "UTC", "GMT"):
        raise DataFileError(
            f"its times are marked {word}; say the zone with --timezone, such as America/New_York"
        )
    if local is None:
        return Stamps(times=naive.times, unread=naive.unread, zone=word or "not named, taken as UTC")
    return Stamps(times=in_utc(naive.times, local), unread=naive.unread, zone=f"{zone}, brought to UTC")


def in_utc(times: NDArray[np.datetime64], zone: ZoneInfo) -> NDArray[np.datetime64]:
    """Bring local times to UTC.

    An hour that the clocks show twice is the first one until the series goes back in time, then the
    second.

    Raises:
        DataFileError: A time does not exist in that zone: the clocks skipped it.
    """
    stamps = times.astype("datetime64[ms]").astype(np.int64)
    there = stamps != NAT
    seconds = stamps[there] // 1000
    whole = pa.Array.from_buffers(
        pa.timestamp("s"), len(seconds), [None, pa.py_buffer(np.ascontiguousarray(seconds))]
    )
    try:
        early, late = (
            view(
                pc.assume_timezone(whole, zone.key, ambiguous=fold, nonexistent="raise").view(pa.int64()),
                np.int64(NAT),
            )
            for fold in ("earliest", "latest")
        )
    except pa.ArrowInvalid as error:
        raise DataFileError(
            f"its times are not those of {zone.key}: {str(error).splitlines()[0][:120]}; give another "
            f"--timezone"
        ) from None
    chosen = early.copy()
    falling = len(seconds) > 1 and seconds[0] > seconds[-1]
    order = range(len(chosen) - 1, -1, -1) if falling else range(len(chosen))
    twice = np.flatnonzero(early != late)
    if len(twice):
        places = set(twice.tolist())
        before = None
        for place in order:
            if place in places and before is not None and chosen[place] <= before:
                chosen[place] = late[place]
            before = int(chosen[place])
    result = np.full(len(stamps), NAT)
    result[there] = chosen * 1000 + stamps[there] % 1000
    return result.view("datetime64[ms]")


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None or name.upper() in ("UTC", "GMT", "Z"):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataFileError(
            f"--timezone was {name[:40]!r}, which is no zone; give one such as Europe/Berlin or "
            f"America/New_York"
        ) from None


def _joined(values: pa.Array, clocks: pa.Array | None) -> pa.Array:
    text = trimmed(values)
    if clocks is None:
        return text
    if not pa.types.is_string(clocks.type):
        clocks = clocks.cast(pa.string())
    clocks = trimmed(clocks)
    # 90100 is 09:01:00, and 930 is 09:30.
    if _share(clocks, r"^\d{1,6}$") == 1.0:
        width = 6 if _truth(pc.match_substring_regex(clocks, r"^\d{5,6}$")).any() else 4
        clocks = pc.utf8_lpad(clocks, width, padding="0")
    gap = pa.Array.from_buffers(
        pa.string(),
        len(text),
        [None, pa.py_buffer(np.arange(len(text) + 1, dtype=np.int32)), pa.py_buffer(b" " * len(text))],
    )
    return pc.binary_join_element_wise(text, clocks, gap)


def _from_numbers(values: pa.Array) -> Stamps:
    kind = values.type
    if pa.types.is_date(kind):
        values = values.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(values.type):
        zone = values.type.tz
        times = in_milliseconds(view(values.view(pa.int64()), np.int64(NAT)), values.type.unit)
        told = f"{zone}, stored as UTC" if zone else "not named, taken as UTC"
        return Stamps(times=times, unread=np.zeros(len(times), np.bool_), zone=told)
    try:
        if pa.types.is_integer(kind):
            times = from_integers(view(values.cast(pa.int64(), safe=False), np.int64(NAT)), label="of times")
        elif pa.types.is_floating(kind):
            times = from_fractions(view(values.cast(pa.float64()), np.float64("nan")), label="of times")
        else:
            raise DataFileError(
                f"its column of times holds {kind}; name another one with --columns timestamp=NAME"
            )
    except CandlesError as error:
        raise DataFileError(str(error)) from None
    return Stamps(times=times, unread=np.zeros(len(times), np.bool_), zone="seconds since 1970 are UTC")


def _from_epochs(text: pa.Array) -> Stamps:
    sound = _truth(pc.match_substring_regex(text, _EPOCH))
    mask = pa.Array.from_buffers(pa.uint8(), len(sound), [None, pa.py_buffer(sound.astype(np.uint8))]).cast(
        pa.bool_()
    )
    unread = known(text) & ~sound
    text = pc.if_else(mask, text, pa.nulls(len(text), text.type))
    whole = not _truth(pc.match_substring(text, ".")).any()
    try:
        numbers = text.cast(pa.int64() if whole else pa.float64())
    except pa.ArrowInvalid:
        raise DataFileError(
            "its times are numbers beyond all measure; name the column with --columns timestamp=NAME"
        ) from None
    stamps = _from_numbers(numbers)
    return Stamps(times=stamps.times, unread=unread, zone="seconds since 1970 are UTC")


def _with_offsets(text: pa.Array, day_first: bool | None) -> Stamps:
    """Read times with an offset each, such as `2024-11-24T19:15:00-06:00`."""
    parts = pc.extract_regex(text, r"^(?P<time>.*?)" + _OFFSET.replace("(Z", "(?P<offset>Z"))
    time, offset = parts.field("time"), parts.field("offset")
    missing = known(text) & ~known(parts)
    # Between digits alone: Tue and Thu keep theirs.
    naive = _from_formats(pc.replace_substring_regex(time, r"(\d)T(\d)", r"\1 \2"), day_first)
    digits = pc.replace_substring_regex(pc.replace_substring(offset, ":", ""), "^Z$", "+0000")
    digits = pc.utf8_slice_codeunits(pc.utf8_rpad(digits, 5, padding="0"), 0, 5)
    number = view(pc.cast(pc.replace_substring(digits, "+", ""), pa.int64()), np.int64(0))
    minutes = np.sign(number) * (np.abs(number) // 100 * 60 + np.abs(number) % 100)
    times = naive.times - (minutes * 60_000).astype("timedelta64[ms]")
    return Stamps(times=times, unread=naive.unread | missing, zone="an offset with each time, brought to UTC")


def _zone_word(text: pa.Array) -> str | None:
    if _share(text, _WORDS) < 0.5:
        return None
    match = re.search(_WORDS, str(text[int(np.argmax(known(text)))].as_py()))
    return match[1].upper() if match else None


def _from_formats(text: pa.Array, day_first: bool | None) -> Stamps:
    """Read times by the one format that reads the most of them.

    Raises:
        DataFileError: None reads half of them, or two read as many and differ.
    """
    text, extra = _without_fraction(text)
    if _share(text, r"^\d{4}-\d{1,2}-\d{1,2}T") > 0.5:
        text = pc.replace_substring(text, "T", " ")
    there = known(text)
    four_digits = _share(text, r"\d{4}") > 0.5
    # 20240101 is no 20th of February 4010, which the reader of formats makes of it.
    year_first = _share(text, _EIGHT_DIGITS) > 0.9
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
    return Stamps(times=times, unread=there & ~known(best), zone="")


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
        _share(text, pattern.replace("?P<before>", "").replace("?P<digits>", "").replace("?P<after>", ""))
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


def _share(text: pa.Array, pattern: str) -> float:
    """Return which share of the texts that are there has the pattern."""
    there = int(known(text).sum())
    return float(_truth(pc.match_substring_regex(text, pattern)).sum()) / there if there else 0.0


def _truth(values: pa.Array) -> NDArray[np.bool_]:
    seen = np.frombuffer(values.cast(pa.uint8()).buffers()[1], np.uint8)[: len(values)] > 0
    return seen & known(values)
