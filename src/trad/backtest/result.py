"""What a backtest returns to those who look at it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trad.backtest.metrics import Metrics
from trad.backtest.simulation import Simulation
from trad.backtest.trades import TradeLog
from trad.market.candles import Candles
from trad.strategies.arrays import Floats
from trad.strategies.parameters import Params

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class BacktestResult:
    """A finished backtest.

    Attributes:
        params: The strategy's parameters.
        metrics: What it came to.
        ruined: Whether the equity fell to zero and ended the run.
        elapsed_seconds: Signal generation and simulation.
        candles: What it ran over.
    """

    params: Params
    metrics: Metrics
    ruined: bool
    elapsed_seconds: float
    candles: Candles = field(repr=False)
    log: TradeLog = field(repr=False)
    simulation: Simulation = field(repr=False)

    @cached_property
    def equity(self) -> Floats:
        """Cash + position value at each close: float64, shape (n_candles,), read-only.

        Computed on first use, by one more run over the same signals: it takes as much memory as a column
        of the candles, and most who run a backtest look at metrics and trades.

        Raises:
            SignalsError: The strategy wrote to its signals after the backtest.
        """
        equity = self.simulation.with_equity().equity
        equity.flags.writeable = False
        return equity

    @cached_property
    def trades(self) -> "pd.DataFrame":
        """One row per closed trade, in the order of exits: `trad.backtest.trades.COLUMNS`.

        `size` is in units; `pnl` and `fees` are money, pnl after fees; `return_pct` is pnl / notional at
        entry, a fraction.
        """
        return self.log.frame(self.candles)

    def as_json(self) -> dict[str, Any]:
        """Return the document that `trad backtest --json` prints."""
        return {
            "params": self.params,
            "metrics": self.metrics.as_json(),
            "trades": self.log.rows(self.candles),
            "candles": len(self.candles),
            "elapsed_seconds": round(self.elapsed_seconds, 6),
        }
