"""Made-up candles in ticks of 0.01, as markets quote them: equal prices are common, and so are ties."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from trad.market.candles import Candles

TICK = 0.01


def candles_from_ticks(
    gap: NDArray[np.int64],
    body: NDArray[np.int64],
    above: NDArray[np.int64],
    below: NDArray[np.int64],
    volume: NDArray[np.float64],
    start: int = 10_000,
) -> Candles:
    """Candles whose opens lie `gap` ticks from the last close, whose closes lie `body` from their opens."""
    n = len(gap)
    closes = np.maximum(start + np.cumsum(gap + body), 100)
    opens = np.maximum(np.concatenate([[start], closes[:-1]]) + gap, 100)
    highs = np.maximum(opens, closes) + above
    lows = np.maximum(np.minimum(opens, closes) - below, 1)
    stamps = np.datetime64("2024-01-01T00:00", "ms") + np.arange(n) * np.timedelta64(60_000, "ms")
    open_, high, low, close = (np.round(ticks * TICK, 2) for ticks in (opens, highs, lows, closes))
    return Candles(stamps, open_, high, low, close, volume)


def random_candles(n: int, *, seed: int = 7, spread: int = 12) -> Candles:
    """A seeded market of `n` minutes."""
    rng = np.random.default_rng(seed)
    gap, body = rng.integers(-2, 3, n), rng.integers(-spread, spread + 1, n)
    above, below = rng.integers(0, spread, n), rng.integers(0, spread, n)
    return candles_from_ticks(gap, body, above, below, rng.lognormal(2, 1, n))


def candles_of_closes(closes: list[float]) -> Candles:
    """Candles that open at the last close, without wicks, with a volume of 1."""
    close = np.array(closes, dtype=np.float64)
    opens = np.concatenate([close[:1], close[:-1]])
    stamps = np.datetime64("2024-01-01T00:00", "ms") + np.arange(len(close)) * np.timedelta64(60_000, "ms")
    return Candles(
        stamps, opens, np.maximum(opens, close), np.minimum(opens, close), close, np.ones(len(close))
    )


_moves = st.integers(-9, 9)
_wicks = st.integers(0, 9)
_rows = st.tuples(st.integers(-2, 2), _moves, _wicks, _wicks, st.integers(0, 50))


@st.composite
def markets(draw: st.DrawFn, *, shortest: int = 1, longest: int = 120) -> Candles:
    """A market of a few minutes; its prices are small enough to meet again and again."""
    rows = np.array(draw(st.lists(_rows, min_size=shortest, max_size=longest)), dtype=np.int64)
    gap, body, above, below, volume = rows.T
    return candles_from_ticks(
        gap, body, above, below, volume.astype(np.float64), start=draw(st.integers(150, 3_000))
    )
