"""How fast Trad is, measured as its peers are.

Usage: trad_speed.py CANDLES.npz A|B, or CANDLES.npz C CONFIGURATIONS.
"""

import json
import os
import sys
import tempfile
import time

import numpy as np

from trad import backtest, train
from trad.market.candles import Candles
from trad.strategies.liquidity_sweep import LiquiditySweep
from trad.strategies.sma_cross import SmaCross


def arrays(columns, n=None):
    """Times and prices, as a program that is to be fast holds them."""
    prices = [columns[name][:n] for name in ("open", "high", "low", "close", "volume")]
    return [
        np.datetime64("2000-01-01", "ms") + np.arange(len(prices[0])) * np.timedelta64(60_000, "ms"),
        *prices,
    ]


def main():
    with np.load(sys.argv[1]) as file:
        candles = dict(file)
    work = sys.argv[2]
    if work == "C":
        print(json.dumps(job(candles, int(sys.argv[3]))))
        return
    strategy = LiquiditySweep() if work == "B" else SmaCross(fast=10, slow=30)
    # Compiles and loads.
    len(backtest(Candles(*arrays(candles, 2_000), copy=False), strategy, slippage=0.0).trades)
    given = arrays(candles)
    began = time.perf_counter()
    data = Candles(*given, copy=False)
    taken = time.perf_counter()
    trades = len(backtest(data, strategy, slippage=0.0).trades)
    ended = time.perf_counter()
    print(json.dumps({"seconds": ended - began, "backtest": ended - taken, "trades": trades}))


def job(candles, configurations):
    """Train with worker processes, the ledger and progress.

    Timed from the moment at which both processes have begun, for what they load is not counted, to the end of
    the last episode.
    """
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRAD_HOME"] = home
        began = time.perf_counter()
        done = train(
            Candles(*arrays(candles), copy=False),
            "sma_cross",
            optimizer="random",
            episodes=configurations,
            params={"fast": (5, 50), "slow": (60, 200)},
            workers=2,
            progress=lambda _: None,
        )
        whole = time.perf_counter() - began
    assert done.failed_episodes == 0
    begun = {}
    for episode in done.recorded:
        begun[episode.worker] = min(episode.started_at, begun.get(episode.worker, episode.started_at))
    assert len(begun) == 2
    timed = [episode for episode in done.recorded if episode.started_at >= max(begun.values())]
    last = max(episode.finished_at for episode in timed)
    return {"seconds": last - max(begun.values()), "whole": whole, "episodes": len(timed)}


if __name__ == "__main__":
    main()
