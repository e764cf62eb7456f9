"""The built-in strategies once more, slow and obvious, written from their rules."""

from fractions import Fraction
from math import fsum, sqrt

from trad.market.candles import Candles

Entries = list[int]


def sma_crosses(candles: Candles, fast: int, slow: int) -> Entries:
    """Exact arithmetic on ticks: no rounding anywhere."""
    ticks = [Fraction(round(price * 100)) for price in candles.close.tolist()]
    entries, side = [0] * len(ticks), 0
    for i in range(max(fast, slow) - 1, len(ticks)):
        quick = sum(ticks[i - fast + 1 : i + 1]) / fast
        calm = sum(ticks[i - slow + 1 : i + 1]) / slow
        now = (quick > calm) - (quick < calm)
        if now not in (0, side):
            if side:
                entries[i] = now
            side = now
    return entries


def mean_true_range(high: list[float], low: list[float], close: list[float], i: int, period: int) -> float:
    total = 0.0
    for j in range(i - period + 1, i + 1):
        total += max(high[j], close[j - 1]) - min(low[j], close[j - 1])
    return total / period


def liquidity_sweeps(
    candles: Candles,
    *,
    key_level_lookback: int,
    sweep_atr: float,
    min_wick: float,
    stop_atr: float,
    reward_risk: float,
    volume_ratio: float,
    atr_period: int,
) -> list[tuple[int, float, float]]:
    """Entry, stop and target of each candle."""
    open_, high, low, close, volume = (column.tolist() for column in candles.columns.values())
    orders = [(0, 0.0, 0.0)] * len(close)
    for i in range(max(key_level_lookback, atr_period), len(close)):
        before = slice(i - key_level_lookback, i)
        support, resistance = min(low[before]), max(high[before])
        atr = mean_true_range(high, low, close, i, atr_period)
        span = high[i] - low[i]
        buy = (
            low[i] < support < close[i]
            and support - low[i] >= sweep_atr * atr
            and min(open_[i], close[i]) - low[i] >= min_wick * span
        )
        sell = (
            high[i] > resistance > close[i]
            and high[i] - resistance >= sweep_atr * atr
            and high[i] - max(open_[i], close[i]) >= min_wick * span
        )
        quiet = volume_ratio > 0 and not volume[i] > volume_ratio * fsum(volume[before]) / key_level_lookback
        if buy == sell or quiet:
            continue
        stop = low[i] - stop_atr * atr if buy else high[i] + stop_atr * atr
        target = close[i] + reward_risk * (close[i] - stop)
        orders[i] = (1 if buy else -1, max(stop, 0.0), max(target, 0.0))
    return orders


def donchian_breakouts(
    candles: Candles, entry_lookback: int, exit_lookback: int
) -> tuple[Entries, list[bool]]:
    high, low, close = candles.high.tolist(), candles.low.tolist(), candles.close.tolist()
    entries, exits, held = [0] * len(close), [False] * len(close), 0
    for i in range(max(entry_lookback, exit_lookback), len(close)):
        channel, short = slice(i - entry_lookback, i), slice(i - exit_lookback, i)
        if close[i] > max(high[channel]) and held != 1:
            entries[i] = held = 1
        elif close[i] < min(low[channel]) and held != -1:
            entries[i] = held = -1
        elif (held == 1 and close[i] < min(low[short])) or (held == -1 and close[i] > max(high[short])):
            exits[i], held = True, 0
    return entries, exits


def rsi_of(closes: list[float], period: int) -> list[float | None]:
    """Wilder, New Concepts in Technical Trading Systems (1978): averages begun with a simple mean."""
    strengths: list[float | None] = [None] * len(closes)
    gain = loss = 0.0
    for i in range(1, len(closes)):
        change = closes[i] - closes[i - 1]
        if i <= period:
            gain += max(change, 0.0) / period
            loss += max(-change, 0.0) / period
        else:
            gain = (gain * (period - 1) + max(change, 0.0)) / period
            loss = (loss * (period - 1) + max(-change, 0.0)) / period
        if i >= period:
            strengths[i] = 100 * gain / (gain + loss) if gain + loss else 0.0
    return strengths


def rsi_reversions(candles: Candles, period: int, oversold: float, overbought: float) -> Entries:
    strengths = rsi_of(candles.close.tolist(), period)
    entries = [0] * len(strengths)
    for i in range(1, len(strengths)):
        before, now = strengths[i - 1], strengths[i]
        if before is None or now is None:
            continue
        if before < oversold <= now:
            entries[i] = 1
        elif before > overbought >= now:
            entries[i] = -1
    return entries


def bollinger_reversions(candles: Candles, period: int, width: float) -> tuple[Entries, list[bool]]:
    closes = candles.close.tolist()
    entries, exits = [0] * len(closes), [False] * len(closes)
    above: list[Fraction | None] = [None] * len(closes)
    for i in range(period - 1, len(closes)):
        window = closes[i - period + 1 : i + 1]
        middle = fsum(window) / period
        above[i] = round(closes[i] * 100) - Fraction(sum(round(close * 100) for close in window), period)
        deviation = sqrt(fsum((close - middle) ** 2 for close in window) / period)
        if deviation and closes[i] < middle - width * deviation:
            entries[i] = 1
        elif deviation and closes[i] > middle + width * deviation:
            entries[i] = -1
        before, now = above[i - 1] if i else None, above[i]
        if before is not None and now is not None:
            exits[i] = before < 0 <= now or before > 0 >= now
    return entries, exits
