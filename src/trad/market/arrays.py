"""Arrow's arrays as NumPy sees them: whoever imports this loads Arrow.

Arrow loads pandas, which takes seconds, in `to_numpy()`, and in `pa.array()` and `pa.scalar()`, which
compute functions call on plain values. Nothing here does: arrays meet arrays and buffers alone.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Place = Callable[[int], str]
"""Names a row, counted from 0, for a message: `row 7`, `line 9`."""

Number = TypeVar("Number", np.int64, np.float64)


def joined(column: pa.ChunkedArray) -> pa.Array:
    """Join a column's chunks into one array; write categories and views of text out."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)


def view(values: pa.Array, missing: Number) -> NDArray[Number]:
    """See a 64-bit array as NumPy's, without a copy if it has no nulls.

    Nulls become `missing`, whose type is the result's.
    """
    if not len(values):
        return np.empty(0, type(missing))
    whole = np.frombuffer(values.buffers()[1], type(missing))
    seen = whole[values.offset : values.offset + len(values)]
    return np.where(known(values), seen, missing) if values.null_count else seen


def known(values: pa.Array) -> NDArray[np.bool_]:
    """Say of each value whether it is not null."""
    return np.frombuffer(values.is_valid().cast(pa.uint8()).buffers()[1], np.uint8)[: len(values)] > 0


def trimmed(text: pa.Array) -> pa.Array:
    """Cut the spaces round texts; empty ones become null."""
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.utf8_length(text).cast(pa.bool_()), text, pa.nulls(len(text), text.type))


def first_known(values: pa.Array) -> pa.Array:
    """Cut out the first value that is not null; an empty array where there is none."""
    place = int(np.argmax(known(values))) if values.null_count < len(values) else len(values)
    return values.slice(place, 1)


def first_failing(values: pa.Array, convert: Callable[[pa.Array], object]) -> int:
    """Find the first value that `convert` refuses, knowing that it refuses the whole."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            convert(values.slice(low, middle - low))
        except pa.ArrowInvalid:
            high = middle
        else:
            low = middle
    return low
