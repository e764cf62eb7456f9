"""Times that stand in several columns, put together: whoever imports this loads Arrow."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trad.errors import DataFileError
from trad.market.arrays import known, trimmed, view
from trad.market.importing.date_orders import said_by_name
from trad.market.importing.epochs import EPOCH
from trad.market.importing.options import ImportOptions
from trad.market.importing.roles import zone_of
from trad.market.importing.stamps import read_stamps, repeated
from trad.market.importing.time_forms import NOT_NAMED, Stamps, share

TIMES = ("timestamp", "month", "day", "time_of_day", "hour", "hour_ending", "minute", "second")
"""Roles of columns that a time may be made of; `timestamp` is the year where `month` and `day` are there."""

_LAST = {"hour": 23, "hour_ending": 24, "minute": 59, "second": 59}
_MIDNIGHTS = r"[T ]0?0:00(:00(\.0+)?)?$"
_DAY_MS = 86_400_000


def read_times(
    columns: Mapping[int, pa.Array], names: list[str], roles: dict[str, int], options: ImportOptions
) -> tuple[Stamps, list[str]]:
    """Read the times of a table, out of however many columns.

    Returns:
        The times, and notes for the report. Roles that turn out to be none are taken out of `roles`.

    Raises:
        DataFileError: They are no times, or something must be said; the message names the flag.
    """
    dates, notes = _dates(columns, names, roles), []
    parts = [role for role in TIMES[3:] if role in roles]
    if parts:
        dates, alone = _days_alone(dates)
        if not alone:
            left = " and ".join(names[roles.pop(role)] for role in parts)
            notes.append(f"{left} was left out: the times stand in {names[roles['timestamp']]} already")
    clocks = _clocks(columns, names, roles)
    if "hour_ending" in roles:
        if options.stamps == "close":
            raise DataFileError(
                f"its hours are counted by their end, in {names[roles['hour_ending']]}, and are brought to "
                f"the open as they are read; leave --stamps close out"
            )
        notes.append(f"{names[roles['hour_ending']]} was read as the end of an hour: 1 is 00:00 to 01:00")
    name = names[roles["timestamp"]]
    stamps = read_stamps(dates, clocks, zone=options.timezone, order=options.order or said_by_name(name))
    zone = zone_of(name)
    if stamps.zone == NOT_NAMED and zone not in (None, "UTC", "GMT"):
        raise DataFileError(
            f"its column {name} is marked {zone}; say the zone with --timezone, such as Europe/Helsinki or "
            f"America/New_York"
        )
    return stamps, notes


def _dates(columns: Mapping[int, pa.Array], names: list[str], roles: Mapping[str, int]) -> pa.Array:
    first = columns[roles["timestamp"]]
    if "month" not in roles:
        return first
    year, month, day = (_text(columns[roles[role]]) for role in ("timestamp", "month", "day"))
    if share(year, r"^\d{4}$") < 1.0:
        name = names[roles["timestamp"]]
        raise DataFileError(f"its column {name} holds no years of four digits; write the dates as 2024-01-31")
    return pc.binary_join_element_wise(year, month, day, repeated("-", len(year)))


def _days_alone(dates: pa.Array) -> tuple[pa.Array, bool]:
    """Bring dates that stand beside times of day to texts without one; False where they hold one already."""
    kind = dates.type
    if pa.types.is_timestamp(kind):
        days = dates.cast(pa.timestamp("ms"), safe=False)
        if (view(days.view(pa.int64()), np.int64(0)) % _DAY_MS).any() or kind.tz:
            return dates, False
        return days.cast(pa.date32()).cast(pa.string()), True
    if pa.types.is_date(kind) or pa.types.is_integer(kind):
        return dates.cast(pa.string()), True
    if not pa.types.is_string(kind) or share(dates, EPOCH) > 0.5:
        return dates, False
    if share(dates, r"\d:\d") == 0.0:
        return dates, True
    if share(dates, _MIDNIGHTS) < 1.0:
        return dates, False
    return pc.replace_substring_regex(dates, _MIDNIGHTS, ""), True


def _clocks(columns: Mapping[int, pa.Array], names: list[str], roles: Mapping[str, int]) -> pa.Array | None:
    if "time_of_day" in roles:
        return columns[roles["time_of_day"]]
    hour = next((role for role in ("hour", "hour_ending") if role in roles), None)
    if hour is None:
        return None
    text = _text(columns[roles[hour]])
    if hour == "hour" and "minute" not in roles and share(text, r"^\d{1,2}:\d{2}") == 1.0:
        return text
    count = len(text)
    hours = _whole(text, hour, names[roles[hour]])
    if hour == "hour_ending":
        ones = pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(np.ones(count, np.int64))])
        hours = pc.subtract(hours, ones)
    rest = [
        _whole(_text(columns[roles[role]]), role, names[roles[role]]).cast(pa.string())
        if role in roles
        else repeated("0", count)
        for role in ("minute", "second")
    ]
    padded = [pc.utf8_lpad(part, 2, padding="0") for part in (hours.cast(pa.string()), *rest)]
    return pc.binary_join_element_wise(*padded, repeated(":", count))


def _text(column: pa.Array) -> pa.Array:
    return trimmed(column if pa.types.is_string(column.type) else column.cast(pa.string()))


def _whole(text: pa.Array, role: str, name: str) -> pa.Array:
    """Read hours, minutes or seconds.

    Raises:
        DataFileError: They are none, or hours that may be counted by their end.
    """
    text = pc.replace_substring_regex(text, r"\.0*$", "")
    if share(text, r"^\d{1,2}$") < 1.0:
        shown = next(
            (str(one) for one in text.to_pylist() if one and not (one.isdecimal() and len(one) < 3)),
            "nothing",
        )
        raise DataFileError(f"its column {name} holds {shown[:30]!r}; it takes whole numbers, as {role}s are")
    numbers = text.cast(pa.int64())
    seen = view(numbers, np.int64(0))[known(numbers)]
    if role == "hour" and seen.max() == 24 and seen.min() > 0:
        raise DataFileError(
            f"its column {name} counts hours from {seen.min()} to 24; where 1 is 00:00 to 01:00, say so with "
            f"--columns hour_ending={name}, and else write midnight as 0"
        )
    least = 1 if role == "hour_ending" else 0
    if seen.min() < least or seen.max() > _LAST[role]:
        raise DataFileError(
            f"its column {name} holds numbers from {seen.min()} to {seen.max()}; {role}s go from {least} to "
            f"{_LAST[role]}: name another column with --columns {role}=NAME"
        )
    return numbers
