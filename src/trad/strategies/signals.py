"""What a strategy says of each candle: enter, leave, and where the stop and the target lie."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONG, NONE, SHORT = 1, 0, -1


@dataclass(slots=True, eq=False)
class Signals:
    """One row per candle. A signal at candle i acts at the open of candle i + 1.

    Attributes:
        entry: int8, shape (n_candles,): +1 enters long, -1 enters short, 0 does nothing.
        exit: bool, shape (n_candles,): closes what is open. None: never.
        stop_loss: float64, shape (n_candles,): the stop's price for an entry at this candle; 0 for no
            stop. Read at entries alone; NaN there is refused, for it is a stop that was meant and
            not found. None: no stops.
        take_profit: float64, shape (n_candles,): the target's price, likewise.
    """

    entry: NDArray[np.int8]
    exit: NDArray[np.bool_] | None = None
    stop_loss: NDArray[np.float64] | None = None
    take_profit: NDArray[np.float64] | None = None

    @classmethod
    def empty(cls, n: int) -> "EditableSignals":
        """Make signals for `n` candles that do nothing yet: fill them in by index."""
        # Zeros cost no memory until they are written: an unused column stays free.
        return EditableSignals(
            entry=np.zeros(n, np.int8),
            exit=np.zeros(n, np.bool_),
            stop_loss=np.zeros(n, np.float64),
            take_profit=np.zeros(n, np.float64),
        )

    def __len__(self) -> int:
        return len(self.entry)

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns that are there, by name."""
        named = {
            "entry": self.entry,
            "exit": self.exit,
            "stop_loss": self.stop_loss,
            "take_profit": self.take_profit,
        }
        return {name: column for name, column in named.items() if column is not None}


@dataclass(slots=True, eq=False)
class EditableSignals(Signals):
    """Signals of which every column is there to be written to."""

    exit: NDArray[np.bool_]
    stop_loss: NDArray[np.float64]
    take_profit: NDArray[np.float64]
