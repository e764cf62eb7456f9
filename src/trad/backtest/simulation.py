"""One trade simulation, from its first candle to its metrics, in one call or in pieces."""

import numpy as np

from trad.backtest.costs import Costs
from trad.backtest.metrics import Metrics, measure
from trad.backtest.simulation_nb import simulate_nb
from trad.backtest.state_nb import BLOCK, ENDED, LAST_EQUITY, T_SIGNAL, TRADES, new_state
from trad.backtest.terms import Terms
from trad.backtest.terms_simulation_nb import simulate_on_terms_nb
from trad.backtest.terms_state_nb import HELD_PLACES
from trad.backtest.trades import TradeLog
from trad.errors import SignalsError
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
        costs: Fees, slippage, size, cash and terms; without terms the quick kernel runs, which knows none.
        trades: Whether to keep the trades; metrics do not need them.
        equity: Whether to keep the equity at each candle's close, in the attribute of that name.
    """

    def __init__(
        self, candles: Candles, signals: Signals, costs: Costs, *, trades: bool = False, equity: bool = False
    ) -> None:
        self.candles = candles
        self.costs = costs
        self.reached = 0
        self._signals = signals
        self._rates = np.array([costs.fee, costs.slippage, costs.position_size])
        self._terms = costs.terms.places(costs.fee)
        self._plain = costs.terms == Terms()
        self._held = np.zeros(HELD_PLACES)
        self._money, self._count, self._lanes = new_state(costs.initial_cash)
        self.equity: Floats = np.empty(len(candles)) if equity else _NO_FLOATS
        # An entry signal begins one trade at most.
        self._log = TradeLog(1 + int(np.count_nonzero(signals.entry)) if trades else 0)

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
        if self.reached < stop and not self.ended:
            self.reached = self._kernel(stop, progress, interval)
        if self.ended:
            self.equity[self.reached :] = self._money[LAST_EQUITY]
            self.reached = len(self.candles)

    def _kernel(self, stop: int, progress: StageReporter, interval: int) -> int:
        candles, signals = self.candles, self._signals
        columns = (
            candles.open,
            candles.high,
            candles.low,
            candles.close,
            signals.entry,
            _NO_FLAGS if signals.exit is None else signals.exit,
            _NO_FLOATS if signals.stop_loss is None else signals.stop_loss,
            _NO_FLOATS if signals.take_profit is None else signals.take_profit,
            self._rates,
        )
        state = (self._money, self._count, self._lanes)
        kept = (self._log.indices, self._log.prices, self.equity)
        cell = progress.cell
        if self._plain:
            return simulate_nb(*columns, *state, *kept, cell, interval, self.reached, stop)
        stamps = candles.timestamp.view(np.int64)
        return simulate_on_terms_nb(
            stamps, *columns, self._terms, *state, self._held, *kept, cell, interval, self.reached, stop
        )

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

    def with_equity(self) -> "Simulation":
        """Return a finished run that kept its equity: this one, or one more over the same signals.

        Raises:
            SignalsError: The signals were changed since, so that the run comes to something else.
        """
        if len(self.equity):
            return self
        again = Simulation(self.candles, self._signals, self.costs, equity=True)
        again.run(StageReporter(len(self.candles)))
        if again._state() != self._state():
            raise SignalsError(
                "the signals were changed after the backtest, so its equity cannot be computed any more; "
                "generate_signals returns arrays that nobody writes to afterwards, such as copies"
            )
        return again

    def _state(self) -> bytes:
        """What the run came to, to the last bit."""
        return b"".join(array.tobytes() for array in (self._money, self._count, self._lanes, self._held))

    @property
    def nbytes(self) -> int:
        """How many bytes the signals, the trades and the equity hold."""
        signals = sum(column.nbytes for column in self._signals.columns().values())
        return signals + self._log.nbytes + self.equity.nbytes

    def trades(self) -> TradeLog:
        """Return the trades kept, cut to their number."""
        log = self._log.cut(int(self._count[TRADES]))
        signalled = log.indices[T_SIGNAL]
        for place, prices in enumerate((self._signals.stop_loss, self._signals.take_profit)):
            if prices is not None:
                log.levels[:, place] = prices[signalled]
        return log
