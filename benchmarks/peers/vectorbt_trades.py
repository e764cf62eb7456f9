"""The trades of vectorbt on given candles, as JSON; run in its own environment.

Usage: vectorbt_trades.py CANDLES.npz JOB; the job is JSON: strategy, params, fee, slippage, engine.
"""

import json
import sys
import warnings

import numpy as np
import pandas as pd
import vectorbt as vbt
from rules import signals

CASH = 1e12
"""So much that one unit can always be bought; a size in percent cannot reverse there."""


def main():
    warnings.filterwarnings("ignore")
    with np.load(sys.argv[1]) as file:
        candles = dict(file)
    job = json.loads(sys.argv[2])
    vbt.settings["engine"] = job["engine"]
    entry, stop, target = signals(job["strategy"], candles, job["params"])
    found = trades(candles, entry, stop, target, fee=job["fee"], slippage=job["slippage"])
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
                "trades": found,
                "refused": [],
                "growth": None,
            }
        )
    )


def trades(candles, entry, stop, target, *, fee, slippage):
    """Orders at the candle after the signal, at its open; stops and targets as fractions of that open."""
    frame = pd.DataFrame({name: candles[name] for name in ("open", "high", "low", "close")})
    frame.index = pd.date_range("2000-01-01", periods=len(frame), freq="h")
    side, stop, target = (np.concatenate(([0], column[:-1])) for column in (entry, stop, target))
    open_ = candles["open"]
    with np.errstate(invalid="ignore", divide="ignore"):
        below = np.where((stop > 0) & (side != 0), side * (open_ - stop) / open_, np.nan)
        above = np.where((target > 0) & (side != 0), side * (target - open_) / open_, np.nan)
    folio = vbt.Portfolio.from_signals(
        frame["close"],
        entries=pd.Series(side > 0, index=frame.index),
        short_entries=pd.Series(side < 0, index=frame.index),
        price=frame["open"],
        open=frame["open"],
        high=frame["high"],
        low=frame["low"],
        size=1.0,
        fees=fee,
        slippage=slippage,
        init_cash=CASH,
        sl_stop=np.where(below > 0, below, np.nan),
        tp_stop=np.where(above > 0, above, np.nan),
        stop_entry_price="price",
        stop_exit_price="stopmarket",
        upon_opposite_entry="reverse",
        freq="1h",
    )
    return [
        {
            "entry": int(row.entry_idx),
            "exit": int(row.exit_idx) if row.status == 1 else None,
            "side": 1 if row.direction == 0 else -1,
            "entry_price": float(row.entry_price),
            "exit_price": float(row.exit_price) if row.status == 1 else None,
            "return": float(row.pnl / (row.size * row.entry_price)) if row.status == 1 else None,
        }
        for row in folio.exit_trades.records.itertuples()
    ]


if __name__ == "__main__":
    main()
