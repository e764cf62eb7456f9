"""Bayesian search: Optuna's TPE, made a pure function of the seed, the number and the results told."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.samplers import TPESampler
from optuna.trial import TrialState, create_trial

from trad.optimizers.codes import Code, code_of
from trad.optimizers.random_search import RandomSearch
from trad.strategies.parameters import Params
from trad.strategies.space import ParameterSpace

STARTUP = 10
"""So many results must be known before TPE has something to go by; until then, proposals are random."""

_TRIES = 2
"""Each looks at 24 candidates of TPE's; when all are known or not valid, a random one serves."""

_STUDY = "trad"


class BayesianSearch:
    """Proposes configurations where TPE expects the most, from the scores of those that were tried.

    The study holds what was told, in that order, and nothing else: no trial under way, and no generator
    that lives from one proposal to the next. So a search that is told the same results again goes on bit
    for bit. Proposals within one window rest on the same results; their seeds differ.

    A configuration whose result was told is not proposed again, as far as 48 candidates of TPE's and
    then a random walk lead to another. Where the episodes suffice for the whole of a small space,
    it is walked at random: with everything tried there is nothing to guess.

    Args:
        space: What is searched.
        seed: What every random choice comes from.
        episodes: How many are planned.
        window: Of how many episodes a proposal does without the results.

    Raises:
        SpaceError: No configuration is valid.
        StrategyError: The strategy's `valid` raised.
    """

    default_episodes = 100

    def __init__(self, space: ParameterSpace, *, seed: int, episodes: int, window: int) -> None:
        self._space, self._seed = space, seed
        self._random = RandomSearch(space, seed=seed)
        self._walks_all = self._random.size is not None and episodes >= self._random.size
        self.window: int | None = None if self._walks_all else window
        self._codes: dict[str, Code] = {
            name: code_of(each) for name, each in space.searched.items() if each.size > 1
        }
        self._single = {name: each.at(0.0) for name, each in space.searched.items() if each.size == 1}
        self._distributions = {name: code.distribution for name, code in self._codes.items()}
        self._tried: set[str] = set()
        self._told = 0
        self._storage = optuna.storages.InMemoryStorage()
        with _quiet():
            self._study = optuna.create_study(study_name=_STUDY, storage=self._storage, direction="maximize")
        self._trial = create_trial(state=TrialState.RUNNING)

    @property
    def size(self) -> int | None:
        """How many valid configurations a small space holds; None for a large one."""
        return self._random.size

    def propose(self, number: int) -> Params:
        """Return the configuration of episode `number`, for the results that were told so far.

        Raises:
            SpaceError: No valid configuration was found.
            StrategyError: The strategy's `valid` raised.
        """
        if self._walks_all or self._told < STARTUP:
            return self._random.propose(number)
        # A study remembers its list of trials until it is asked; a fresh one sees what was told.
        study = optuna.load_study(study_name=_STUDY, storage=self._storage, sampler=self._study.sampler)
        for attempt in range(_TRIES):
            sampler = _ChoosySampler(self._sampler_seed(number, attempt), self._serves_coded)
            found = self._decoded(sampler.sample_relative(study, self._trial, self._distributions))
            if self._serves(found):
                return found
        return self._random_untried(number)

    def tell(self, number: int, params: Params, score: float | None) -> None:
        """Take in a result; without a score it counts among the worst, so that TPE keeps away from it."""
        assert number == self._told + 1, f"episode {number} was told after episode {self._told}"
        self._told = number
        self._tried.add(_key(params))
        scored = score is not None and math.isfinite(score)
        trial = create_trial(
            # A pruned trial without a value ranks below every complete one; a failed one would be left
            # out, and TPE might return to the same place.
            state=TrialState.COMPLETE if scored else TrialState.PRUNED,
            value=score if scored else None,
            params={name: code.encode(params[name]) for name, code in self._codes.items()},
            distributions=self._distributions,
        )
        self._study.add_trial(trial)

    def _sampler_seed(self, number: int, attempt: int) -> int:
        source = np.random.SeedSequence(self._seed, spawn_key=(number, attempt))
        return int(source.generate_state(1)[0])

    def _serves(self, params: Params) -> bool:
        return _key(params) not in self._tried and (not self._space.constrained or self._space.allows(params))

    def _serves_coded(self, numbers: dict[str, Any]) -> bool:
        return self._serves(self._decoded(numbers))

    def _decoded(self, numbers: dict[str, Any]) -> Params:
        found = {name: code.decode(numbers[name]) for name, code in self._codes.items()}
        return self._space.complete(self._single | found)

    def _random_untried(self, number: int) -> Params:
        """Go on along the random walk from its own place for `number` to what was not told yet."""
        size = self._random.size
        for ahead in range(size or self._told + 1):
            place = number + ahead if size is None else (number + ahead - 1) % size + 1
            found = self._random.propose(place)
            if _key(found) not in self._tried:
                break
        return found


class _ChoosySampler(TPESampler):
    """TPE that leaves out the candidates that do not serve, before it takes the best of the rest.

    Args:
        seed: From 0 to 2**32 - 1.
        serves: Whether a candidate may be proposed, by its coded values.
    """

    def __init__(self, seed: int, serves: Callable[[dict[str, Any]], bool]) -> None:
        # Trials under way are none of a proposal's business (constant_liar); the start is ours.
        super().__init__(seed=seed, n_startup_trials=0, multivariate=True, constant_liar=False)
        self._serves = serves

    def _compute_acquisition_func(
        self, samples: dict[str, NDArray[np.float64]], mpe_below: Any, mpe_above: Any
    ) -> NDArray[np.float64]:
        # Optuna's own seam for TPE with constraints, if an undocumented one. Should it go, the search
        # stays right and becomes slower: what does not serve is then found out one by one.
        gains: NDArray[np.float64] = super()._compute_acquisition_func(samples, mpe_below, mpe_above)
        for place in np.argsort(-gains, kind="stable"):
            if self._serves({name: column[place] for name, column in samples.items()}):
                break
            gains[place] = -np.inf
        return gains


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from announcing a study; it speaks up again afterwards."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)


def _key(params: Params) -> str:
    return repr(params.values())
