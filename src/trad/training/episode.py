"""Episodes as plain data: what is to be run, and how it ended."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from trad.progress import Stage
from trad.strategies.parameters import Params
from trad.training.job import JobSpec, Metrics

Ending = Literal["completed", "failed", "stopped", "died"]
"""`died`: its process ended under it, by no doing of the strategy's that could be named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeSpec:
    """One configuration to evaluate. `tries` counts the runs that died before this one."""

    number: int
    params: Params
    tries: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodePlan:
    """What all episodes of a job have in common, as plain data that any process can act on."""

    strategy: str
    strategy_code: str
    strategies_folder: str | None
    cache_folder: str
    data_hash: str
    objective: str
    fee: float
    slippage: float
    position_size: float
    initial_cash: float
    memory: int | None = None
    terms: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, spec: JobSpec, *, cache: Path, strategies: Path | None) -> Self:
        """Take from a job's spec what its episodes need."""
        return cls(
            strategy=spec.strategy,
            strategy_code=spec.strategy_code,
            strategies_folder=None if strategies is None else str(strategies),
            cache_folder=str(cache),
            data_hash=spec.data_hash,
            objective=spec.objective,
            fee=spec.fee,
            slippage=spec.slippage,
            position_size=spec.position_size,
            initial_cash=spec.initial_cash,
            memory=spec.episode_memory,
            terms=spec.terms,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeOutcome:
    """How an episode's run ended. Times are seconds since 1970; `stage` and `candles` say where."""

    number: int
    ending: Ending
    score: float | None = None
    metrics: Metrics | None = None
    error: str | None = None
    stage: Stage | None = None
    candles: int = 0
    worker: str = ""
    started_at: float = 0.0
    finished_at: float = 0.0
