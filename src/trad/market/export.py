"""Candles into files for other programs: whoever calls this loads Arrow."""

from pathlib import Path

import pyarrow.csv

from trad.errors import DataFileError, InputError
from trad.market.arrow_files import candles_table, write_feather, write_parquet
from trad.market.candles import Candles
from trad.market.whole_files import whole_file

EXPORTED = (".csv", ".parquet", ".feather")
"""The endings of the files that can be written."""


def export_candles(candles: Candles, path: Path, *, replace: bool = False) -> None:
    """Write candles to a file whose ending says how: text, Parquet or Feather.

    Its columns are `timestamp` (UTC), `open`, `high`, `low`, `close`, `volume`; read again they are the same
    to the last bit. The file appears whole or not at all.

    Args:
        candles: What to write.
        path: With one of `EXPORTED`, in a folder that is there.
        replace: Whether a file that is there gives way.

    Raises:
        InputError: The ending is another, the folder is not there, or the file is.
        DataFileError: The file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in EXPORTED:
        raise InputError(f"{path} has {ending or 'no ending'}; Trad writes {', '.join(EXPORTED)}")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}; make it first")
    if path.is_dir() or (path.exists() and not replace):
        raise InputError(f"{path} is there already; choose another name, or give --replace")
    marks = {"trad.symbol": candles.name}
    try:
        with whole_file(path, mode=0o666) as file:
            if ending == ".csv":
                pyarrow.csv.write_csv(candles_table(candles.timestamp, candles.columns, marks), file)
            else:
                write = write_parquet if ending == ".parquet" else write_feather
                write(file, candles.timestamp, candles.columns, marks)
    except OSError as error:
        raise DataFileError(f"{path} cannot be written: {error.strerror or error}; choose another") from None
