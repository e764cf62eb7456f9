"""What the columns of candles are called: here, and in the files and frames of other programs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trad.errors import CandlesError

COLUMNS = ("open", "high", "low", "close", "volume")
PRICES = COLUMNS[:4]


class RawCandles(NamedTuple):
    """Columns as they were read, nothing checked, nothing repaired.

    Attributes:
        timestamp: datetime64[ms], UTC, shape (n_rows,); NaT where the time is missing.
        columns: float64, shape (n_rows,), by the names in `COLUMNS`; NaN where a value is missing.
    """

    timestamp: NDArray[np.datetime64]
    columns: dict[str, NDArray[np.float64]]


# Names without case, spaces and punctuation, the surest first. The last three of the times are what
# pandas writes for an index without a name.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "timestamp": (
        *("timestamp", "timestamputc", "timestampms", "datetime", "datetimeutc", "opentime", "opentimestamp"),
        *("starttime", "begin", "date", "dateutc", "datestamp", "day", "gmttime", "utctime", "localtime"),
        *("time", "timeutc", "unix", "unixtime", "unixtimestamp", "epoch", "epochtime", "ts", "dt", "t"),
        *("index", "indexlevel0", "unnamed0", ""),
    ),
    "open": ("open", "openprice", "priceopen", "o"),
    "high": ("high", "highprice", "pricehigh", "h"),
    "low": ("low", "lowprice", "pricelow", "l"),
    "close": ("close", "closeprice", "priceclose", "c", "closelast"),
    "volume": (
        *("volume", "vol", "v", "realvolume", "basevolume", "volumebase", "volumebtc"),
        *("tickvolume", "tickvol"),
    ),
}
_DATES = frozenset({"date", "dateutc", "datestamp", "day"})
_CLOCKS = frozenset({"time", "timeutc", "utctime", "gmttime", "localtime"})


def find_columns(names: Sequence[str]) -> dict[str, int]:
    """Find which column is which: the place of `timestamp`, `open`, `high`, `low`, `close` among `names`.

    `volume` is among them if there is one; `time_of_day` if a column of dates has one of times beside it.

    Raises:
        CandlesError: A column is missing, or two columns have an equal claim.
    """
    plain = ["".join(letter for letter in name.lower() if letter.isalnum()) for name in names]
    found: dict[str, int] = {}
    for role, known in _NAMES.items():
        claims = sorted((known.index(name), place) for place, name in enumerate(plain) if name in known)
        if len(claims) > 1 and claims[0][0] == claims[1][0]:
            twins = " and ".join(repr(names[place]) for _, place in claims[:2])
            raise CandlesError(f"two columns, {twins}, could be the {role}; leave one of them out")
        if claims:
            found[role] = claims[0][1]
    missing = [role for role in ("timestamp", *PRICES) if role not in found]
    if missing:
        raise CandlesError(
            f"found the columns {_listed(names)}, but none for {', '.join(missing)}; candles need columns "
            f"named timestamp (or date, time), open, high, low, close, and may have volume"
        )
    if plain[found["timestamp"]] in _DATES:
        clocks = [place for place, name in enumerate(plain) if name in _CLOCKS]
        if clocks:
            found["time_of_day"] = clocks[0]
    return found


def _listed(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(name[:40] or "''" for name in names[:most])
    return f"{shown}, ... ({len(names):,} in all)" if len(names) > most else shown or "none"
