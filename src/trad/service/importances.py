"""Which parameters had to do with the best scores of a job."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import fsum
from typing import Any

import optuna
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.trial import create_trial

from trad.optimizers.codes import code_of
from trad.service.inspector import ScoredParams
from trad.strategies.parameters import Choice, Float, Int, Parameter

_KINDS: Mapping[str, type[Parameter[Any]]] = {"int": Int, "float": Float, "choice": Choice}


def parameter_importances(
    searched: Mapping[str, Parameter[Any]], episodes: Sequence[ScoredParams]
) -> dict[str, float]:
    """Compare what the best tenth of the episodes chose with what all of them chose (PED-ANOVA).

    Args:
        searched: The parameters that the job searches, by name.
        episodes: Completed episodes, four or more.

    Returns:
        A share for each searched parameter, the largest first; they add up to 1, or all are 0 where the
        best episodes chose like all the others.
    """
    codes = {name: code_of(parameter) for name, parameter in searched.items() if parameter.size > 1}
    if not codes:
        return dict.fromkeys(searched, 0.0)
    distributions = {name: code.distribution for name, code in codes.items()}
    with _quiet(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        study = optuna.create_study(direction="maximize")
        study.add_trials(
            [
                create_trial(
                    params={name: code.encode(episode.params[name]) for name, code in codes.items()},
                    distributions=distributions,
                    value=episode.score,
                )
                for episode in episodes
            ]
        )
        found = PedAnovaImportanceEvaluator().evaluate(study, params=list(codes))
    # It warns when the best episodes are all of them, as where all scores are equal: nothing is known then.
    total = 0.0 if told else fsum(found.values())
    shares = {name: found.get(name, 0.0) / total if total > 0 else 0.0 for name in searched}
    return dict(sorted(shares.items(), key=lambda entry: -entry[1]))


def searched_parameters(space: Mapping[str, Any]) -> dict[str, Parameter[Any]]:
    """Read the parameters that are searched out of `JobSpec.space`, without the strategy's own code."""
    return {name: _parameter(name, entry) for name, entry in space.items() if "type" in entry}


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter[Any]:
    parameter: Parameter[Any] = _KINDS[entry["type"]](
        **{key: value for key, value in entry.items() if key != "type"}
    )
    parameter.name = name
    return parameter


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from announcing a study; it speaks up again afterwards."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
