"""Finds strategies that do not repeat themselves: chance, and what is kept from one run to the next."""

import numpy as np

from trad.checking.comparing import EXACT, differences, words
from trad.checking.noise import with_noise
from trad.checking.report import Finding, Outcome
from trad.checking.runs import Runs
from trad.errors import StrategyError
from trad.market.candles import Candles
from trad.strategies.signal_checks import moment
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


def repeatable(runs: Runs, candles: Candles, full: Signals, seed: int) -> Outcome:
    """Run again: untouched by other runs, after a run over other candles, and with one instance twice.

    Args:
        runs: Runs the strategy.
        candles: The whole series.
        full: The signals for it.
        seed: Where the other candles come from.

    Returns:
        With `chance` where two untouched runs differ.
    """
    runs.check = "repeatable"
    again = runs.attempt(candles)
    if (text := _differing(candles, full, again)) is not None:
        finding = Finding(check="repeatable", text=f"two runs over the same candles differ: {text}")
        return Outcome(check="repeatable", summary="chance decides", findings=(finding,), chance=True)
    other = with_noise(candles, 1, seed, 0)[1:]  # not one candle of the series
    findings, notes = [], []
    runs.kept.restore()
    _tried(runs, other, runs.strategy(**runs.params))
    changed = runs.kept.changed()
    kept = f" ({', '.join(changed)} changed)" if changed else ""
    after = _tried(runs, candles, runs.strategy(**runs.params))
    if (text := _differing(candles, full, after)) is not None:
        text = f"after a run over other candles a new instance gives other signals{kept}: {text}"
        findings.append(Finding(check="repeatable", text=text))
    elif changed:
        text = f"a run leaves something behind, without any effect on the signals{kept}"
        notes.append(Finding(check="repeatable", text=text))
    if not findings:
        runs.kept.restore()
        mine = runs.strategy(**runs.params)
        _tried(runs, other, mine)
        if (text := _differing(candles, full, _tried(runs, candles, mine))) is not None:
            text = f"the same instance gives other signals after a run over other candles: {text}"
            findings.append(Finding(check="repeatable", text=text))
    runs.kept.restore()
    summary = "something is kept between runs" if findings else "runs over the same candles agree"
    return Outcome(check="repeatable", summary=summary, findings=tuple(findings), notes=tuple(notes))


def _tried(runs: Runs, candles: Candles, instance: Strategy) -> Signals | StrategyError:
    try:
        return runs.again(candles, instance)
    except StrategyError as error:
        return error


def _differing(candles: Candles, full: Signals, other: Signals | StrategyError) -> str | None:
    """Say where two runs over the same candles differ first; None where they agree."""
    if isinstance(other, StrategyError):
        return f"the first gave signals, the second raised {other}"
    marked = np.flatnonzero(differences(full, other, EXACT))
    if not len(marked):
        return None
    first = int(marked[0])
    one, two = words(full, first, other, first)
    others = f" (and {len(marked) - 1:,} more)" if len(marked) > 1 else ""
    return f"the signal at {moment(candles, first)} was {one}, then {two}{others}"
