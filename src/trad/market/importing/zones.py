"""Local times into UTC: whoever imports this loads Arrow."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import view
from trad.market.epoch import NAT


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


def find_zone(name: str | None) -> ZoneInfo | None:
    """Find a zone by its IANA name; None is UTC.

    Raises:
        DataFileError: There is none of that name.
    """
    if name is None or name.upper() in ("UTC", "GMT", "Z"):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataFileError(
            f"--timezone was {name[:40]!r}, which is no zone; give one such as Europe/Berlin or "
            f"America/New_York"
        ) from None
