"""The engine: a strategy over candles, in two stages, with progress in both."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from trad.backtest.costs import Costs
from trad.backtest.metrics import Metrics
from trad.backtest.result import BacktestResult
from trad.backtest.simulation import Simulation
from trad.backtest.terms import Terms
from trad.errors import InputError
from trad.market.candles import Candles
from trad.progress import BacktestProgress, CallbackProgress, StageReporter, Unwatched
from trad.strategies.generation import check_signals, generate
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd


class BacktestEngine:
    """Runs strategies over candles by the fill rules of `docs/fill-rules.md`.

    Args:
        fee: Fraction of the notional, paid on entry and on exit.
        slippage: Fraction of the price by which fills at the open and at a stop are worse.
        initial_cash: Money at the start.
        terms: Funding, leverage, trailing stops and whatever else `Terms` knows.

    Raises:
        InputError: A value is outside its range.
    """

    def __init__(
        self,
        *,
        fee: float = 0.001,
        slippage: float = 0.0005,
        initial_cash: float = 10_000.0,
        terms: Terms | None = None,
    ) -> None:
        self.costs = Costs(
            fee=fee, slippage=slippage, initial_cash=initial_cash, terms=Terms() if terms is None else terms
        )

    def run_backtest(
        self,
        data: "Candles | pd.DataFrame",
        strategy_instance: Strategy,
        position_size_pct: float = 1.0,
        progress_callback: Callable[[int, int, str], None] | None = None,
    ) -> BacktestResult:
        """Run `strategy_instance` over `data` and keep its trades; its equity can be had.

        Args:
            data: Candles, or a frame that `Candles.from_frame` reads.
            strategy_instance: A strategy with its parameters.
            position_size_pct: Fraction of the equity that an entry invests.
            progress_callback: Called as `callback(current, total, stage)` in this thread, at most 100
                times a stage, and at each stage's end with `current == total`.

        Raises:
            InputError: The data or the position size is not usable.
            StrategyError: The strategy raised, or returned signals that break their contract.
        """
        candles = data if isinstance(data, Candles) else Candles.from_frame(data)
        progress = Unwatched() if progress_callback is None else CallbackProgress(progress_callback)
        began = perf_counter()
        simulation = run_stages(
            candles, strategy_instance, self._sized(position_size_pct), progress, trades=True
        )
        return _result(simulation, strategy_instance, perf_counter() - began)

    def simulate(self, candles: Candles, signals: Signals, position_size_pct: float = 1.0) -> BacktestResult:
        """Run the trade simulation alone, on signals made elsewhere.

        Raises:
            SignalsError: The signals break their contract.
        """
        began = perf_counter()
        checked = check_signals(signals, candles, "the caller")
        # The caller may write to the signals later: what depends on them is computed at once.
        sized = self._sized(position_size_pct)
        simulation = Simulation(candles, checked, sized, trades=True, equity=True)
        simulation.run(StageReporter(len(candles)))
        return _result(simulation, None, perf_counter() - began)

    def _sized(self, position_size: float) -> Costs:
        return replace(self.costs, position_size=position_size)


def run_stages(
    candles: Candles, strategy: Strategy, costs: Costs, progress: BacktestProgress, *, trades: bool = False
) -> Simulation:
    """Generate signals, then simulate them; each stage has as many candles as the data.

    Raises:
        InputError: There are no candles.
        StrategyError: The strategy raised, or returned signals that break their contract.
        Stopped: The run was asked to stop.
    """
    if not len(candles):
        raise InputError("the data holds no candles; a backtest needs one or more")
    signals = generate(strategy, candles, progress.start_stage("signal_generation", len(candles)))
    simulation = Simulation(candles, signals, costs, trades=trades)
    simulation.run(progress.start_stage("trade_simulation", len(candles)))
    return simulation


def evaluate_metrics(
    candles: Candles, strategy: Strategy, costs: Costs, progress: BacktestProgress
) -> Metrics:
    """Run a backtest for its metrics alone: neither trades nor equity are kept."""
    return run_stages(candles, strategy, costs, progress).metrics()


def backtest(
    candles: "Candles | pd.DataFrame",
    strategy: Strategy,
    *,
    fee: float = 0.001,
    slippage: float = 0.0005,
    position_size: float = 1.0,
    initial_cash: float = 10_000.0,
    terms: Terms | None = None,
    progress_callback: Callable[[int, int, str], None] | None = None,
) -> BacktestResult:
    """Run one strategy over candles: metrics, trades and equity.

    Args:
        candles: Candles, or a frame that `Candles.from_frame` reads.
        strategy: A strategy with its parameters, such as `Breakout(lookback=50)`.
        fee, slippage, position_size, initial_cash: See `trad.backtest.costs.Costs`.
        terms: Funding, leverage, trailing stops and whatever else `trad.Terms` knows.
        progress_callback: See `BacktestEngine.run_backtest`.

    Raises:
        InputError: Data or costs are not usable.
        StrategyError: The strategy raised, or returned signals that break their contract.
    """
    engine = BacktestEngine(fee=fee, slippage=slippage, initial_cash=initial_cash, terms=terms)
    return engine.run_backtest(candles, strategy, position_size, progress_callback)


def _result(simulation: Simulation, strategy: Strategy | None, elapsed: float) -> BacktestResult:
    return BacktestResult(
        params={} if strategy is None else strategy.params,
        metrics=simulation.metrics(),
        ruined=simulation.ended,
        elapsed_seconds=elapsed,
        candles=simulation.candles,
        log=simulation.trades(),
        simulation=simulation,
    )
