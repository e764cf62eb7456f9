"""Series that an inspector answers with, short enough to draw."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class EquityPoints:
    """The equity at some candles: in each stretch of candles its first, lowest, highest and last value.

    Attributes:
        index: Of the candle, from 0.
        timestamp: The candle's open time, milliseconds since 1970, UTC.
        equity: Cash + position value at its close.
    """

    index: list[int]
    timestamp: list[int]
    equity: list[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class CandleBars:
    """Stretches of candles drawn together as one bar each, so that no high and no low is lost.

    Attributes:
        index: Of the first candle in the bar, from 0.
        timestamp: That candle's open time, milliseconds since 1970, UTC.
    """

    index: list[int]
    timestamp: list[int]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float]
