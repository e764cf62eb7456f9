"""Files of candles: Parquet, Arrow (Feather) and CSV."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trad.errors import CandlesError, DataFileError
from trad.market.candles import Candles
from trad.market.checks import check_candles, refuse_bad_candles
from trad.market.columns import RawCandles
from trad.market.report import CandleReport

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET = (".parquet", ".pq")
ARROW = (".feather", ".arrow", ".ipc")
TEXT = (".csv", ".txt", ".tsv")
ENDINGS = (*PARQUET, *ARROW, *TEXT, *(f"{ending}.gz" for ending in TEXT))
"""The endings of the files that can be read; case does not matter."""

MOST_CELLS = 2_000_000_000
"""The most values (rows x columns) that are read from one file where no other limit is given."""


def read_candles(path: str | Path, *, name: str | None = None, most_cells: int = MOST_CELLS) -> Candles:
    """Read a file of candles by the usual column names.

    Args:
        path: A file with one of `ENDINGS`. Text files need a header; the fields are parted by commas,
            semicolons or tabs, the times are ISO 8601 or counted since 1970, UTC without a zone.
        name: What the series is called; the file's name without its ending if not given.
        most_cells: The most values that are read: small files can unfold to many gigabytes.

    Raises:
        DataFileError: The file cannot be read as a table of candles; the message says why.
        CandlesError: The candles break a rule.
    """
    path = Path(path)
    timestamp, columns = read_table(path, most_cells=most_cells)
    refuse_bad_candles(timestamp, columns, name=str(path))
    return Candles.trusted(timestamp, columns, name=name or path.name.removesuffix(_ending(path)))


def check_file(path: str | Path, *, most_cells: int = MOST_CELLS) -> CandleReport:
    """Report on a file's candles, good or bad.

    Raises:
        DataFileError: The file cannot be read as a table of candles.
    """
    return check_candles(*read_table(path, most_cells=most_cells))


def read_table(path: str | Path, *, most_cells: int = MOST_CELLS) -> RawCandles:
    """Read a file's times, prices and volume without refusing bad candles.

    Raises:
        DataFileError: There is no such file, or it is no table of candles; the message says why.
    """
    path = _existing(Path(path))
    # Arrow takes a third of a second to load, and most starts of the program read no file.
    from trad.market.tables import raw_candles

    try:
        table = _arrow_table(path, most_cells)
        if not table.num_rows:
            raise DataFileError(f"{path} holds no candles; at least one row is needed")
        if path.name.lower().endswith(TEXT) or path.suffix.lower() == ".gz":
            from trad.market.delimited import line_of  # loads Arrow

            return raw_candles(table, place=partial(line_of, path))
        return raw_candles(table, place=lambda row: f"row {row:,}")
    except CandlesError as error:
        raise DataFileError(f"{path}: {error}") from None
    except OSError as error:
        reason = error.strerror or error
        raise DataFileError(f"{path} cannot be read: {reason}; fetch or write it again") from None


def _arrow_table(path: Path, most_cells: int) -> "pa.Table":
    from trad.market import arrow_files, delimited  # loads Arrow

    ending = _ending(path).lower()
    if ending in PARQUET:
        return arrow_files.read_parquet(path, most_cells=most_cells)
    if ending in ARROW:
        return arrow_files.read_arrow(path, most_cells=most_cells)
    return delimited.read_delimited(path, most_cells=most_cells)


def _existing(path: Path) -> Path:
    if path.is_dir():
        raise DataFileError(f"{path} is a folder; name a file in it")
    if not path.exists():
        raise DataFileError(f"there is no file {path}; check the path, it is looked up from {Path.cwd()}")
    if not _ending(path):
        ending = f"the ending {path.suffix}" if path.suffix else "no ending"
        raise DataFileError(f"{path} has {ending}; Trad reads {', '.join(ENDINGS)}")
    if not path.stat().st_size:
        raise DataFileError(f"{path} is empty; fetch or write it again")
    return path


def _ending(path: Path) -> str:
    """Return the known ending as it is written, or nothing."""
    lower = path.name.lower()
    known = max((ending for ending in ENDINGS if lower.endswith(ending)), key=len, default="")
    return path.name[len(path.name) - len(known) :] if known else ""
