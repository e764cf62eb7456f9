"""Replaces the future by noise: candles that keep all rules, and have nothing to do with what came before."""

import numpy as np
from numpy.typing import NDArray

from trad.market.candles import Candles

_LEVELS = (3.0, 1 / 3.0, 1.3, 0.75)
"""How far the price jumps where the noise begins: taken in turn, so that every other future lies above."""
NOISES = len(_LEVELS)
"""So many turns, one after the other, have every level."""
_VOLATILITIES = (3.0, 0.4, 1.0)
_BAND = 1.0
"""The noise stays within a factor of e to this power round its level."""


def with_noise(candles: Candles, kept: int, seed: int, turn: int) -> Candles:
    """Keep the first `kept` candles and all times, and make up the rest.

    Args:
        candles: The series.
        kept: How many candles stay; 1 or more.
        seed: From 0; another seed is other noise.
        turn: From 0; the number of this noise among several: level and volatility go round with it.
    """
    count = len(candles) - kept
    dice = np.random.default_rng([seed, turn])
    level = _LEVELS[turn % len(_LEVELS)] * float(candles.close[kept - 1])
    move = _usual_move(candles.close) * _VOLATILITIES[turn % len(_VOLATILITIES)]
    close = level * np.exp(_folded(np.cumsum(dice.normal(0.0, move, count))))
    open_ = np.concatenate(([level], close[:-1]))[:count] * np.exp(dice.normal(0.0, move / 10, count))
    high = np.maximum(open_, close) * np.exp(dice.exponential(move / 2, count))
    low = np.minimum(open_, close) * np.exp(-dice.exponential(move / 2, count))
    volume = (float(np.median(candles.volume)) or 1.0) * dice.lognormal(0.0, 1.0, count)
    made_up = {"open": open_, "high": high, "low": low, "close": close, "volume": volume}
    columns = [np.concatenate((column[:kept], made_up[name])) for name, column in candles.columns.items()]
    return Candles(
        candles.timestamp,
        *columns,
        name=f"{candles.name}, noise after {kept:,} candles",
        synthetic=True,
    )


def _usual_move(close: NDArray[np.float64]) -> float:
    """Return the standard deviation of the logarithmic moves, within what noise can do with."""
    moves = np.diff(np.log(close))
    return float(np.clip(np.std(moves), 1e-5, 0.2)) if len(moves) else 0.01


def _folded(walk: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn a walk back at the band's edges, so that it goes on as it did and ends nowhere far."""
    return np.abs((walk + 3 * _BAND) % (4 * _BAND) - 2 * _BAND) - _BAND
