"""The engine and the reference behind one face, so that every table is run by both."""

from collections.abc import Sequence

import numpy as np
from tests.unit.backtest import reference
from tests.unit.backtest.reference import Outcome, Row, Trade
from tests.unit.backtest.reference_terms import simulate_on_terms
from tests.unit.backtest.tables import Case, Simulator

from trad.backtest.engine import BacktestEngine
from trad.backtest.result import BacktestResult
from trad.backtest.terms import Terms
from trad.market.candles import Candles
from trad.strategies.signals import Signals

HOUR = np.timedelta64(1, "h")
START = np.datetime64("2024-01-01T00:00", "ms")


def candles_of(rows: Sequence[Row]) -> Candles:
    """The rows' prices as hourly candles."""
    prices = np.array([row[:4] for row in rows], dtype=np.float64).reshape(-1, 4)
    times = START + HOUR * np.arange(len(rows))
    opened, high, low, close = prices.T
    return Candles(times, opened, high, low, close, np.ones(len(rows)))


def signals_of(rows: Sequence[Row]) -> Signals:
    """The rows' signals."""
    return Signals(
        entry=np.array([row.entry for row in rows], dtype=np.int8),
        exit=np.array([row.exit for row in rows], dtype=np.bool_),
        stop_loss=np.array([row.stop for row in rows], dtype=np.float64),
        take_profit=np.array([row.target for row in rows], dtype=np.float64),
    )


def run_engine(
    rows: Sequence[Row],
    *,
    fee: float = 0.0,
    slippage: float = 0.0,
    cash: float = 1_000.0,
    share: float = 1.0,
    terms: Terms | None = None,
) -> BacktestResult:
    """The engine's own result for the rows."""
    engine = BacktestEngine(fee=fee, slippage=slippage, initial_cash=cash, terms=terms)
    return engine.simulate(candles_of(rows), signals_of(rows), position_size_pct=share)


def outcome_of(result: BacktestResult) -> Outcome:
    """The engine's result in the reference's form."""
    records = result.trades[list(Trade._fields)].to_dict("records")
    trades = [Trade(**{str(name): value for name, value in record.items()}) for record in records]
    exposure = result.metrics.exposure or 0.0
    return Outcome(trades, result.equity.tolist(), result.ruined, round(exposure * len(result.equity)), [])


def by_engine(case: Case) -> Outcome:
    """What the engine makes of a case."""
    result = run_engine(
        case.rows, fee=case.fee, slippage=case.slippage, cash=case.cash, share=case.share, terms=case.terms
    )
    return outcome_of(result)


def by_reference(case: Case) -> Outcome:
    """What the reference makes of a case."""
    if case.terms == Terms():
        return reference.simulate(
            case.rows, fee=case.fee, slippage=case.slippage, cash=case.cash, share=case.share
        )
    return simulate_on_terms(
        case.rows, case.terms, fee=case.fee, slippage=case.slippage, cash=case.cash, share=case.share
    )


SIMULATORS: dict[str, Simulator] = {"engine": by_engine, "reference": by_reference}
