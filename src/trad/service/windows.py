"""Windows: a stretch of candles out of a long series, and what a backtest did in it."""

from dataclasses import dataclass
from typing import Any

from trad.errors import InputError
from trad.service.inspector_series import CandleBars


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Which candles are asked for.

    Attributes:
        start: The first candle, from 0.
        stop: The candle after the last one; None for all that follow.
        points: At most so many bars; neighbouring candles are drawn together where they are more.
    """

    start: int = 0
    stop: int | None = None
    points: int

    def within(self, n: int) -> tuple[int, int]:
        """Return the first candle, and the one after the last, of a series of `n` candles.

        Raises:
            InputError: The window is empty, or reaches out of the series.
        """
        stop = n if self.stop is None else self.stop
        if not 0 <= self.start < stop <= n:
            raise InputError(
                f"the window ran from candle {self.start} to {stop}; it starts at 0 or later, before it "
                f"stops, and stops at {n}, the number of candles, or earlier"
            )
        return self.start, stop


@dataclass(frozen=True, kw_only=True, slots=True)
class CandleWindow:
    """The candles of a window.

    Attributes:
        start: The first candle, from 0.
        stop: The candle after the last one.
        total: How many candles the series has.
        width: How many candles a bar stands for, a power of two; 1 shows the real candles. Bars begin at
            multiples of it, so that windows that overlap have the same bars; the first and the last may be
            narrower.
        bars: At most as many as were asked for.
    """

    start: int
    stop: int
    total: int
    width: int
    bars: CandleBars


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestWindow:
    """What a backtest did in a window; equity and drawdown have as many values as the window has bars.

    Attributes:
        equity: Cash + position value at the close of each bar's last candle.
        drawdown: The deepest in each bar: equity / its highest value since the run's first candle - 1, a
            fraction, 0 or below.
        trades: Those that touch the window, in the order of exits, as `placed_trades` writes them. Where
            they are too many, those that won or lost most.
        touching: How many touch the window.
        total_trades: How many the whole run has.
        ruined: Whether the equity fell to zero and ended the run.
    """

    candles: CandleWindow
    equity: list[float]
    drawdown: list[float]
    trades: list[dict[str, Any]]
    touching: int
    total_trades: int
    ruined: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TradePage:
    """Some neighbouring trades of a backtest, as `placed_trades` writes them, in the order of exits."""

    trades: list[dict[str, Any]]
    total_trades: int
