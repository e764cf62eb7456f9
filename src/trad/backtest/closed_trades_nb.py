"""Folds the trades that a block closed into what the metrics need of them."""

from trad.backtest.state_nb import (
    EXPOSED,
    GROSS_LOSS,
    GROSS_PROFIT,
    P_ENTRY,
    P_PNL,
    P_SIZE,
    PNL_MEAN,
    PNL_SQUARES,
    RETURNS,
    STOPPED_OUT,
    T_ENTRY,
    T_EXIT,
    T_REASON,
    TRADES,
    WINS,
)
from trad.kernels import kernel
from trad.strategies.arrays import Floats, Ints


@kernel
def fold_trades_nb(closed: int, closed_index: Ints, closed_price: Floats, money: Floats, count: Ints) -> None:
    """Add the block's trades to the sums, in the order of their exits."""
    profit, loss, returns = money[GROSS_PROFIT], money[GROSS_LOSS], money[RETURNS]
    mean, squares = money[PNL_MEAN], money[PNL_SQUARES]
    wins, exposed, number = count[WINS], count[EXPOSED], count[TRADES]
    for k in range(closed):
        pnl = closed_price[k, P_PNL]
        if pnl > 0.0:
            profit += pnl
            wins += 1
        else:
            loss -= pnl
        returns += pnl / (abs(closed_price[k, P_SIZE]) * closed_price[k, P_ENTRY])
        number += 1
        # Welford's update (Technometrics 4, 1962): no difference of two large sums.
        off = pnl - mean
        mean += off / number
        squares += off * (pnl - mean)
        # What ends at an open is not held during that candle; what ends later is.
        inside = closed_index[k, T_REASON] >= STOPPED_OUT
        exposed += closed_index[k, T_EXIT] - closed_index[k, T_ENTRY] + inside
    money[GROSS_PROFIT], money[GROSS_LOSS], money[RETURNS] = profit, loss, returns
    money[PNL_MEAN], money[PNL_SQUARES] = mean, squares
    count[WINS], count[EXPOSED], count[TRADES] = wins, exposed, number
