"""Tries each parameter at the ends of its range."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from trad.checking.report import Finding, Outcome
from trad.checking.runs import Runs
from trad.errors import StrategyError
from trad.market.candles import Candles
from trad.strategies.parameters import Parameter, ParameterValue, Params
from trad.strategies.space import ParameterSpace

_MOST_OPTIONS = 10


def parameter_edges(runs: Runs, candles: Candles) -> Outcome:
    """Run each parameter at its ends, the others as checked; then all at their low and at their high ends.

    Of a choice every option is tried, up to ten. What `valid` turns down is passed over.

    Args:
        runs: Runs the strategy.
        candles: The whole series.
    """
    runs.check = "parameters"
    space = ParameterSpace.of(runs.strategy)
    findings, silent = [], []
    tried = turned_down = 0
    for named, params in _edges(runs):
        try:
            if not space.allows(params):
                turned_down += 1
                continue
            tried += 1
            signals = runs.signals(candles, params)
        except StrategyError as error:
            text = f"with {named} it raises: {error}"
            findings.append(Finding(check="parameters", text=text, params=params))
            continue
        if not np.any(signals.entry[:-1]):
            silent.append(named)
    notes: tuple[Finding, ...] = ()
    if silent:
        text = f"with {'; or with '.join(silent)} it never trades on these candles"
        notes = (Finding(check="parameters", text=text),)
    summary = f"{tried} configurations at the edges of the ranges"
    if turned_down:
        summary += f"; valid() turned down {turned_down} more"
    return Outcome(check="parameters", summary=summary, findings=tuple(findings), notes=notes)


def _edges(runs: Runs) -> Iterator[tuple[str, Params]]:
    declared = runs.strategy.parameters
    tried = [runs.params]
    for name, parameter in declared.items():
        for value in _ends(parameter):
            params = {**runs.params, name: value}
            if params not in tried:
                tried.append(params)
                yield f"{name}={value}", params
    for end, place in (("low", 0), ("high", -1)):
        params = {name: _ends(parameter)[place] for name, parameter in declared.items()}
        if params not in tried:
            tried.append(params)
            yield f"every parameter at its {end} end", params


def _ends(parameter: Parameter[Any]) -> list[ParameterValue]:
    levels = parameter.levels()
    low, high = getattr(parameter, "low", None), getattr(parameter, "high", None)
    if low is None or high is None:
        return list(levels[:_MOST_OPTIONS])
    return [low, high]
