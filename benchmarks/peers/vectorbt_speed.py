"""How fast vectorbt is; run in its own environment.

Usage: vectorbt_speed.py CANDLES.npz A|B ENGINE, or CANDLES.npz C ENGINE CONFIGURATIONS SEED.
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
import vectorbt as vbt
from rules import SWEEP, signals

FEE, CASH = 0.001, 1e9
COLUMNS = 20
"""Configurations a call: the best of what was tried (1, 20, 200)."""


def crosses(data):
    quick, calm = vbt.MA.run(data.close, 10), vbt.MA.run(data.close, 30)
    return reversing(data, quick.ma_crossed_above(calm), quick.ma_crossed_below(calm))


def reversing(data, up, down):
    return vbt.Portfolio.from_signals(
        data.close,
        entries=up,
        short_entries=down,
        price=data.open.shift(-1),
        size=1,
        fees=FEE,
        init_cash=CASH,
        upon_opposite_entry="reverse",
    )


def sweeps(data):
    candles = {name: data[name].to_numpy() for name in ("open", "high", "low", "close")}
    entry, stop, target = (
        np.concatenate(([0], column[:-1])) for column in signals("liquidity_sweep", candles, SWEEP)
    )
    with np.errstate(invalid="ignore"):
        below = entry * (candles["open"] - stop) / candles["open"]
        above = entry * (target - candles["open"]) / candles["open"]
    return vbt.Portfolio.from_signals(
        data.close,
        entries=pd.Series(entry > 0, index=data.index),
        short_entries=pd.Series(entry < 0, index=data.index),
        price=data.open,
        open=data.open,
        high=data.high,
        low=data.low,
        size=1,
        fees=FEE,
        init_cash=CASH,
        sl_stop=np.where((entry != 0) & (stop > 0) & (below > 0), below, np.nan),
        tp_stop=np.where((entry != 0) & (target > 0) & (above > 0), above, np.nan),
        stop_entry_price="price",
        upon_opposite_entry="reverse",
    )


def many(data, fast, slow):
    quick = vbt.MA.run(data.close, fast, per_column=False).ma
    calm = vbt.MA.run(data.close, slow, per_column=False).ma.to_numpy()
    up, down = quick.vbt.crossed_above(calm).to_numpy(), quick.vbt.crossed_below(calm).to_numpy()
    return reversing(data, pd.DataFrame(up, index=data.index), pd.DataFrame(down, index=data.index))


def read(folio):
    """Trades and three metrics, as everybody looks at."""
    count = len(folio.trades.records)
    folio.total_return(), folio.sharpe_ratio(), folio.max_drawdown()
    return count


def times(candles, n=None):
    return pd.date_range("2000-01-01", periods=len(candles["open"][:n]), freq="min")


def frame(candles, index):
    columns = {name: candles[name][: len(index)] for name in ("open", "high", "low", "close")}
    return pd.DataFrame(columns, index=index, copy=False)


def main():
    warnings.filterwarnings("ignore")
    with np.load(sys.argv[1]) as file:
        candles = dict(file)
    work = sys.argv[2]
    vbt.settings["engine"] = sys.argv[3]
    vbt.settings.array_wrapper["freq"] = "1min"
    if work == "C":
        configurations, random = int(sys.argv[4]), np.random.default_rng(int(sys.argv[5]))
        fast, slow = random.integers(5, 51, configurations), random.integers(60, 201, configurations)
        many(frame(candles, times(candles, 2_000)), fast[:2].tolist(), slow[:2].tolist()).total_return()
        data = frame(candles, times(candles))
        began = time.perf_counter()
        for k in range(0, configurations, COLUMNS):
            # One figure for each is less than the other programs compute: this favours vectorbt.
            many(data, fast[k : k + COLUMNS].tolist(), slow[k : k + COLUMNS].tolist()).total_return()
        print(json.dumps({"seconds": time.perf_counter() - began, "episodes": configurations}))
        return
    run = {"A": crosses, "B": sweeps}[work]
    read(run(frame(candles, times(candles, 2_000))))
    index = times(candles)
    began = time.perf_counter()
    trades = read(run(frame(candles, index)))
    print(json.dumps({"seconds": time.perf_counter() - began, "trades": trades}))


if __name__ == "__main__":
    main()
