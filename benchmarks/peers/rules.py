"""The strategies' rules once more for other programs, over whole arrays; needs NumPy alone.

Each function returns entries (+1, -1, 0), stops and targets (0 for none), as long as the candles.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

TIE = 1e-12
"""Averages that differ by no more than this fraction of the close are equal, as `SmaCross` has it."""

SWEEP = {
    "key_level_lookback": 50,
    "sweep_atr": 0.1,
    "min_wick": 0.5,
    "stop_atr": 0.5,
    "reward_risk": 2.0,
    "volume_ratio": 0.0,
    "atr_period": 14,
}
"""The parameters that `LiquiditySweep` has by itself."""


def signals(strategy, candles, params):
    """Entries, stops and targets of a strategy by its name; `candles` are columns by name."""
    return {"sma_cross": sma_cross, "rsi_reversion": rsi_reversion, "liquidity_sweep": liquidity_sweep}[
        strategy
    ](candles, **params)


def rolling_mean(values, n):
    """The mean of the last `n` values; NaN before there are so many."""
    means = np.full(len(values), np.nan)
    means[n - 1 :] = sliding_window_view(values, n).mean(axis=1)
    return means


def sma_cross(candles, *, fast, slow):
    close = candles["close"]
    gap = rolling_mean(close, fast) - rolling_mean(close, slow)
    side = np.where(np.isnan(gap) | (np.abs(gap) <= TIE * close), 0, np.sign(gap)).astype(np.int8)
    told = np.flatnonzero(side)
    changed = told[1:][side[told[1:]] != side[told[:-1]]]
    entry = np.zeros(len(close), np.int8)
    entry[changed] = side[changed]
    return entry, np.zeros(len(close)), np.zeros(len(close))


def rsi_reversion(candles, *, period, oversold, overbought):
    close = candles["close"]
    strength = np.full(len(close), np.nan)
    gain = loss = 0.0
    for i, change in enumerate(np.diff(close).tolist(), 1):
        up, down = max(change, 0.0), max(-change, 0.0)
        if i <= period:
            gain, loss = gain + up / period, loss + down / period
        else:
            gain = (gain * (period - 1) + up) / period
            loss = (loss * (period - 1) + down) / period
        if i >= period:
            strength[i] = 100 * gain / (gain + loss) if gain + loss else 0.0
    entry = np.zeros(len(close), np.int8)
    before, now = strength[:-1], strength[1:]
    entry[1:][(before < oversold) & (now >= oversold)] = 1
    entry[1:][(before > overbought) & (now <= overbought)] = -1
    return entry, np.zeros(len(close)), np.zeros(len(close))


def liquidity_sweep(
    candles, *, key_level_lookback, sweep_atr, min_wick, stop_atr, reward_risk, volume_ratio, atr_period
):
    assert not volume_ratio, "the volume rule is not among those compared"
    open_, high, low, close = (candles[name] for name in ("open", "high", "low", "close"))
    n = len(close)
    support, resistance = np.full(n, np.nan), np.full(n, np.nan)
    support[key_level_lookback:] = sliding_window_view(low[:-1], key_level_lookback).min(axis=1)
    resistance[key_level_lookback:] = sliding_window_view(high[:-1], key_level_lookback).max(axis=1)
    reach = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    atr = np.full(n, np.nan)
    atr[1:] = rolling_mean(reach, atr_period)
    wick = min_wick * (high - low)
    buy = (low < support) & (close > support) & (support - low >= sweep_atr * atr)
    buy &= np.minimum(open_, close) - low >= wick
    sell = (high > resistance) & (close < resistance) & (high - resistance >= sweep_atr * atr)
    sell &= high - np.maximum(open_, close) >= wick
    entry = (buy & ~sell).astype(np.int8) - (sell & ~buy).astype(np.int8)
    stop = np.where(entry > 0, low - stop_atr * atr, high + stop_atr * atr)
    target = close + reward_risk * (close - stop)
    stop, target = (np.where((entry != 0) & (price > 0), price, 0.0) for price in (stop, target))
    return entry, stop, target
