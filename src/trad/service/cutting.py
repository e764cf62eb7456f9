"""Cuts windows out of candles and backtests."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trad.backtest.result import BacktestResult
from trad.backtest.state_nb import P_PNL, T_ENTRY, T_EXIT
from trad.market.candles import Candles
from trad.service.thinning import bars_from, grid_starts
from trad.service.windows import BacktestWindow, CandleWindow, TradePage, Window

MOST_MARKED = 200
"""Of more trades in a window, those that won or lost most are shown: others would hide each other."""


def candle_window(candles: Candles, window: Window) -> CandleWindow:
    """Cut a window out of candles.

    Raises:
        InputError: The window reaches out of them.
    """
    start, stop = window.within(len(candles))
    starts, width = grid_starts(start, stop, window.points)
    return CandleWindow(
        start=start, stop=stop, total=len(candles), width=width, bars=bars_from(candles, starts, stop)
    )


def backtest_window(result: BacktestResult, window: Window) -> BacktestWindow:
    """Cut a window out of a backtest.

    Raises:
        InputError: The window reaches out of its candles.
    """
    candles = candle_window(result.candles, window)
    start, stop = candles.start, candles.stop
    starts = np.array(candles.bars.index, np.int64)
    lasts = np.append(starts[1:], stop) - 1
    deepest = np.minimum.reduceat(drawdowns(result.equity, start, stop), starts - start)
    touching = touching_trades(result, start, stop)
    return BacktestWindow(
        candles=candles,
        equity=result.equity[lasts].tolist(),
        drawdown=deepest.tolist(),
        trades=placed_trades(result, _most_telling(result, touching)),
        touching=len(touching),
        total_trades=len(result.log),
        ruined=result.ruined,
    )


def trade_page(result: BacktestResult, start: int, limit: int) -> TradePage:
    """List at most `limit` trades of a backtest from the `start`-th on, from 0."""
    total = len(result.log)
    places = np.arange(min(start, total), min(start + limit, total))
    return TradePage(trades=placed_trades(result, places), total_trades=total)


def drawdowns(equity: NDArray[np.float64], start: int, stop: int) -> NDArray[np.float64]:
    """Return equity / its highest value since the first candle - 1, for candles `start` to `stop`."""
    peaks = np.maximum.accumulate(equity[start:stop])
    if start:
        np.maximum(peaks, equity[:start].max(), out=peaks)
    fallen: NDArray[np.float64] = equity[start:stop] / peaks - 1.0
    return fallen


def touching_trades(result: BacktestResult, start: int, stop: int) -> NDArray[np.int64]:
    """Return the places of the trades that were open in one of the candles `start` to `stop`."""
    # One position at a time: entries and exits both rise.
    first = np.searchsorted(result.log.indices[T_EXIT], start, "left")
    last = np.searchsorted(result.log.indices[T_ENTRY], stop, "left")
    return np.arange(first, last, dtype=np.int64)


def _most_telling(result: BacktestResult, places: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(places) <= MOST_MARKED:
        return places
    moved = np.abs(result.log.prices[P_PNL, places])
    return places[np.sort(np.argsort(-moved, kind="stable")[:MOST_MARKED])]


def placed_trades(result: BacktestResult, places: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return the trades at these places as JSON rows.

    Beside what `trad backtest --json` prints of a trade: its `number`, from 1, and the `stop_loss` and
    `take_profit` prices that its entry signal carried, None where it carried none.
    """
    log = result.log.at(places)
    rows = zip(log.rows(result.candles), places.tolist(), log.levels.tolist(), strict=True)
    return [
        {**row, "number": place + 1, "stop_loss": stop or None, "take_profit": target or None}
        for row, place, (stop, target) in rows
    ]
