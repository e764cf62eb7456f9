"""How fast backtesting.py is; run in its own environment.

Usage: backtesting_speed.py CANDLES.npz A|B, or CANDLES.npz C CONFIGURATIONS.
"""

import json
import multiprocessing
import sys
import time
import warnings

import backtesting
import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from backtesting.lib import crossover
from rules import SWEEP, signals

FEE, CASH = 0.001, 1e9


def mean(values, n):
    return pd.Series(values).rolling(n).mean()


class Cross(Strategy):
    fast, slow = 10, 30

    def init(self):
        self.quick = self.I(mean, self.data.Close, self.fast)
        self.calm = self.I(mean, self.data.Close, self.slow)

    def next(self):
        if crossover(self.quick, self.calm):
            self.buy(size=1)
        elif crossover(self.calm, self.quick):
            self.sell(size=1)


class Sweep(Strategy):
    def init(self):
        names = {"open": "Open", "high": "High", "low": "Low", "close": "Close"}
        candles = {name: np.asarray(self.data[column]) for name, column in names.items()}
        self.entry, self.stop, self.target = signals("liquidity_sweep", candles, SWEEP)

    def next(self):
        i = len(self.data) - 1
        side = self.entry[i]
        if side and side * self.position.size <= 0:
            order = self.buy if side > 0 else self.sell
            order(size=1, sl=self.stop[i] or None, tp=self.target[i] or None)


def frame(candles, n=None):
    columns = {name.capitalize(): candles[name][:n] for name in ("open", "high", "low", "close")}
    length = len(columns["Open"])
    return pd.DataFrame(columns, index=pd.date_range("2000-01-01", periods=length, freq="min"))


def test(strategy, data):
    return Backtest(data, strategy, cash=CASH, commission=FEE, exclusive_orders=True, finalize_trades=True)


def main():
    warnings.filterwarnings("ignore")
    backtesting.backtesting._tqdm = lambda sequence, **_: sequence
    with np.load(sys.argv[1]) as file:
        candles = dict(file)
    work = sys.argv[2]
    strategy = Sweep if work == "B" else Cross
    test(strategy, frame(candles, 2_000)).run()
    if work == "C":
        backtesting.Pool = lambda *_, **__: multiprocessing.get_context("fork").Pool(2)
        whole = test(Cross, frame(candles))
        began = time.perf_counter()
        _, heat = whole.optimize(
            fast=list(range(5, 51)),
            slow=list(range(60, 201)),
            maximize="Return [%]",
            method="grid",
            max_tries=int(sys.argv[3]),
            random_state=1,
            return_heatmap=True,
        )
        print(json.dumps({"seconds": time.perf_counter() - began, "episodes": len(heat)}))
        return
    began = time.perf_counter()
    stats = test(strategy, frame(candles)).run()
    print(json.dumps({"seconds": time.perf_counter() - began, "trades": len(stats["_trades"])}))


if __name__ == "__main__":
    main()
