"""Several symbols in one table: contracts that follow one another are one series, all else is refused."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import known, trimmed, view
from trad.market.report import written

_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_CONTRACT = re.compile(
    r"(?P<root>(?:[A-Z]{2,8}[.:])?[@/$#]?(?=[A-Z0-9]*[A-Z])[A-Z0-9]{1,8}?)"
    r"[ _-]?(?:"
    r"[FGHJKMNQUVXZ](?:\d{1,2}|20\d{2})"  # ESH4, ESH24, ESH2024
    r"|(?:\d{1,2})?(?:" + _MONTHS + r")(?:20)?\d{2}"  # BTC-29MAR24
    r"|(?:0?[1-9]|1[0-2])[-.]\d{2}"  # ES 03-24, Si-3.24
    r"|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?"  # rb2405, BTCUSD_240329
    r")(?P<rest>(?:[ .=][A-Z]{1,8})?)",
    re.IGNORECASE,
)
_SHOWN = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Contract:
    symbol: str
    first: np.datetime64
    last: np.datetime64


def join_contracts(symbols: pa.Array, times: NDArray[np.datetime64], name: str) -> str | None:
    """Say how the symbols of a table make one series; None where there is but one of them.

    Args:
        symbols: The symbol of each row.
        times: The time of each row; NaT where there is none.
        name: What the column of symbols is called.

    Raises:
        DataFileError: They are not contracts of one root, or trade at the same times.
    """
    if not pa.types.is_string(symbols.type):
        symbols = symbols.cast(pa.string())
    told = [str(value) for value in pc.unique(symbols).to_pylist() if value]
    if len(told) < 2:
        return None
    shown = ", ".join(repr(one[:30]) for one in told[:_SHOWN]) + (", ..." if len(told) > _SHOWN else "")
    roots = {_root(one) for one in told}
    if len(roots) > 1 or None in roots:
        raise DataFileError(
            f"its column {name} holds {len(told):,} series, such as {shown}; part them into a file each, or "
            f"leave the column out if they are one series"
        )
    _refuse_missing(symbols, f"its column {name} holds {len(told):,} contracts, such as {shown}")
    runs = _runs(symbols, times)
    for before, after in pairwise(runs):
        if after.first <= before.last:
            raise DataFileError(
                f"its column {name} holds {len(told):,} contracts, such as {shown}, that overlap: "
                f"{before.symbol} goes on until {written(before.last)}, and {after.symbol} begins at "
                f"{written(after.first)}; leave in it, of each time, the contract that the series is of"
            )
    joined = ", ".join(f"{run.symbol} from {written(run.first)}" for run in runs[:_SHOWN])
    more = f", and {len(runs) - _SHOWN:,} more" if len(runs) > _SHOWN else ""
    return f"{len(runs):,} contracts were joined as they stand, prices not adjusted: {joined}{more}"


def _refuse_missing(symbols: pa.Array, beginning: str) -> None:
    without = len(symbols) - int(known(trimmed(symbols)).sum())
    if without:
        raise DataFileError(
            f"{beginning}, and nothing in {without:,} row{'s' if without > 1 else ''}; write the contract "
            f"there, or leave the column out"
        )


def _root(symbol: str) -> tuple[str, str] | None:
    """Return what contracts of one market have in common, or None for what is no contract."""
    found = _CONTRACT.fullmatch(symbol.strip())
    return None if found is None else (found["root"].upper(), found["rest"].upper())


def _runs(symbols: pa.Array, times: NDArray[np.datetime64]) -> list[_Contract]:
    """Return when each contract begins and ends, in the order of their first rows."""
    coded = pc.dictionary_encode(symbols)
    names = [str(name) for name in coded.dictionary.to_pylist()]
    codes = view(coded.indices.cast(pa.int64()), np.int64(-1))
    there = known(symbols) & ~np.isnat(times)
    runs = []
    for code, symbol in enumerate(names):
        own = times[there & (codes == code)]
        if symbol and len(own):
            runs.append(_Contract(symbol=symbol, first=own.min(), last=own.max()))
    return sorted(runs, key=lambda run: run.first)
