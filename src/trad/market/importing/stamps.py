"""Times as people write them, into datetime64[ms], UTC: whoever imports this loads Arrow."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import CandlesError, DataFileError
from trad.market.arrays import known, trimmed, view
from trad.market.epoch import NAT, from_fractions, from_integers, in_milliseconds
from trad.market.importing.time_forms import read_forms, share, truth
from trad.market.importing.zones import find_zone, in_utc

_EPOCH = r"^[-+]?\d{9,20}(\.\d*)?$"
_OFFSET = r"\s*(?:GMT|UTC)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)(?:\s*\(.*\))?$"
_WORDS = r"(?i)\s*\(?(utc|gmt|est|edt|cst|cdt|pst|pdt|cet|cest|ist|jst)\)?$"


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
    local = find_zone(zone)
    if not pa.types.is_string(values.type):
        return _from_numbers(values)
    text = _joined(values, clocks)
    if not known(text).any():
        raise DataFileError("its column of times is empty; name another one with --columns timestamp=NAME")
    if share(text, _EPOCH) > 0.5:
        return _from_epochs(text)
    with_offset = pc.match_substring_regex(text, r"\d[T ]?.*:\d{2}.*" + _OFFSET[:-1] + "$")
    if truth(with_offset).sum() > known(text).sum() / 2:
        return _with_offsets(text, day_first)
    word = _zone_word(text)
    bare = pc.replace_substring_regex(text, _WORDS, "") if word else text
    times, unread = read_forms(bare, day_first)
    if local is None and word not in (None, "UTC", "GMT"):
        raise DataFileError(
            f"its times are marked {word}; say the zone with --timezone, such as America/New_York"
        )
    if local is None:
        return Stamps(times=times, unread=unread, zone=word or "not named, taken as UTC")
    return Stamps(times=in_utc(times, local), unread=unread, zone=f"{zone}, brought to UTC")


def _joined(values: pa.Array, clocks: pa.Array | None) -> pa.Array:
    text = trimmed(values)
    if clocks is None:
        return text
    if not pa.types.is_string(clocks.type):
        clocks = clocks.cast(pa.string())
    clocks = trimmed(clocks)
    # 90100 is 09:01:00, and 930 is 09:30.
    if share(clocks, r"^\d{1,6}$") == 1.0:
        width = 6 if truth(pc.match_substring_regex(clocks, r"^\d{5,6}$")).any() else 4
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
    sound = truth(pc.match_substring_regex(text, _EPOCH))
    mask = pa.Array.from_buffers(pa.uint8(), len(sound), [None, pa.py_buffer(sound.astype(np.uint8))]).cast(
        pa.bool_()
    )
    unread = known(text) & ~sound
    text = pc.if_else(mask, text, pa.nulls(len(text), text.type))
    whole = not truth(pc.match_substring(text, ".")).any()
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
    naive, unread = read_forms(pc.replace_substring_regex(time, r"(\d)T(\d)", r"\1 \2"), day_first)
    digits = pc.replace_substring_regex(pc.replace_substring(offset, ":", ""), "^Z$", "+0000")
    digits = pc.utf8_slice_codeunits(pc.utf8_rpad(digits, 5, padding="0"), 0, 5)
    number = view(pc.cast(pc.replace_substring(digits, "+", ""), pa.int64()), np.int64(0))
    minutes = np.sign(number) * (np.abs(number) // 100 * 60 + np.abs(number) % 100)
    times = naive - (minutes * 60_000).astype("timedelta64[ms]")
    return Stamps(times=times, unread=unread | missing, zone="an offset with each time, brought to UTC")


def _zone_word(text: pa.Array) -> str | None:
    if share(text, _WORDS) < 0.5:
        return None
    match = re.search(_WORDS, str(text[int(np.argmax(known(text)))].as_py()))
    return match[1].upper() if match else None
