"""The metrics against empyrical-reloaded's on the same returns."""

import math
from pathlib import Path

import empyrical
import numpy as np
import pandas as pd
import pytest

from trad.backtest.engine import BacktestEngine
from trad.backtest.result import BacktestResult
from trad.market.candles import Candles
from trad.strategies.signals import Signals

CASH = 10_000.0


def random_walk(seed: int, n: int = 3_000) -> Candles:
    """Hourly candles of a seeded random walk."""
    generator = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(generator.normal(0, 0.01, n)))
    opened = close * np.exp(generator.normal(0, 0.002, n))
    high = np.maximum(opened, close) * (1 + generator.exponential(0.003, n))
    low = np.minimum(opened, close) * (1 - generator.exponential(0.003, n))
    times = np.datetime64("2024-01-01", "ms") + np.arange(n) * np.timedelta64(1, "h")
    return Candles(times, opened, high, low, close, np.ones(n))


def momentum(candles: Candles, lookback: int = 20) -> Signals:
    """Follow the last `lookback` candles, with a stop 5 % and a target 10 % away."""
    close = candles.close
    n = len(close)
    entry = np.zeros(n, np.int8)
    entry[lookback:] = np.sign(close[lookback:] - close[:-lookback]).astype(np.int8)
    return Signals(
        entry=entry,
        exit=np.arange(n) % 97 == 0,
        stop_loss=close * (1 - 0.05 * entry),
        take_profit=close * (1 + 0.10 * entry),
    )


def assert_as_empyrical(candles: Candles, result: BacktestResult) -> None:
    metrics, year = result.metrics, candles.bars_per_year
    assert year is not None
    returns = result.equity / np.concatenate([[CASH], result.equity[:-1]]) - 1
    expected = {
        "sharpe": empyrical.sharpe_ratio(returns, annualization=year),
        "sortino": empyrical.sortino_ratio(returns, annualization=year),
        "max_drawdown": empyrical.max_drawdown(returns),
        "cagr": empyrical.cagr(returns, annualization=year),
        "calmar": empyrical.calmar_ratio(returns, annualization=year),
        "total_return": empyrical.cum_returns_final(returns),
    }
    for name, value in expected.items():
        assert math.isfinite(value), name
        assert getattr(metrics, name) == pytest.approx(value, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("fee", "size"), [(0.0, 1.0), (0.001, 0.5), (0.0002, 0.1)])
def test_random_walks(seed: int, fee: float, size: float) -> None:
    candles = random_walk(seed)
    engine = BacktestEngine(fee=fee, slippage=fee / 2, initial_cash=CASH)
    result = engine.simulate(candles, momentum(candles), position_size_pct=size)
    assert not result.ruined
    assert result.metrics.trades > 50
    assert_as_empyrical(candles, result)


@pytest.mark.parametrize("name", ["msft-1d", "spy-1d", "btcusdt-1d", "btcusdt-1h", "eurusd-1h", "ltcbtc-5m"])
def test_real_candles(name: str, shared_data: Path) -> None:
    frame = pd.read_parquet(shared_data / f"{name}.parquet")
    candles = Candles.from_frame(frame, name=name)
    engine = BacktestEngine(fee=0.0005, slippage=0.0002, initial_cash=CASH)
    result = engine.simulate(candles, momentum(candles), position_size_pct=0.5)
    assert not result.ruined
    assert result.metrics.trades > 50
    assert_as_empyrical(candles, result)


def one_long(closes: list[float]) -> tuple[Candles, BacktestResult]:
    prices = np.array([100.0, *closes])
    opened = np.concatenate([[100.0, 100.0], prices[1:-1]])
    times = np.datetime64("2024-01-01", "ms") + np.arange(len(prices)) * np.timedelta64(1, "D")
    high, low = np.maximum(opened, prices), np.minimum(opened, prices)
    candles = Candles(times, opened, high, low, prices, np.ones(len(prices)))
    signals = Signals(entry=np.eye(1, len(prices), dtype=np.int8)[0])
    return candles, BacktestEngine(fee=0.0, slippage=0.0, initial_cash=CASH).simulate(candles, signals)


@pytest.mark.parametrize("closes", [[100.0, 100.0], [110.0, 121.0], [90.0, 81.0], [110.0, 99.0]])
def test_null_where_empyrical_has_no_number(closes: list[float]) -> None:
    candles, result = one_long(closes)
    year = candles.bars_per_year
    returns = result.equity / np.concatenate([[CASH], result.equity[:-1]]) - 1
    with np.errstate(all="ignore"):
        sharpe = empyrical.sharpe_ratio(returns, annualization=year)
        sortino = empyrical.sortino_ratio(returns, annualization=year)
        calmar = empyrical.calmar_ratio(returns, annualization=year)
    for name, value in (("sharpe", sharpe), ("sortino", sortino), ("calmar", calmar)):
        found = getattr(result.metrics, name)
        if math.isfinite(value):
            assert found == pytest.approx(value, rel=1e-9), name
        else:
            assert found is None, name
