"""The same strategies on the same real candles in Trad and its peers: alike, but for listed differences."""

from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.peers.differences import PRECISION, Comparison, Situation, compare
from tests.peers.programs import Told, Trade, ask, write
from tests.peers.rules import BACKTESTING, VECTORBT

from trad.backtest.engine import BacktestEngine
from trad.backtest.result import BacktestResult
from trad.market.candles import Candles
from trad.market.files import read_candles
from trad.progress import StageReporter
from trad.strategies.generation import generate
from trad.strategies.liquidity_sweep import LiquiditySweep
from trad.strategies.rsi_reversion import RsiReversion
from trad.strategies.signals import Signals
from trad.strategies.sma_cross import SmaCross
from trad.strategies.strategy import Strategy

SHARE = 0.1
CASH = 1e6
STRATEGIES: dict[str, Strategy] = {
    "sma_cross": SmaCross(fast=10, slow=30),
    "rsi_reversion": RsiReversion(),
    "liquidity_sweep": LiquiditySweep(),
}
COSTS = {"fee": (0.001, 0.0), "fee and slippage": (0.0005, 0.0002)}

pytestmark = [pytest.mark.peers, pytest.mark.slow]


@pytest.fixture(scope="module", params=["eurusd-1h", "btcusdt-1h", "msft-1d"])
def candles(request: pytest.FixtureRequest, shared_data: Path) -> Candles:
    return read_candles(shared_data / f"{request.param}.parquet")


@pytest.fixture(scope="module")
def prices(candles: Candles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(candles, tmp_path_factory.mktemp("candles") / "candles.npz")


@pytest.mark.parametrize("costs", COSTS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_backtesting_py(strategy: str, costs: str, candles: Candles, prices: Path) -> None:
    fee, slippage = COSTS[costs]
    job = _job(strategy, fee=fee, slippage=slippage, share=SHARE)
    told = ask("backtesting", prices, job)
    result, compared = _compared(candles, strategy, told, BACKTESTING, fee, slippage)
    _show("backtesting.py", strategy, costs, candles, compared)
    assert not compared.unexplained, compared.unexplained[:5]
    if not compared.counts.keys() - {"same", "left open"}:
        assert told.growth == pytest.approx(_growth(result), rel=PRECISION)


@pytest.mark.parametrize(("costs", "engine"), [("fee", "numba"), ("fee and slippage", "rust")])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_vectorbt(
    strategy: str,
    costs: str,
    engine: str,
    candles: Candles,
    prices: Path,
) -> None:
    fee, slippage = COSTS[costs]
    told = ask("vectorbt", prices, _job(strategy, fee=fee, slippage=slippage, engine=engine))
    result, compared = _compared(candles, strategy, told, VECTORBT, fee, slippage)
    _show(f"vectorbt ({engine})", strategy, costs, candles, compared)
    assert not compared.unexplained, compared.unexplained[:5]
    if not compared.counts.keys() - {"same", "left open"}:
        ended = result.trades["exit_reason"] == "end_of_data"
        closed = result.trades["return_pct"].to_numpy(np.float64)[~ended]
        gains = [trade.gain for trade in told.trades if trade.exit is not None]
        assert _compounded(gains) == pytest.approx(_compounded(closed), rel=PRECISION)
        # Units are one each there; what they would have come to is what the equity here came to.
        all_gains = result.trades["return_pct"].to_numpy(np.float64)
        assert _compounded(all_gains) == pytest.approx(float(result.equity[-1]) / CASH, rel=PRECISION)


def _show(peer: str, strategy: str, costs: str, candles: Candles, compared: Comparison) -> None:
    """Print a row of the table in docs/fill-rules.md; `make peers` shows it."""
    counts = "; ".join(f"{name} {count:,}" for name, count in compared.counts.most_common())
    print(f"\n| {peer} | {candles.name} | {strategy} | {costs} | {counts} |")


def _job(strategy: str, **settings: Any) -> dict[str, Any]:
    return {"strategy": strategy, "params": STRATEGIES[strategy].params, **settings}


def _compared(
    candles: Candles, strategy: str, told: Told, rules: dict[str, Any], fee: float, slippage: float
) -> tuple[BacktestResult, Comparison]:
    signals = generate(STRATEGIES[strategy], candles, StageReporter(len(candles)))
    _same_signals(signals, told)
    engine = BacktestEngine(fee=fee, slippage=slippage, initial_cash=CASH)
    result = engine.simulate(candles, signals, SHARE)
    ours = [
        Trade(
            entry=row["entry_index"],
            exit=row["exit_index"],
            side=1 if row["side"] == "long" else -1,
            entry_price=row["entry_price"],
            exit_price=row["exit_price"],
            gain=row["return_pct"],
            reason=row["exit_reason"],
        )
        for row in result.trades.to_dict("records")
    ]
    assert not told.refused
    assert len(ours) > 20, "too few trades to compare anything"
    levels = dict(zip(told.at, zip(told.stop, told.target, strict=True), strict=True))
    sides = dict(zip(told.at, told.entry, strict=True))
    situation = Situation(candles=candles, sides=sides, levels=levels, slippage=slippage)
    return result, compare(ours, told.trades, rules, situation)


def _same_signals(signals: Signals, told: Told) -> None:
    """The peer computed the signals by itself, from the candles."""
    at = np.flatnonzero(signals.entry)
    assert at.tolist() == told.at
    assert signals.entry[at].tolist() == told.entry
    for mine, other in ((signals.stop_loss, told.stop), (signals.take_profit, told.target)):
        expected = np.zeros(len(at)) if mine is None else mine[at]
        np.testing.assert_allclose(np.array(other), expected, rtol=PRECISION)


def _compounded(gains: Iterable[float]) -> float:
    """What an account grows to that puts `SHARE` of itself into each trade."""
    return prod(1 + SHARE * gain for gain in gains)


def _growth(result: BacktestResult) -> float:
    """The last equity over the first, without the fee of what closes with the data."""
    last = result.trades.iloc[-1]
    fee = 0.0
    if last.exit_reason == "end_of_data":
        rate = float(last.fees) / (float(last["size"]) * (float(last.entry_price) + float(last.exit_price)))
        fee = rate * float(last["size"]) * float(last.exit_price)
    return (float(result.equity[-1]) + fee) / CASH
