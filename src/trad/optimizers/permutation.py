"""A shuffled order of any length that takes no memory."""

import math

import numpy as np

_ROUNDS = 6
_MASK = 2**64 - 1


class Permutation:
    """Maps `range(size)` onto itself, in an order that comes from a seed.

    A Feistel network over a rectangle of `size` cells or a few more; a number that lands outside is sent
    on until it lands inside (J. Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).

    Args:
        size: From 1 to 2**62.
        seed: Zero or above.
    """

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._height = math.isqrt(size - 1) + 1
        self._width = -(-size // self._height)
        self._keys = [int(key) for key in np.random.SeedSequence(seed).generate_state(_ROUNDS, np.uint64)]

    def __getitem__(self, index: int) -> int:
        """Return what stands at `index`, which lies in `range(size)`."""
        place = self._once(index)
        while place >= self._size:
            place = self._once(place)
        return place

    def _once(self, place: int) -> int:
        left, right = divmod(place, self._width)
        rows, columns = self._height, self._width
        for key in self._keys:
            left, right = right, (left + _mixed(right ^ key)) % rows
            rows, columns = columns, rows
        return left * columns + right


def _mixed(word: int) -> int:
    """Scatter the bits of 64: the finalizer of SplitMix64 (G. Steele et al., OOPSLA 2014)."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
    return word ^ (word >> 31)
