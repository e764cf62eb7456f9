"""The trades of backtesting.py on given candles, as JSON; run in its own environment.

Usage: backtesting_trades.py CANDLES.npz JOB; the job is JSON: strategy, params, fee, slippage, share.
"""

import json
import sys
import warnings

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from rules import signals

CASH = 1e15
"""Units are whole numbers there: of so much money, a fraction that does not show."""


class Told(Strategy):
    """Does what the signals say, one position at a time; the opposite signal reverses."""

    entry = stop = target = None
    fee = slippage = share = 0.0
    refused: list[int] = []  # noqa: RUF012 - set anew for each run

    def init(self):
        pass

    def next(self):
        i = len(self.data) - 1
        side = int(self.entry[i])
        held = (self.position.size > 0) - (self.position.size < 0)
        if not side or held == side:
            return
        # What its sizes are a fraction of has to pay the fee as well; ours comes on top.
        fill = 1 + side * self.slippage
        order = self.buy if side > 0 else self.sell
        try:
            order(
                size=self.share * (fill + self.fee) / fill,
                sl=float(self.stop[i]) or None,
                tp=float(self.target[i]) or None,
            )
        except ValueError:
            self.refused.append(i)


def main():
    warnings.filterwarnings("ignore")
    with np.load(sys.argv[1]) as file:
        candles = dict(file)
    job = json.loads(sys.argv[2])
    entry, stop, target = signals(job["strategy"], candles, job["params"])
    Told.entry, Told.stop, Told.target = entry, stop, target
    Told.fee, Told.slippage, Told.share = job["fee"], job["slippage"], job["share"]
    Told.refused = []
    frame = pd.DataFrame({name.capitalize(): candles[name] for name in ("open", "high", "low", "close")})
    frame.index = pd.date_range("2000-01-01", periods=len(frame), freq="h")
    test = Backtest(
        frame,
        Told,
        cash=CASH,
        commission=job["fee"],
        spread=job["slippage"],
        exclusive_orders=True,
        trade_on_close=False,
        finalize_trades=False,
    )
    stats = test.run()
    closed = stats["_trades"]
    trades = [
        {
            "entry": int(row.EntryBar),
            "exit": int(row.ExitBar),
            "side": 1 if row.Size > 0 else -1,
            "entry_price": float(row.EntryPrice),
            "exit_price": float(row.ExitPrice),
            "return": float(row.PnL / (abs(row.Size) * row.EntryPrice)),
        }
        for row in closed.itertuples()
    ]
    trades += [
        {
            "entry": int(trade.entry_bar),
            "exit": None,
            "side": 1 if trade.size > 0 else -1,
            "entry_price": float(trade.entry_price),
            "exit_price": None,
            "return": None,
        }
        for trade in stats["_strategy"].trades
    ]
    at = np.flatnonzero(entry)
    print(
        json.dumps(
            {
                "signals": {
                    "at": at.tolist(),
                    "entry": entry[at].tolist(),
                    "stop": stop[at].tolist(),
                    "target": target[at].tolist(),
                },
                "trades": sorted(trades, key=lambda trade: trade["entry"]),
                "refused": Told.refused,
                "growth": float(stats["Equity Final [$]"]) / CASH,
            }
        )
    )


if __name__ == "__main__":
    main()
