"""Arrow tables into plain columns of candles: whoever imports this loads Arrow."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trad.errors import CandlesError
from trad.market.arrays import Place, first_failing, joined, trimmed, view
from trad.market.columns import COLUMNS, RawCandles, find_columns
from trad.market.times import milliseconds, with_time_of_day

_NUMERIC = (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal, pa.types.is_null)


def raw_candles(table: pa.Table, *, place: Place) -> RawCandles:
    """Find the columns of candles in a table and read them; what is missing becomes NaN or NaT.

    The columns may share the table's memory.

    Raises:
        CandlesError: A column is missing, or holds something else than times or numbers; the message
            shows the first such value and where it stands.
    """
    found = find_columns(table.column_names)
    labels = {role: table.column_names[index] for role, index in found.items()}
    stamps = joined(table.column(found["timestamp"]))
    if "time_of_day" in found:
        stamps = with_time_of_day(stamps, joined(table.column(found["time_of_day"])))
    columns = {
        role: numbers(joined(table.column(found[role])), label=labels[role], place=place)
        if role in found
        else np.zeros(table.num_rows)
        for role in COLUMNS
    }
    return RawCandles(milliseconds(stamps, label=labels["timestamp"], place=place), columns)


def numbers(values: pa.Array, *, label: str, place: Place) -> NDArray[np.float64]:
    """Read numbers as float64, NaN where there is none; text is parsed.

    Raises:
        CandlesError: A value is no number.
    """
    kind = values.type
    if pa.types.is_string(kind):
        values = _parsed(trimmed(values), label, place)
    elif not any(is_kind(kind) for is_kind in _NUMERIC):
        raise CandlesError(f"the column {label} holds {kind}; prices and volume are plain numbers")
    return view(values.cast(pa.float64(), safe=False), np.float64("nan"))


def _parsed(text: pa.Array, label: str, place: Place) -> pa.Array:
    try:
        return text.cast(pa.float64())
    except pa.ArrowInvalid:
        row = first_failing(text, lambda part: part.cast(pa.float64()))
        found = str(text[row].as_py())[:40]
        raise CandlesError(
            f"the column {label} holds {found!r} at {place(row)}; prices and volume are plain numbers "
            f"such as 4787.25, without currency signs or thousands separators"
        ) from None
