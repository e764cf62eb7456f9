"""Evaluating one episode: a configuration's backtest, from plain data to plain data."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from trad.backtest.costs import Costs
from trad.backtest.engine import evaluate_metrics
from trad.backtest.terms import Terms
from trad.errors import Stopped, StrategyError, TradError
from trad.market.cache import open_cached
from trad.market.candles import Candles
from trad.progress import STAGES
from trad.strategies.faults import described, files_of
from trad.strategies.parameters import Params
from trad.strategies.strategy import Strategy
from trad.training.board import BoardSlot
from trad.training.episode import Ending, EpisodeOutcome, EpisodePlan, EpisodeSpec
from trad.training.objective import score
from trad.training.strategy_code import load_unchanged


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeSetup:
    """A plan made ready: what it names is loaded."""

    candles: Candles
    strategy: type[Strategy]
    costs: Costs
    objective: str

    @classmethod
    def load(cls, plan: EpisodePlan, strategy: type[Strategy] | None = None) -> Self:
        """Map the candles and load the strategy, or take the class that is at hand.

        Raises:
            InputError: What the plan names is not there, or the strategy's code is not the job's any more.
        """
        if strategy is None:
            folder = None if plan.strategies_folder is None else Path(plan.strategies_folder)
            strategy = load_unchanged(plan.strategy, plan.strategy_code, folder)
        return cls(
            candles=open_cached(Path(plan.cache_folder), plan.data_hash),
            strategy=strategy,
            costs=Costs(
                fee=plan.fee,
                slippage=plan.slippage,
                position_size=plan.position_size,
                initial_cash=plan.initial_cash,
                terms=Terms.from_json(plan.terms),
            ),
            objective=plan.objective,
        )


def evaluate(episode: EpisodeSpec, setup: EpisodeSetup, slot: BoardSlot, worker: str) -> EpisodeOutcome:
    """Run one episode's backtest, reporting to `slot`; never raise for what the strategy did.

    KeyboardInterrupt passes through.
    """
    started = time.time()
    total = len(setup.candles)
    slot.begin(episode.number, episode.tries, total)
    ending: Ending = "failed"
    error: str | None = None
    try:
        strategy = _made(setup.strategy, episode.params)
        metrics = evaluate_metrics(setup.candles, strategy, setup.costs, slot)
    except Stopped:
        ending, error = _stopped(slot)
    except MemoryError:
        error = "it ran out of memory; give more with --episode-memory, or keep less per candle"
    except TradError as problem:
        error = str(problem)
    else:
        slot.clear()
        return EpisodeOutcome(
            number=episode.number,
            ending="completed",
            score=score(metrics, setup.objective),
            metrics=metrics.as_json(),
            stage=STAGES[-1],
            candles=total,
            worker=worker,
            started_at=started,
            finished_at=time.time(),
        )
    stage, candles = slot.position()
    slot.clear()
    return EpisodeOutcome(
        number=episode.number,
        ending=ending,
        error=error,
        stage=stage,
        candles=candles,
        worker=worker,
        started_at=started,
        finished_at=time.time(),
    )


def _stopped(slot: BoardSlot) -> tuple[Ending, str | None]:
    """Tell a stop that was asked for from one that the strategy made up, which would never end the job."""
    if slot.stop_asked:
        return "stopped", None
    return "failed", "the strategy raised Stopped, though nobody asked it to stop; raise something else"


def _made(strategy: type[Strategy], params: Params) -> Strategy:
    """Make the strategy; what its own constructor raises is the strategy's failure."""
    try:
        return strategy(**params)
    except (TradError, MemoryError):
        raise
    except (Exception, SystemExit) as error:  # the edge to the user's code: the job goes on
        raise StrategyError(described(error, files_of(strategy, Strategy))) from error
