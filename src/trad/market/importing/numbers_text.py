"""Numbers as people write them, into float64: whoever imports this loads Arrow."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import known, trimmed, view

_NO_VALUE = r"(?i)^(null|nan|na|n/a|#n/a|none|nil|-+|\.|n\.a\.)$"
_MONEY = r"(?i)[$€£¥₹₽₿]|^(usdt|usd|eur|gbp|jpy|chf|btc|rs\.?)\s*|\s*(usdt|usd|eur|gbp|jpy|chf|btc)$"
_SPACES = "['’ \u00a0\u202f\u2009]"
_MULTIPLES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberStyle:
    """What parts a number's fraction (`.` or `,`), and its thousands (the other one, where there are any)."""

    decimal: str
    thousands: bool


PLAIN = NumberStyle(decimal=".", thousands=False)


def bare(text: pa.Array) -> pa.Array:
    """Take away what stands round a number: spaces, signs of money, words for nothing."""
    text = trimmed(text)
    text = _without(text, _NO_VALUE)
    if _any(text, _MONEY):
        text = pc.replace_substring_regex(text, _MONEY, "")
    if _any(text, _SPACES):
        text = pc.replace_substring_regex(text, _SPACES, "")
    if _any(text, r"^\(.*\)$"):
        text = pc.replace_substring_regex(text, r"^\((.*)\)$", r"-\1")
    return text


def find_style(columns: list[pa.Array], said: str | None, *, semicolons: bool = False) -> NumberStyle:
    """Find out what points and commas mean, from all numbers of a file together.

    Args:
        columns: Bare numbers, as text.
        said: The user's word for what parts a fraction.
        semicolons: Whether semicolons part the fields, as where commas part fractions.

    Raises:
        DataFileError: Both meanings are possible, or neither is.
    """
    point = comma = False
    undecided = ""
    for text in columns:
        # Where both occur in one number, the last one parts the fraction.
        comma |= _any(text, r"\.\d{3},\d+$|\.\d{3}\.\d{3}|^-?0,\d|,\d{1,2}(\D|$)|,\d{4,}|^-?\d{4,},")
        point |= _any(text, r",\d{3}\.\d+$|,\d{3},\d{3}|^-?0\.\d|\.\d{1,2}(\D|$)|\.\d{4,}|^-?\d{4,}\.|[eE]")
        undecided = undecided or _first(text, r"^-?\d{1,3}[.,]\d{3}\D?$")
    if said is None and point and comma:
        raise DataFileError(
            "some of its numbers have points for fractions and some have commas; say which with "
            "--decimal point or "
            "--decimal comma"
        )
    if said is None and not point and not comma and undecided:
        if not semicolons and "," not in undecided and not any(_any(text, ",") for text in columns):
            # Nobody writes prices in points of a thousand alone: 1.234 is a fraction, as in every program.
            return PLAIN
        raise DataFileError(
            f"{undecided!r} may be a thousand or a fraction, and no number of it tells; say which with "
            f"--decimal point "
            f"or --decimal comma"
        )
    decimal = said or ("," if comma else ".")
    other = "." if decimal == "," else ","
    return NumberStyle(decimal=decimal, thousands=any(_any(text, f"[{other}]") for text in columns))


def to_floats(text: pa.Array, style: NumberStyle) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read bare numbers; returns them, NaN where there is none, and where one stood that is no number."""
    there = known(text)
    if style.thousands:
        text = (
            pc.replace_substring(text, ".", "")
            if style.decimal == ","
            else pc.replace_substring(text, ",", "")
        )
    if style.decimal == ",":
        text = pc.replace_substring(text, ",", ".")
    multiples = None
    if _any(text, r"[KkMmBbTt]$"):
        ends = pc.utf8_lower(pc.utf8_slice_codeunits(text, -1))
        multiples = _multiples(ends)
        text = pc.replace_substring_regex(text, r"\s*[KkMmBbTt]$", "")
    sound = _whole_match(text, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
    if not sound.all():
        mask = flags(sound)
        text = pc.if_else(mask, text, pa.nulls(len(text), text.type))
    values = view(text.cast(pa.float64()), np.float64("nan"))
    if multiples is not None:
        values = values * multiples
    return values, there & ~sound


def _multiples(ends: pa.Array) -> NDArray[np.float64]:
    factors = np.ones(len(ends))
    for letter, factor in _MULTIPLES.items():
        factors[_whole_match(ends, f"^{letter}$")] = factor
    return factors


def _without(text: pa.Array, pattern: str) -> pa.Array:
    return pc.if_else(pc.match_substring_regex(text, pattern), pa.nulls(len(text), text.type), text)


def _any(text: pa.Array, pattern: str) -> bool:
    return bool(_whole_match(text, pattern).any())


def _first(text: pa.Array, pattern: str) -> str:
    found = np.flatnonzero(_whole_match(text, pattern))
    return str(text[int(found[0])].as_py()) if len(found) else ""


def _whole_match(text: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """Say of each text whether the pattern is in it; null is not."""
    hits = pc.match_substring_regex(text, pattern)
    flags = np.frombuffer(hits.cast(pa.uint8()).buffers()[1], np.uint8)[: len(hits)] > 0
    return flags & known(text)


def flags(values: NDArray[np.bool_]) -> pa.Array:
    """Make an array of Arrow's out of NumPy's flags."""
    return pa.Array.from_buffers(pa.uint8(), len(values), [None, pa.py_buffer(values.astype(np.uint8))]).cast(
        pa.bool_()
    )
