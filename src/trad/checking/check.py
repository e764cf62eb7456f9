"""Makes all checks of a strategy, in an order in which each can rely on those before it."""

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from trad.checking.fresh_process import run_afresh
from trad.checking.look_ahead import look_ahead
from trad.checking.parameter_edges import parameter_edges
from trad.checking.repeats import repeatable
from trad.checking.report import CheckReport, Finding, Outcome
from trad.checking.runs import Runs, Tell
from trad.checking.warm_up import warm_up
from trad.errors import InputError
from trad.market.candles import Candles
from trad.strategies.parameters import ParameterValue
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd

FEWEST_CANDLES = 100


def check(
    candles: "Candles | pd.DataFrame", strategy: type[Strategy], /, **params: ParameterValue
) -> CheckReport:
    """Check a strategy, in about a hundred runs: does it know the future, does it repeat itself?

    Args:
        candles: Candles, or a frame that `Candles.from_frame` reads; some ten thousand are enough.
        strategy: The class.
        params: The configuration; parameters that are left out have their defaults.

    Raises:
        InputError: There are fewer than 100 candles.
        ParameterError: A parameter is unknown, or its value outside the range.
        StrategyError: The strategy raised on the whole series, or returned signals that break their
            contract.
    """
    data = candles if isinstance(candles, Candles) else Candles.from_frame(candles)
    return check_strategy(data, strategy, params)


def check_strategy(
    candles: Candles,
    strategy: type[Strategy],
    params: Mapping[str, ParameterValue],
    *,
    seed: int = 0,
    afresh: bool = False,
    tell: Tell | None = None,
) -> CheckReport:
    """Check a strategy, as `check` does.

    Args:
        candles: The series.
        strategy: The class.
        params: The configuration; parameters that are left out have their defaults.
        seed: Where the noise comes from; from 0.
        afresh: Whether to run it in two fresh processes, too; they take seconds to start.
        tell: Told before each run which check it belongs to, and how many runs there were.

    Raises:
        InputError: There are fewer than 100 candles, or the seed is below 0.
        ParameterError: A parameter is unknown, or its value outside the range.
        StrategyError: As `check`.
    """
    if len(candles) < FEWEST_CANDLES:
        raise InputError(
            f"{candles.name} has {len(candles)} candles; a check needs {FEWEST_CANDLES} or more: give more"
        )
    if seed < 0:
        raise InputError(f"seed was {seed}; it is a whole number from 0")
    began = perf_counter()
    chosen = strategy(**params).params
    runs = Runs(strategy, chosen, tell)
    full = runs.signals(candles)
    outcomes, needed = _outcomes(runs, candles, full, seed, afresh=afresh)
    return CheckReport(
        strategy=strategy.__name__,
        params=chosen,
        data=candles.name,
        candles=len(candles),
        entries=int(np.count_nonzero(full.entry)),
        warm_up=needed,
        outcomes=outcomes,
        runs=runs.count,
        seed=seed,
        elapsed_seconds=perf_counter() - began,
    )


def _outcomes(
    runs: Runs, candles: Candles, full: Signals, seed: int, *, afresh: bool
) -> tuple[tuple[Outcome, ...], int | None]:
    signals, repeats = _signals(full), repeatable(runs, candles, full, seed)
    if afresh and not repeats.findings:
        findings, notes = run_afresh(runs, candles, full)
        told = "fresh processes disagree" if findings else repeats.summary
        repeats = replace(repeats, summary=told, findings=tuple(findings), notes=(*repeats.notes, *notes))
    if repeats.chance:
        why = "chance decides, so that no two runs can be compared"
        ahead = Outcome(check="look_ahead", summary=why, done=False)
        warm, needed = Outcome(check="warm_up", summary=why, done=False), None
    else:
        ahead = look_ahead(runs, candles, full, seed)
        warm, needed = _warmed(runs, candles, full, ahead)
    edges = parameter_edges(runs, candles)
    runs.kept.restore()
    return (signals, repeats, ahead, warm, edges), needed


def _warmed(runs: Runs, candles: Candles, full: Signals, ahead: Outcome) -> tuple[Outcome, int | None]:
    if not ahead.findings:
        return warm_up(runs, candles, full)
    why = "what knows the future depends on where the data ends, too"
    return Outcome(check="warm_up", summary=why, done=False), None


def _signals(full: Signals) -> Outcome:
    count = int(np.count_nonzero(full.entry[:-1]))
    if count:
        return Outcome(check="signals", summary=f"{count:,} entries")
    text = "it never enters with these parameters on these candles, so that the checks below prove little"
    return Outcome(check="signals", summary="none", findings=(Finding(check="signals", text=text),))
