"""The state that a simulation carries from candle to candle, as places in small arrays.

Everything that the kernels know between two candles stands here, so that a run may stop after any
candle and go on to the same last bit.
"""

import numpy as np
from numpy.typing import NDArray

# Places in `money`, float64: what is owned, and the position that is open.
CASH, SIZE, ENTRY_PRICE, ENTRY_FEE, STOP, TARGET = range(6)
"""SIZE is in units, negative for a short, 0 when flat; STOP and TARGET are prices, 0 for none."""
# Places in `money` that metrics need.
PEAK, LAST_EQUITY, MAX_DRAWDOWN = range(6, 9)
"""MAX_DRAWDOWN is a fraction, 0 or above: 1 - equity / PEAK at its worst."""
GROSS_PROFIT, GROSS_LOSS, FEES, RETURNS, PNL_MEAN, PNL_SQUARES = range(9, 15)
"""Sums over closed trades; PNL_MEAN and PNL_SQUARES are Welford's running mean and squares."""
MONEY_PLACES = 15

# Places in `count`, int64.
ENTRY_INDEX, TRADES, WINS, EXPOSED, PEAK_INDEX, LONGEST_DRAWDOWN, ENDED = range(7)
"""ENDED is 1 once equity fell to zero."""
COUNT_PLACES = 7

# Places in `rates`, float64: fractions, as in `Costs`.
FEE, SLIPPAGE, SHARE = range(3)

# Rows of `lanes`, float64, shape (3, LANES): sums over the candles' returns, candle i in lane i % LANES.
SUM, SQUARES, DOWNSIDE = range(3)
LANES = 256
"""Many, so that neighbours are added side by side; more of them would no longer stay in the first cache."""

# Columns of the trade buffers.
T_ENTRY, T_EXIT, T_REASON, T_SIGNAL = range(4)
"""T_SIGNAL is the candle whose signal entered."""
TRADE_INDICES = 4
P_ENTRY, P_EXIT, P_SIZE, P_PNL, P_FEES = range(5)
TRADE_PRICES = 5

# Reasons in the order of their codes. The first three fill at an open, the others later in the candle.
SIGNAL, REVERSE, TIMED_OUT = range(3)
STOPPED_OUT, TARGET_HIT, TRAILED, BROKE_EVEN, LIQUIDATED, RUINED, END_OF_DATA = range(3, 10)
REASONS = (
    *("signal", "reverse", "time_stop"),
    *("stop_loss", "take_profit", "trailing_stop", "break_even", "liquidated", "ruined", "end_of_data"),
)

NOISE = 1e-12
"""Of an equity, what rounding may take or add: cash + size x close may come out one bit below the cash
that the position was bought with, which is neither a loss nor a drawdown."""

MOST_TRADES_A_CANDLE = 2
"""One that the open closes, and one that the open begins and a stop or a target ends."""

BLOCK = 2048
"""Candles between two looks at the clock and the stop flag; their equity fits the first-level cache."""


def new_state(initial_cash: float) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Make the `money`, `count` and `lanes` of a run that has not begun."""
    money = np.zeros(MONEY_PLACES)
    money[[CASH, PEAK, LAST_EQUITY]] = initial_cash
    count = np.zeros(COUNT_PLACES, np.int64)
    count[PEAK_INDEX] = -1
    return money, count, np.zeros((3, LANES))
