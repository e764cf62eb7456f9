"""One trade simulation, from its first candle to its metrics, in one call or in pieces."""

import numpy as np

from trad.backtest.costs import Costs
from trad.backtest.metrics import Metrics, measure
from trad.backtest.simulation_nb import simulate_nb
from trad.backtest.state_nb import BLOCK, ENDED, LAST_EQUITY, NEEDS_ROOM, T_ENTRY, TRADES, new_state
from trad.backtest.trades import TradeLog
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.arrays import Flags, Floats
from trad.strategies.signals import Signals
from trad.strategies.stepping import report_interval, run_kernel

_NO_FLOATS = np.zeros(0)
_NO_FLAGS: Flags = np.zeros(0, np.bool_)


class Simulation:
    """A run over candles that may stop after any candle and go on: the result is the same to the last bit.

    Args:
        candles: What is traded on.
        signals: Checked signals of the same length.
        costs: Fees, slippage, size and cash.
        keep: Whether to keep trades and equity; metrics do not need them.
    """

    def __init__(self, candles: Candles, signals: Signals, costs: Costs, *, keep: bool) -> None:
        self.candles = candles
        self.costs = costs
        self.reached = 0
        self._signals = signals
        self._rates = np.array([costs.fee, costs.slippage, costs.position_size])
        self._money, self._count, self._lanes = new_state(costs.initial_cash)
        self.equity: Floats = np.empty(len(candles)) if keep else _NO_FLOATS
        # An entry signal begins one trade at most.
        self._log = TradeLog(1 + int(np.count_nonzero(signals.entry)) if keep else 0)

    def run(self, progress: StageReporter) -> None:
        """Simulate every candle left, reporting as it goes.

        Raises:
            Stopped: The stage was asked to stop.
        """
        n = len(self.candles)
        interval = min(report_interval(n), BLOCK)

        def call(_: int, stop: int) -> int:
            self.advance(stop, progress, interval)
            return self.reached

        run_kernel(progress, n, call)

    def advance(self, stop: int, progress: StageReporter, interval: int = BLOCK) -> None:
        """Simulate up to candle `stop`, or to where the stop flag was seen."""
        candles, signals = self.candles, self._signals
        while self.reached < stop and not self.ended:
            self.reached = simulate_nb(
                candles.open,
                candles.high,
                candles.low,
                candles.close,
                signals.entry,
                _NO_FLAGS if signals.exit is None else signals.exit,
                _NO_FLOATS if signals.stop_loss is None else signals.stop_loss,
                _NO_FLOATS if signals.take_profit is None else signals.take_profit,
                self._rates,
                self._money,
                self._count,
                self._lanes,
                self._log.indices,
                self._log.prices,
                self.equity,
                progress.cell,
                interval,
                self.reached,
                stop,
            )
            if not self._count[NEEDS_ROOM]:
                break
            self._log.grow()
            self._count[NEEDS_ROOM] = 0
        if self.ended:
            self.equity[self.reached :] = self._money[LAST_EQUITY]
            self.reached = len(candles)

    @property
    def ended(self) -> bool:
        """Whether the account was ruined."""
        return bool(self._count[ENDED])

    def metrics(self) -> Metrics:
        """Compute the metrics of a run that reached its end."""
        return measure(
            self._money,
            self._count,
            self._lanes,
            n=len(self.candles),
            initial_cash=self.costs.initial_cash,
            bars_per_year=self.candles.bars_per_year,
        )

    def trades(self) -> TradeLog:
        """Return the trades kept, cut to their number."""
        log = self._log.cut(int(self._count[TRADES]))
        # An entry stands at the candle after its signal.
        signalled = log.indices[:, T_ENTRY] - 1
        for place, prices in enumerate((self._signals.stop_loss, self._signals.take_profit)):
            if prices is not None:
                log.levels[:, place] = prices[signalled]
        return log
