"""The trades of a backtest that keeps them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from trad.backtest.state_nb import (
    P_ENTRY,
    P_EXIT,
    P_FEES,
    P_PNL,
    P_SIZE,
    REASONS,
    T_ENTRY,
    T_EXIT,
    T_REASON,
    TRADE_INDICES,
    TRADE_PRICES,
)
from trad.market.candles import Candles
from trad.strategies.arrays import Flags, Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "side",
    "entry_index",
    "entry_time",
    "entry_price",
    "exit_index",
    "exit_time",
    "exit_price",
    "size",
    "pnl",
    "return_pct",
    "fees",
    "exit_reason",
)


class TradeLog:
    """Buffers that a simulation writes closed trades to, in the order of their exits.

    Args:
        room: How many trades it can hold; 0 keeps none.
    """

    def __init__(self, room: int = 0) -> None:
        self.indices: Ints = np.empty((TRADE_INDICES, room), np.int64)
        self.prices: Floats = np.empty((TRADE_PRICES, room))
        self.levels: Floats = np.zeros((room, 2))
        """Stop-loss and take-profit price that each trade's entry signal carried; 0 for none."""
        self._lent: list[pd.DataFrame] = []

    def __len__(self) -> int:
        return len(self.levels)

    def cut(self, n: int) -> "TradeLog":
        """Return the first `n` trades, or none where none are kept."""
        return self.at(slice(n))

    def at(self, places: slice | Ints) -> "TradeLog":
        """Return the trades at these places; a slice copies nothing."""
        log = TradeLog()
        log.indices, log.prices = self.indices[:, places], self.prices[:, places]
        log.levels = self.levels[places]
        return log

    @property
    def nbytes(self) -> int:
        """How many bytes the trades hold."""
        return self.indices.nbytes + self.prices.nbytes + self.levels.nbytes

    def columns(self, candles: Candles) -> dict[str, Any]:
        """Return the columns by name; times are datetime64[ms], UTC; `return_pct` is a fraction."""
        columns = self._numbers(candles)
        columns["side"] = np.where(self._long, "long", "short")
        columns["exit_reason"] = np.asarray(REASONS)[self.indices[T_REASON]]
        return columns

    @property
    def _long(self) -> Flags:
        """Which trades bought first."""
        bought: Flags = self.prices[P_SIZE] > 0
        return bought

    def _numbers(self, candles: Candles) -> dict[str, Any]:
        """Return the columns in their order; those of words are left empty."""
        entry, exit_ = self.indices[T_ENTRY], self.indices[T_EXIT]
        size = np.abs(self.prices[P_SIZE])
        price, pnl = self.prices[P_ENTRY], self.prices[P_PNL]
        return {
            "side": None,
            "entry_index": entry,
            "entry_time": candles.timestamp[entry],
            "entry_price": price,
            "exit_index": exit_,
            "exit_time": candles.timestamp[exit_],
            "exit_price": self.prices[P_EXIT],
            "size": size,
            "pnl": pnl,
            "return_pct": pnl / (size * price),
            "fees": self.prices[P_FEES],
            "exit_reason": None,
        }

    def frame(self, candles: Candles) -> "pd.DataFrame":
        """Return the trades as a DataFrame of one's own; its times carry the zone UTC."""
        import pandas as pd  # takes seconds to load; only those who look at trades wait for it

        columns = self._numbers(candles)
        for name in ("entry_time", "exit_time"):
            columns[name] = pd.DatetimeIndex(columns[name]).tz_localize("UTC")
        # Words are taken by number: to make a column of NumPy's fixed-width texts takes ten times as long.
        columns["side"] = pd.array(["short", "long"], dtype="str").take(self._long.astype(np.intp))
        columns["exit_reason"] = pd.array(list(REASONS), dtype="str").take(self.indices[T_REASON])
        frame = pd.DataFrame(columns, copy=False)
        # pandas copies a column before it writes to it, as long as another frame has it as well: this one
        # keeps what the user does to his from the log, whose memory both are.
        self._lent.append(frame.copy(deep=False))
        return frame

    def rows(self, candles: Candles) -> list[dict[str, Any]]:
        """Return the trades as JSON rows; times are ISO 8601."""
        columns = self.columns(candles)
        for name in ("entry_time", "exit_time"):
            stamps = np.datetime_as_string(columns[name], unit="ms")
            columns[name] = [f"{stamp}Z" for stamp in stamps]
        lists = [np.asarray(columns[name]).tolist() for name in COLUMNS]
        return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*lists, strict=True)]
