"""What makes candles bad: vectorised checks of raw columns."""

import sys
from collections.abc import Mapping
from functools import reduce
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from trad.errors import CandlesError
from trad.market.columns import COLUMNS, PRICES
from trad.market.report import BadRow, BrokenRule, CandleReport, written
from trad.market.timeframe import Timeframe

SHOWN_ROWS = 3
"""How many offending rows of each rule are kept."""

_BLOCK = 1 << 15  # the passes over a block find it in the processor's cache
_NAT = np.iinfo(np.int64).min

Mask = NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)


def refuse_bad_candles(
    timestamp: NDArray[np.datetime64], columns: Mapping[str, NDArray[np.float64]], *, name: str = "the series"
) -> None:
    """Let good candles pass in one sweep over them; refuse bad ones.

    Args:
        timestamp: datetime64[ms], shape (n_rows,).
        columns: float64, shape (n_rows,), by the names in `COLUMNS`.
        name: What the message calls them.

    Raises:
        CandlesError: A rule is broken, or there are no rows; the message says which rules, how many
            rows break each, and shows the first of them.
    """
    if not _all_good(_milliseconds(timestamp), columns):
        raise CandlesError(check_candles(timestamp, columns).refusal(name))


def check_candles(
    timestamp: NDArray[np.datetime64], columns: Mapping[str, NDArray[np.float64]]
) -> CandleReport:
    """Report on a series, good or bad, in full; arguments as for `refuse_bad_candles`."""
    rows = len(timestamp)
    if not rows:
        return CandleReport(rows=0)
    times = _milliseconds(timestamp)
    zero_volume = int(np.count_nonzero(columns["volume"] == 0))
    masks: dict[str, Mask] = {} if _all_good(times, columns) else _masks(times, columns)
    broken = tuple(
        BrokenRule(rule=rule, count=int(np.count_nonzero(mask)), rows=_first_rows(mask, timestamp, columns))
        for rule, mask in masks.items()
        if mask.any()
    )
    bad = int(np.count_nonzero(reduce(np.logical_or, masks.values()))) if masks else 0
    unsorted = int(np.count_nonzero(masks["unsorted"])) if masks else 0
    return CandleReport(
        rows=rows,
        zero_volume=zero_volume,
        bad_rows=bad,
        newest_first=unsorted == rows - 1 > 0,
        broken=broken,
        **_span(_in_order(times)),
    )


def _milliseconds(timestamp: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return timestamp.astype("datetime64[ms]", copy=False).view(np.int64)


def _all_good(times: NDArray[np.int64], columns: Mapping[str, NDArray[np.float64]]) -> bool:
    if not len(times) or times[0] == _NAT:
        return False
    values = [columns[name] for name in COLUMNS]
    if "numba" in sys.modules and all(array.flags.c_contiguous for array in (times, *values)):
        # To load Numba takes longer than to check millions of candles; who has it, needs a third of the time.
        from trad.market.checks_nb import are_good_nb

        # Read-only, whatever came: a kernel is compiled once for each kind of array.
        return are_good_nb(_closed(times), *map(_closed, values))
    return are_good(times, *values)


def _closed(column: NDArray[Number]) -> NDArray[Number]:
    view: NDArray[Number] = column.view()
    view.flags.writeable = False
    return view


def are_good(
    times: NDArray[np.int64],
    opens: NDArray[np.float64],
    highs: NDArray[np.float64],
    lows: NDArray[np.float64],
    closes: NDArray[np.float64],
    volumes: NDArray[np.float64],
) -> bool:
    """Say the same as `are_good_nb`, without Numba.

    NaN passes through minimum and maximum and fails every comparison, so few passes see all rules.
    """
    room = np.empty(min(_BLOCK, len(times)))
    for start in range(0, len(times), _BLOCK):
        end = start + _BLOCK
        low, high, volume = lows[start:end], highs[start:end], volumes[start:end]
        if not (low.min() > 0 and high.max() < np.inf and 0 <= volume.min() <= volume.max() < np.inf):
            return False
        bodies = room[: len(low)]
        if not (low <= np.minimum(opens[start:end], closes[start:end], out=bodies)).all():
            return False
        if not (np.maximum(opens[start:end], closes[start:end], out=bodies) <= high).all():
            return False
        stamps = times[start : end + 1]
        if not (stamps[1:] > stamps[:-1]).all():
            return False
    return True


def _masks(times: NDArray[np.int64], columns: Mapping[str, NDArray[np.float64]]) -> dict[str, Mask]:
    """Say of each row which rules it breaks, in the order of `RULES`."""
    opens, highs, lows, closes, volumes = (columns[name] for name in COLUMNS)
    return {
        "not_finite": ~np.logical_and.reduce([np.isfinite(columns[name]) for name in COLUMNS]),
        "high_below_low": highs < lows,
        "outside": (opens > highs) | (opens < lows) | (closes > highs) | (closes < lows),
        "not_positive": np.logical_or.reduce([columns[name] <= 0 for name in PRICES]),
        "negative_volume": volumes < 0,
        **_time_masks(times),
    }


def _time_masks(times: NDArray[np.int64]) -> dict[str, Mask]:
    missing = times == _NAT
    if _rising(times):
        return {"no_time": missing, "duplicate": missing, "unsorted": missing}
    order = np.argsort(times, kind="stable")
    repeated = np.zeros(len(times), np.bool_)
    repeated[order[1:]] = np.diff(times[order]) == 0
    # A missing time compares with nothing: each row is held against the last one above that has a time.
    latest = np.maximum.accumulate(np.where(missing, -1, np.arange(len(times))))
    above = np.concatenate(([-1], latest[:-1]))
    earlier = (above >= 0) & (times < times[above])
    return {"no_time": missing, "duplicate": repeated & ~missing, "unsorted": earlier & ~missing}


def _rising(times: NDArray[np.int64]) -> bool:
    return times[0] != _NAT and bool((times[1:] > times[:-1]).all())


def _in_order(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the times that are there, sorted, each once."""
    if _rising(times):
        return times
    known = np.sort(times[times != _NAT])
    once: NDArray[np.int64] = known[np.diff(known, prepend=_NAT) != 0]
    return once


def _first_rows(
    mask: Mask, timestamp: NDArray[np.datetime64], columns: Mapping[str, NDArray[np.float64]]
) -> tuple[BadRow, ...]:
    return tuple(
        BadRow(
            index=int(index),
            time=written(timestamp[index]),
            values={name: float(columns[name][index]) for name in COLUMNS},
        )
        for index in np.flatnonzero(mask)[:SHOWN_ROWS]
    )


def _span(times: NDArray[np.int64]) -> dict[str, Any]:
    """Describe strictly increasing times: first and last, timeframe and gaps."""
    stamps = times.view("datetime64[ms]")
    if not len(times):
        return {}
    span: dict[str, Any] = {"first": stamps[0], "last": stamps[-1], "timeframe": Timeframe.infer(stamps)}
    if span["timeframe"] is None:
        return span
    usual = span["timeframe"].milliseconds
    steps = np.diff(times)
    gaps = steps > usual
    if gaps.any():
        longest = int(np.argmax(steps))
        open_ms = int((steps[gaps] - usual).sum())
        span["gaps"] = int(np.count_nonzero(gaps))
        span["longest_gap_ms"] = int(steps[longest])
        span["longest_gap_after"] = stamps[longest]
        span["gap_share"] = open_ms / (int(times[-1] - times[0]) + usual)
    return span
