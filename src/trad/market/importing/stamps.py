"""Times as people write them, into datetime64[ms], UTC: whoever imports this loads Arrow."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trad.errors import DataFileError
from trad.market.arrays import known, trimmed, view
from trad.market.importing.epochs import EPOCH, SCIENTIFIC, from_epochs, from_numbers
from trad.market.importing.options import DateOrder
from trad.market.importing.time_forms import NOT_NAMED, Stamps, read_forms, share, truth
from trad.market.importing.zones import find_zone, in_utc

_OFFSET = r"\s*(?:GMT|UTC)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)(?:\s*\(.*\))?$"
_WORDS = r"(?i)\s*\(?(utc|gmt|est|edt|cst|cdt|pst|pdt|cet|cest|ist|jst)\)?$"
_PLACE = r"\s+(?P<place>[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+)+)$"
_ODD = {
    r"(\d{4})[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일]": r"\1-\2-\3",
    r"(\d)D(\d)": r"\1 \2",
    r"(:\d{2}:\d{2}):(\d{3})$": r"\1.\2",
}
"""Ways of some writers, of kdb and Tickstory among them, and what others write instead."""


def read_stamps(
    values: pa.Array, clocks: pa.Array | None, *, zone: str | None, order: DateOrder | None
) -> Stamps:
    """Read a column of times, or one of dates and one of times of day.

    Args:
        values: Texts or whole numbers.
        clocks: Times of day, as text.
        zone: An IANA zone for times without an offset; None: UTC.
        order: The user's word on dates that can be read in several ways.

    Raises:
        DataFileError: Hardly any is a time, the zone is unknown, or dates can be read in several ways.
    """
    local = find_zone(zone)
    if not pa.types.is_string(values.type):
        return from_numbers(values)
    text = _joined(values, clocks)
    there = known(text)
    if not there.any():
        raise DataFileError("its column of times is empty; name another one with --columns timestamp=NAME")
    first = str(text[int(np.argmax(there))].as_py())
    if _are_epochs(text, first):
        return from_epochs(text)
    with_offset = pc.match_substring_regex(text, r"\d[T ]?.*:\d{2}.*" + _OFFSET[:-1] + "$")
    if truth(with_offset).sum() > there.sum() / 2:
        return _with_offsets(text, order)
    text = _as_usual(text, first)
    if re.search(_PLACE, first):
        return _with_places(text, order)
    word = _zone_word(text)
    bare = pc.replace_substring_regex(text, _WORDS, "") if word else text
    times, unread = read_forms(bare, order)
    if local is None and word not in (None, "UTC", "GMT"):
        raise DataFileError(
            f"its times are marked {word}; say the zone with --timezone, such as America/New_York"
        )
    if local is None:
        return Stamps(times=times, unread=unread, zone=word or NOT_NAMED)
    return Stamps(times=in_utc(times, local), unread=unread, zone=f"{zone}, brought to UTC")


def _as_usual(text: pa.Array, first: str) -> pa.Array:
    for pattern, instead in _ODD.items():
        # What the first one has nothing of is not looked for in all.
        if re.search(pattern, first):
            text = pc.replace_substring_regex(text, pattern, instead)
    return text


def _are_epochs(text: pa.Array, first: str) -> bool:
    epochs = share(text, EPOCH)
    if epochs <= 0.5 and (epochs or re.match(SCIENTIFIC, first)):
        epochs += share(text, SCIENTIFIC)
    return epochs > 0.5


def _joined(values: pa.Array, clocks: pa.Array | None) -> pa.Array:
    text = trimmed(values)
    if clocks is None:
        return text
    if not pa.types.is_string(clocks.type):
        clocks = clocks.cast(pa.string())
    clocks = trimmed(clocks)
    # 90100 is 09:01:00, and 930 is 09:30.
    if share(clocks, r"^\d{1,6}$") == 1.0:
        _refuse_hours(clocks)
        width = 6 if truth(pc.match_substring_regex(clocks, r"^\d{5,6}$")).any() else 4
        clocks = pc.utf8_lpad(clocks, width, padding="0")
    return pc.binary_join_element_wise(text, clocks, repeated(" ", len(text)))


def _refuse_hours(clocks: pa.Array) -> None:
    """Refuse 0, 1, 2, ...: hours, or the minutes after midnight that they are as HHMM."""
    if share(clocks, r"^\d{1,2}$") < 1.0 or share(clocks, r"^0+$") == 1.0:
        return
    shown = next(str(one) for one in clocks.to_pylist() if one and one.strip("0"))
    raise DataFileError(
        f"its times of day, such as {shown!r}, may be hours or minutes; where they are hours, say so with "
        f"--columns hour=NAME, and else write them with four digits"
    )


def repeated(text: str, count: int) -> pa.Array:
    """Make an array that holds one text so many times."""
    data = text.encode()
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(len(data))
    return pa.Array.from_buffers(
        pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(data * count)]
    )


def _with_offsets(text: pa.Array, order: DateOrder | None) -> Stamps:
    """Read times with an offset each, such as `2024-11-24T19:15:00-06:00`."""
    parts = pc.extract_regex(text, r"^(?P<time>.*?)" + _OFFSET.replace("(Z", "(?P<offset>Z"))
    time, offset = parts.field("time"), parts.field("offset")
    missing = known(text) & ~known(parts)
    # Between digits alone: Tue and Thu keep theirs.
    naive, unread = read_forms(pc.replace_substring_regex(time, r"(\d)T(\d)", r"\1 \2"), order)
    digits = pc.replace_substring_regex(pc.replace_substring(offset, ":", ""), "^Z$", "+0000")
    digits = pc.utf8_slice_codeunits(pc.utf8_rpad(digits, 5, padding="0"), 0, 5)
    number = view(pc.cast(pc.replace_substring(digits, "+", ""), pa.int64()), np.int64(0))
    minutes = np.sign(number) * (np.abs(number) // 100 * 60 + np.abs(number) % 100)
    times = naive - (minutes * 60_000).astype("timedelta64[ms]")
    return Stamps(times=times, unread=unread | missing, zone="an offset with each time, brought to UTC")


def _with_places(text: pa.Array, order: DateOrder | None) -> Stamps:
    """Read times with a zone's name each, such as `20240102 09:30:00 US/Eastern`."""
    parts = pc.extract_regex(text, r"^(?P<time>.*?)" + _PLACE)
    places = [str(place) for place in pc.unique(parts.field("place")).to_pylist() if place]
    if len(places) != 1:
        raise DataFileError(
            f"its times are marked {' and '.join(places[:3])}; write them all in one zone, or in UTC"
        )
    try:
        local = find_zone(places[0])
    except DataFileError:
        raise DataFileError(
            f"its times are marked {places[0][:40]}, which is no zone that is known; write them in UTC"
        ) from None
    times, unread = read_forms(parts.field("time"), order)
    missing = known(text) & ~known(parts)
    utc = times if local is None else in_utc(times, local)
    return Stamps(times=utc, unread=unread | missing, zone=f"{places[0]} with each time, brought to UTC")


def _zone_word(text: pa.Array) -> str | None:
    if share(text, _WORDS) < 0.5:
        return None
    match = re.search(_WORDS, str(text[int(np.argmax(known(text)))].as_py()))
    return match[1].upper() if match else None
