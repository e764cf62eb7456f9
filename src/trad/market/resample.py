"""Longer candles made of shorter ones: an hour of sixty minutes."""

from dataclasses import dataclass

import numpy as np

from trad.errors import InputError
from trad.market.candles import Candles
from trad.market.columns import COLUMNS
from trad.market.timeframe import DAY_MS, Timeframe

_MONDAY = 4 * DAY_MS
"""1970 began on a Thursday; weeks begin on Mondays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resampled:
    """Longer candles, and how many could not be made because some of their parts are missing."""

    candles: Candles
    left_out: int


def resample(candles: Candles, interval: str, *, symbol: str | None = None) -> Resampled:
    """Join candles to longer ones, whose open times are multiples of the interval in UTC.

    Open is the first part's, high the highest, low the lowest, close the last part's; volume is the sum,
    added in the order of time. A candle with a part missing is left out: it would show a high and a low
    that nobody knows.

    Args:
        candles: At a regular interval; gaps may be in it.
        interval: `15m`, `4h`, `1d`, `1w`: a multiple of theirs that divides a day, or whole days.
            Weeks begin on Monday.
        symbol: What the longer candles are called; like the shorter ones if not given.

    Raises:
        InputError: The interval is none, or no such multiple; or not one longer candle is complete.
    """
    parts, longer = _parts(candles, interval)
    begin = _begin(longer)
    opened = (candles.timestamp.view(np.int64) - begin) // longer * longer + begin
    starts = np.flatnonzero(np.diff(opened, prepend=opened[0] - 1))
    whole = starts[np.diff(starts, append=len(opened)) == parts]
    if not len(whole):
        raise InputError(
            f"{candles.name} has no {interval} without a missing part (each needs {parts:,} candles); choose "
            f"a shorter interval, or candles without gaps"
        )
    rows = whole[:, None] + np.arange(parts)
    volume = np.zeros(len(whole))
    for part in range(parts):  # in the order of time, so that the last bit is the same on every processor
        volume += candles.volume[rows[:, part]]
    columns = {
        "open": candles.open[whole],
        "high": candles.high[rows].max(axis=1),
        "low": candles.low[rows].min(axis=1),
        "close": candles.close[whole + parts - 1],
        "volume": volume,
    }
    made = Candles(
        opened[whole].view("datetime64[ms]"),
        *(columns[name] for name in COLUMNS),
        name=symbol or candles.name,
        synthetic=candles.synthetic,
    )
    return Resampled(candles=made, left_out=len(starts) - len(whole))


def resampled_name(candles: Candles, interval: str) -> str:
    """Suggest a dataset's name: `btcusdt-1m` becomes `btcusdt-1h`, and `spy` becomes `spy-1h`."""
    stem = candles.name.partition(" ")[0].removeprefix("sample:").removesuffix(f"-{candles.timeframe}")
    return f"{stem}-{interval}"


def _begin(milliseconds: int) -> int:
    return 0 if milliseconds % (7 * DAY_MS) else _MONDAY


def _parts(candles: Candles, interval: str) -> tuple[int, int]:
    """Return how many candles make a longer one, and that one's milliseconds."""
    wanted, given = Timeframe.parse(interval).milliseconds, candles.timeframe
    if given is None:
        raise InputError(f"{candles.name} has one candle; to resample takes at least two")
    if wanted <= given.milliseconds or wanted % given.milliseconds:
        raise InputError(
            f"{interval} is no multiple of {given}, the interval of {candles.name}; give a longer one that "
            f"is, such as {Timeframe(2 * given.milliseconds)}"
        )
    if DAY_MS % wanted and wanted % DAY_MS:
        raise InputError(f"{interval} does not divide a day, so it has no boundaries in UTC; take 4h or 1d")
    times = candles.timestamp.view(np.int64)
    off = np.flatnonzero((times - _begin(given.milliseconds)) % given.milliseconds)
    if len(off):
        raise InputError(
            f"{candles.name} has {len(off):,} candles that do not open at a multiple of {given}, the first "
            f"at {np.datetime_as_string(candles.timestamp[off[0]], unit='s')} UTC; those cannot be joined"
        )
    return wanted // given.milliseconds, wanted
