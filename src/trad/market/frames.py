"""Columns of candles out of the frames that users hold: pandas, Polars, Arrow."""

import sys
from typing import TYPE_CHECKING

from trad.errors import CandlesError
from trad.market.columns import RawCandles, find_columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def columns_from_frame(frame: object) -> RawCandles:
    """Read time, prices and volume from a frame by the usual column names, in any case.

    Args:
        frame: A pandas DataFrame; a pyarrow Table or RecordBatch; a Polars DataFrame or anything else
            that hands itself over as Arrow or through `to_pandas()`.

    Returns:
        The columns, unchecked. They may share memory with the frame: copy before keeping them.

    Raises:
        CandlesError: It is no frame, a column is missing, or one holds neither times nor numbers.
    """
    # Arrow takes a third of a second to load, and most starts of the program see no frame.
    from trad.market.tables import raw_candles

    return raw_candles(_as_table(frame), place=lambda row: f"row {row:,}")


def _as_table(frame: object) -> "pa.Table":
    import pyarrow as pa  # loaded by now: see above

    pandas = sys.modules.get("pandas")  # whoever holds a pandas frame has loaded pandas
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return _from_pandas(frame)
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    if hasattr(frame, "to_pandas"):
        return _from_pandas(frame.to_pandas())
    kind = f"{type(frame).__module__}.{type(frame).__qualname__}".removeprefix("builtins.")
    raise CandlesError(f"the frame was a {kind}; give a pandas or Polars DataFrame, or a pyarrow Table")


def _from_pandas(frame: "pd.DataFrame") -> "pa.Table":
    """Take over the columns that matter, and the index where it holds the time."""
    import pandas as pd  # loaded by whoever made the frame
    import pyarrow as pa  # likewise

    names = [_plain_name(name) for name in frame.columns]
    columns = [frame.iloc[:, place] for place in range(len(names))]
    index = frame.index
    if isinstance(index, pd.DatetimeIndex):
        # An index of times is the surest sign of all: the name ranks first.
        times = [place for place, name in enumerate(names) if name.lower() == "timestamp"]
        names = ["timestamp", *(name for place, name in enumerate(names) if place not in times)]
        columns = [index.to_series(), *(column for place, column in enumerate(columns) if place not in times)]
    elif index.name is not None and not isinstance(index, pd.RangeIndex):
        names, columns = [str(index.name), *names], [index.to_series(), *columns]
    places = sorted(set(find_columns(names).values()))
    arrays = {}
    for place in places:
        try:
            arrays[names[place]] = pa.Array.from_pandas(columns[place])
        except pa.ArrowException as error:
            raise CandlesError(f"the column {names[place]} holds values of several kinds: {error}") from None
    return pa.table(arrays)


def _plain_name(name: object) -> str:
    """Name a column; of a header in several levels (`("Close", "AAPL")`) the level that means something."""
    if not isinstance(name, tuple):
        return str(name)
    known = ("open", "high", "low", "close", "volume", "date", "datetime", "timestamp")
    return next((str(part) for part in name if str(part).lower() in known), " ".join(map(str, name)))
