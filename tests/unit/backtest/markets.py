"""Random candles and signals for Hypothesis: gaps, jumps, ruin, and levels that are touched exactly."""

from hypothesis import strategies as st
from tests.unit.backtest.reference import Row

PRICES = ("open", "high", "low", "close")

moves = st.sampled_from((0.0, 0.0, 0.01, -0.01, 0.04, -0.05, 0.3, -0.3, 0.95, -0.6)) | st.floats(-0.2, 0.2)
wicks = st.sampled_from((0.0, 0.0, 0.02, 0.15)) | st.floats(0.0, 0.1)
entries = st.sampled_from((0, 0, 0, 1, 1, -1, -1))
exits = st.sampled_from((False, False, False, True))
levels = st.none() | st.sampled_from(PRICES) | st.floats(0.7, 1.4)
"""A stop or a target: none, a price of the next candle to the last bit, or a multiple of the close."""

steps = st.tuples(moves, moves, wicks, wicks, entries, exits, levels, levels)


@st.composite
def markets(draw: st.DrawFn, *, shortest: int = 1, longest: int = 40) -> list[Row]:
    """Rows of one random market."""
    drawn = draw(st.lists(steps, min_size=shortest, max_size=longest))
    bars: list[dict[str, float]] = []
    last = 100.0
    for gap, body, above, below, *_ in drawn:
        opened = min(max(last * (1 + gap), 1.0), 10_000.0)
        last = min(max(opened * (1 + body), 1.0), 10_000.0)
        low, high = sorted((opened, last))
        bars.append(dict(zip(PRICES, (opened, high * (1 + above), low * (1 - below), last), strict=True)))
    rows = []
    for i, (*_, entry, leaves, stop, target) in enumerate(drawn):
        level = [_level(kind, bars[i], bars[min(i + 1, len(bars) - 1)]) for kind in (stop, target)]
        rows.append(Row(**bars[i], entry=entry, exit=leaves, stop=level[0], target=level[1]))
    return rows


def _level(kind: str | float | None, bar: dict[str, float], following: dict[str, float]) -> float:
    if kind is None:
        return 0.0
    return following[kind] if isinstance(kind, str) else bar["close"] * kind


rates = st.sampled_from((0.0, 0.0005, 0.001, 0.01, 0.1))
shares = st.sampled_from((1.0, 1.0, 0.5, 0.1)) | st.floats(0.05, 1.0)
