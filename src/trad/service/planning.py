"""From what a user asks to a job's spec: everything is found, checked and identified before a job exists."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trad.backtest.costs import Costs
from trad.backtest.terms import Terms
from trad.errors import InputError
from trad.market.cache import store
from trad.market.candles import Candles
from trad.market.library import find_candles, resolve_reference
from trad.optimizers.optimizer import Optimizer, make_optimizer, planned_episodes
from trad.settings import Settings
from trad.strategies.loading import StrategyReference, identify, load_strategy
from trad.strategies.space import ParameterSpace
from trad.strategies.strategy import Strategy
from trad.training.job import DEFAULT_WINDOW, JobSpec
from trad.training.objective import checked_objective

NO_FILE = "class:"
"""Begins the reference of a strategy that lives in no file: nothing but its own process can load it."""

MOST_EPISODES = 10_000_000


@dataclass(frozen=True, kw_only=True)
class TrainRequest:
    """What a user asks of a training job, as it was given.

    Attributes:
        strategy: A reference as `trad train` takes it, or the class itself.
        data: A reference as `trad train` takes it, or the candles themselves.
        params: The search space where it differs from the declared one: texts as `--param` takes them,
            or a mapping as `ParameterSpace.of` takes it.
        episodes: How many; None: the optimizer's own number.
        episode_memory: Megabytes that an episode may add to its worker.
        episode_timeout: Seconds.
    """

    strategy: str | type[Strategy]
    data: str | Candles
    optimizer: str = "bayesian"
    objective: str = "sharpe"
    episodes: int | None = None
    seed: int = 0
    params: Sequence[str] | Mapping[str, object] = field(default_factory=tuple)
    fee: float = 0.001
    slippage: float = 0.0005
    position_size: float = 1.0
    initial_cash: float = 10_000.0
    terms: Terms = field(default_factory=Terms)
    window: int = DEFAULT_WINDOW
    episode_timeout: float | None = None
    episode_memory: float | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedJob:
    """A request that was found to make sense."""

    spec: JobSpec
    strategy: type[Strategy]
    optimizer: Optimizer
    candles: Candles


def plan_job(request: TrainRequest, settings: Settings) -> PlannedJob:
    """Find the data and the strategy, check every value, and put the candles where workers map them.

    Raises:
        InputError: Something asked for does not exist, or breaks a rule.
    """
    objective = checked_objective(request.objective)
    costs = Costs(
        fee=request.fee,
        slippage=request.slippage,
        position_size=request.position_size,
        initial_cash=request.initial_cash,
        terms=request.terms,
    )
    _check_limits(request)
    strategy, reference = _strategy(request.strategy, settings)
    space = _space(strategy, request.params)
    optimizer = make_optimizer(
        request.optimizer, space, seed=request.seed, episodes=request.episodes, window=request.window
    )
    candles, data = _data(request.data, settings)
    store(candles, settings.cache)
    memory = request.episode_memory
    spec = JobSpec(
        strategy=reference.reference,
        strategy_code=reference.code_hash,
        data=data,
        data_hash=candles.content_hash,
        candles=len(candles),
        optimizer=request.optimizer,
        objective=objective,
        episodes=planned_episodes(optimizer, request.episodes),
        seed=request.seed,
        space=space.as_json(),
        window=request.window,
        fee=costs.fee,
        slippage=costs.slippage,
        position_size=costs.position_size,
        initial_cash=costs.initial_cash,
        episode_timeout=request.episode_timeout,
        episode_memory=None if memory is None else int(memory * 1024 * 1024),
        synthetic=candles.synthetic,
        terms=costs.terms.as_json(),
    )
    return PlannedJob(spec=spec, strategy=strategy, optimizer=optimizer, candles=candles)


def _check_limits(request: TrainRequest) -> None:
    if request.episodes is not None and not 1 <= request.episodes <= MOST_EPISODES:
        raise InputError(f"episodes was {request.episodes}; it is a whole number from 1 to {MOST_EPISODES:,}")
    for name, value, example in (
        ("episode timeout", request.episode_timeout, "30 seconds"),
        ("episode memory", request.episode_memory, "512 megabytes"),
    ):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise InputError(f"{name} was {value}; it is a number above 0, such as {example}")


def _strategy(given: str | type[Strategy], settings: Settings) -> tuple[type[Strategy], StrategyReference]:
    strategy = load_strategy(given, settings.strategies) if isinstance(given, str) else given
    reference = identify(given, settings.strategies)
    if reference is None:
        reference = StrategyReference(reference=f"{NO_FILE}{strategy.__name__}", code_hash="")
    return strategy, reference


def _space(strategy: type[Strategy], params: Sequence[str] | Mapping[str, object]) -> ParameterSpace:
    if isinstance(params, Mapping):
        return ParameterSpace.of(strategy, params)
    return ParameterSpace.parse(strategy, params)


def _data(given: str | Candles, settings: Settings) -> tuple[Candles, str]:
    if isinstance(given, Candles):
        return given, given.name
    return find_candles(given, settings), resolve_reference(given)
