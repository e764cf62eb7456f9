"""Measures how many candles the signals need before they no longer depend on where the data begins."""

import numpy as np

from trad.checking.comparing import CONVERGED, differences, signalled, span
from trad.checking.report import Finding, Outcome
from trad.checking.runs import Runs
from trad.errors import StrategyError
from trad.market.candles import Candles
from trad.strategies.signal_checks import moment
from trad.strategies.signals import Signals

_SHARES = (0.02, 0.05, 0.11, 0.23, 0.37, 0.5)
"""Where the data begins in turn, as shares of the candles, besides the second candle."""
_SETTLED = 0.1
"""A difference within this last share of what is left means that the signals did not settle."""
_EARLY = 0.1
"""What differs within this first share of what is left is no matter of rounding."""
_ROUNDED = 1 / 500
"""So few signals may differ later: a price right on a line falls to either side of it by rounding."""
_PROBES = 5


def warm_up(runs: Runs, candles: Candles, full: Signals) -> tuple[Outcome, int | None]:
    """Let the data begin later, at several places, and see from when on the signals are the full run's.

    For some signals it is also tried how many candles right before them they need, for where signals are
    rare, a difference shows late or not at all.

    Args:
        runs: Runs the strategy.
        candles: The whole series.
        full: The signals for it.

    Returns:
        What came out, and the candles needed: the most over all places; None where the signals of one
        place still differed near the end.
    """
    runs.check = "warm_up"
    starts = sorted({1, *(int(share * len(candles)) for share in _SHARES)})
    needed, stray = {}, 0
    for start in starts:
        last, strays = _last_difference(runs, candles, full, start)
        stray = max(stray, strays)
        if last is not None and last >= (1 - _SETTLED) * (len(candles) - start):
            where = moment(candles, start + last)
            text = f"when the data begins at {moment(candles, start)}, the signals still differ at {where}: "
            text += "they depend on where the data begins, and may never cease to"
            note = Finding(check="warm_up", text=text, candle=start + last)
            return Outcome(check="warm_up", summary="the signals do not settle", notes=(note,)), None
        needed[start] = 0 if last is None else last + 1
    probes = [_needed_before(runs, candles, full, index) for index in _probed(full)]
    most = max(*needed.values(), *probes, 0)
    summary = (
        f"{most:,} candles, then the signals are the same wherever the data begins "
        f"({len(starts)} beginnings, {len(probes)} signals)"
    )
    if stray:
        summary += f", but for {stray} that turn on rounding"
    return Outcome(check="warm_up", summary=summary), most


def _last_difference(runs: Runs, candles: Candles, full: Signals, start: int) -> tuple[int | None, int]:
    """Find the last candle whose signal differs when the data begins at `start`.

    Returns:
        The candle, counted from `start`, or None; and how many differ later, which are so few that they
        turn on rounding.
    """
    made = runs.attempt(candles[start:])
    if isinstance(made, StrategyError):
        return len(candles) - start - 1, 0
    rest = span(full, start, len(full))
    marked = np.flatnonzero(differences(rest, made, CONVERGED))
    # A sum that is carried along has its rounding errors from where it began. They show late, and alone.
    late = marked[marked >= (len(candles) - start) * _EARLY]
    few = len(late) if len(late) <= len(signalled(rest)) * _ROUNDED else 0
    kept = marked[: len(marked) - few]
    return (int(kept[-1]) if len(kept) else None), few


def _probed(full: Signals) -> list[int]:
    entries = np.flatnonzero(full.entry)
    chosen = entries if len(entries) else signalled(full)
    late = chosen[len(chosen) // 3 :]
    picks = np.unique(np.linspace(0, len(late) - 1, min(_PROBES, len(late))).astype(int))
    return [int(index) for index in late[picks]]


def _needed_before(runs: Runs, candles: Candles, full: Signals, index: int) -> int:
    """Find how many candles right before a candle its signal needs: doubled until enough, then halved."""

    def enough(count: int) -> bool:
        made = runs.attempt(candles[index - count : index + 1])
        if isinstance(made, StrategyError):
            return False
        last = span(made, count, count + 1)
        return not differences(span(full, index, index + 1), last, CONVERGED)[0]

    low, high = -1, 0
    while not enough(high):
        if high == index:
            return index
        low, high = high, min(index, max(1, 2 * high))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
