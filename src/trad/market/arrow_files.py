"""Parquet and Arrow files into tables: whoever imports this loads Arrow."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import view
from trad.market.columns import find_columns

_FEATHER_ROWS = 1 << 16  # what other programs write, so that theirs read it piece by piece

TIME = frozenset({"timestamp", "time_of_day"})
"""The roles of the columns that a candle's time stands in."""


def read_parquet(path: Path, *, most_cells: int, roles: Collection[str] | None = None) -> pa.Table:
    """Read the columns of candles from a Parquet file, whose size is looked at first.

    A megabyte of Parquet can unfold to gigabytes. `roles` are those of the columns to read; all if not given.

    Raises:
        DataFileError: The file is truncated or no Parquet, or holds more than `most_cells` values.
        CandlesError: A column is missing.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            wanted = [names[place] for place in _places(names, roles)]
            _refuse_too_many(path, file.metadata.num_rows, len(wanted), most_cells)
            return file.read(columns=wanted)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last: a broken name
        raise _unreadable(path, "Parquet", error) from None


def read_arrow(path: Path, *, most_cells: int, roles: Collection[str] | None = None) -> pa.Table:
    """Read the columns of candles from an Arrow file or stream (Feather); `roles` as for `read_parquet`.

    Raises:
        DataFileError: The file is truncated or no Arrow, or holds more than `most_cells` values.
        CandlesError: A column is missing.
    """
    try:
        # Not memory-mapped: the candles must not change when the user's file does.
        with pa.OSFile(str(path)) as source:
            if source.read(6) == b"ARROW1":
                names = pa.ipc.open_file(source).schema.names
            else:
                source.seek(0)
                names = pa.ipc.open_stream(source).schema.names
        options = pa.ipc.IpcReadOptions(included_fields=_places(names, roles))
        with pa.OSFile(str(path)) as source:
            return _gathered(path, source, options, most_cells)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last: a broken name
        raise _unreadable(path, "Arrow", error) from None


def _places(names: list[str], roles: Collection[str] | None) -> list[int]:
    found = find_columns(names)
    return sorted({place for role, place in found.items() if roles is None or role in roles})


def _gathered(path: Path, source: pa.NativeFile, options: pa.ipc.IpcReadOptions, most_cells: int) -> pa.Table:
    if source.read(6) == b"ARROW1":
        reader = pa.ipc.open_file(source, options=options)
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
    else:
        source.seek(0)
        reader = batches = pa.ipc.open_stream(source, options=options)
    read, rows = [], 0
    for batch in batches:
        rows += batch.num_rows
        _refuse_too_many(path, rows, batch.num_columns, most_cells)
        read.append(batch)
    return pa.Table.from_batches(read, reader.schema)


def _refuse_too_many(path: Path, rows: int, columns: int, most_cells: int) -> None:
    if rows * columns > most_cells:
        raise DataFileError(
            f"{path} holds {rows:,} rows of {columns} columns, {rows * columns:,} values; Trad reads at most "
            f"{most_cells:,}: cut the file, or raise TRAD_MOST_CELLS"
        )


def _unreadable(path: Path, kind: str, error: Exception) -> DataFileError:
    reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return DataFileError(f"{path} is no whole {kind} file: {reason}; fetch or write it again")


def write_columns(
    file: BinaryIO,
    timestamp: NDArray[np.datetime64],
    columns: Mapping[str, NDArray[np.float64]],
    marks: Mapping[str, str],
) -> None:
    """Write columns as an Arrow file of one uncompressed batch, which can be mapped.

    Args:
        file: Where to write.
        timestamp: datetime64[ms], shape (n_rows,).
        columns: float64, shape (n_rows,), by name.
        marks: Texts that are kept beside the columns.
    """
    batch = _record_batch(timestamp, columns, marks)
    with pa.ipc.new_file(file, batch.schema) as writer:
        writer.write_batch(batch)


def write_parquet(
    file: BinaryIO,
    timestamp: NDArray[np.datetime64],
    columns: Mapping[str, NDArray[np.float64]],
    marks: Mapping[str, str],
) -> None:
    """Write columns as a compressed Parquet file; arguments as for `write_columns`."""
    pq.write_table(candles_table(timestamp, columns, marks), file, compression="zstd")


def write_feather(
    file: BinaryIO,
    timestamp: NDArray[np.datetime64],
    columns: Mapping[str, NDArray[np.float64]],
    marks: Mapping[str, str],
) -> None:
    """Write columns as a compressed Feather file; arguments as for `write_columns`."""
    table = candles_table(timestamp, columns, marks)
    with pa.ipc.new_file(file, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table, max_chunksize=_FEATHER_ROWS)


def candles_table(
    timestamp: NDArray[np.datetime64], columns: Mapping[str, NDArray[np.float64]], marks: Mapping[str, str]
) -> pa.Table:
    """See columns as an Arrow table; arguments as for `write_columns`."""
    return pa.Table.from_batches([_record_batch(timestamp, columns, marks)])


def _record_batch(
    timestamp: NDArray[np.datetime64], columns: Mapping[str, NDArray[np.float64]], marks: Mapping[str, str]
) -> pa.RecordBatch:
    rows = len(timestamp)
    types = {"timestamp": pa.timestamp("ms", "UTC"), **dict.fromkeys(columns, pa.float64())}
    # Built from buffers, for pa.array() loads pandas, which takes seconds.
    arrays = [
        pa.Array.from_buffers(types[name], rows, [None, pa.py_buffer(np.ascontiguousarray(values))])
        for name, values in {"timestamp": timestamp, **columns}.items()
    ]
    schema = pa.schema(list(types.items()), metadata=dict(marks))
    return pa.record_batch(arrays, schema=schema)


def map_columns(path: Path) -> tuple[NDArray[np.datetime64], dict[str, NDArray[np.float64]], dict[str, str]]:
    """Map what `write_columns` wrote: times, columns and marks. The arrays keep the mapping alive.

    Raises:
        DataFileError: The file is truncated, or was written by something else.
    """
    try:
        with pa.memory_map(str(path)) as source:
            reader = pa.ipc.open_file(source)
            batch = reader.get_batch(0)
            marks = {key.decode(): value.decode() for key, value in (reader.schema.metadata or {}).items()}
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last: a broken name
        raise _unreadable(path, "Arrow", error) from None
    times, *columns = batch.schema.types
    if times != pa.timestamp("ms", "UTC") or set(columns) != {pa.float64()} or not batch.num_rows:
        raise DataFileError(f"{path} holds no stored candles; delete it")
    mapped = {name: view(batch.column(name), np.float64("nan")) for name in batch.schema.names[1:]}
    return view(batch.column(0).view(pa.int64()), np.int64(0)).view("datetime64[ms]"), mapped, marks
