"""Text files of candles (CSV and its kin) into Arrow tables: whoever imports this loads Arrow."""

import csv
import gzip
import re
import zlib
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from trad.errors import DataFileError
from trad.market.columns import find_columns

_HEAD = 1 << 16
_BLOCK = 1 << 23  # bytes parsed at a time: small enough to stop early, large enough for two threads
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"[+-]?[\d.,:/ TZ-]*\d[\d.,:/ TZ-]*")
_DECIMAL_POINT = re.compile(r"[+-]?\d+\.\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_NO_VALUE = ["", "null", "NULL", "Null", "nan", "NaN", "NAN", "NA", "N/A", "n/a", "#N/A", "None", "-"]

_NOT_TEXT = {
    b"PAR1": "a Parquet file; name it .parquet",
    b"ARROW1": "an Arrow file; name it .arrow",
    b"PK\x03\x04": "a zip archive; unpack it first",
    b"\x1f\x8b": "compressed with gzip; name it .csv.gz",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
    b"%PDF": "a PDF; export a CSV instead",
    b"SQLite": "an SQLite database; export a CSV instead",
}
_MARKUP = ("<!doctype", "<html", "<head", "<?xml", "<body")


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How a text file is written, as its first lines tell.

    Attributes:
        names: The header.
        skipped: Lines up to and with the header.
        delimiter: What parts the fields.
        decimal: What parts a number's fraction: `.` or `,`.
    """

    names: list[str]
    skipped: int
    delimiter: str
    decimal: str


def read_delimited(path: Path, *, most_cells: int) -> pa.Table:
    """Read the columns of candles: prices and volume as float64, times as text.

    Where a price is no number, all columns are text: whoever reads on meets it, and tells where it is.

    Raises:
        DataFileError: The file is empty, no text, has no header or a ragged line, or holds more than
            `most_cells` values.
        CandlesError: A column is missing.
    """
    layout = _layout(path)
    wanted = sorted(set(find_columns(layout.names).values()))
    try:
        table = _read(path, layout, wanted, most_cells, as_text=False)
    except pa.ArrowInvalid:
        table = _read(path, layout, wanted, most_cells, as_text=True)
    return table


def line_of(path: Path, row: int) -> str:
    """Name the line of the file that holds a row of candles, which counts from 0."""
    skipped = _layout(path).skipped
    with _opened(path) as file:
        for number, line in enumerate(file, 1):
            if number > skipped and line.strip():
                if row == 0:
                    return f"line {number:,}"
                row -= 1
    return "the end"


def _read(path: Path, layout: Layout, wanted: list[int], most_cells: int, *, as_text: bool) -> pa.Table:
    ragged: list[pv.InvalidRow] = []

    def refuse_ragged(row: pv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    reading = pv.ReadOptions(
        column_names=[str(place) for place in range(len(layout.names))],
        skip_rows=layout.skipped,
        block_size=_BLOCK,
        use_threads=not as_text,  # without threads a ragged row knows its number
    )
    parsing = pv.ParseOptions(delimiter=layout.delimiter, invalid_row_handler=refuse_ragged)
    try:
        with pa.input_stream(str(path)) as stream:
            batches = pv.open_csv(stream, reading, parsing, _conversion(layout, wanted, as_text=as_text))
            table = _gathered(path, batches, most_cells)
    except pa.ArrowInvalid as error:
        if as_text:
            raise _untabular(path, layout, ragged, error) from None
        raise
    if as_text and layout.decimal == ",":
        plain = [pc.replace_substring(column, ",", ".") for column in table.columns]
        table = pa.table(plain, table.column_names)
    return table.rename_columns([layout.names[place] for place in wanted])


def _conversion(layout: Layout, wanted: list[int], *, as_text: bool) -> pv.ConvertOptions:
    role = find_columns(layout.names)
    times = {role["timestamp"], role.get("time_of_day", role["timestamp"])}
    return pv.ConvertOptions(
        include_columns=[str(place) for place in wanted],
        column_types={
            str(place): pa.string() if as_text or place in times else pa.float64() for place in wanted
        },
        strings_can_be_null=True,
        null_values=_NO_VALUE,
        decimal_point=layout.decimal,
    )


def _untabular(path: Path, layout: Layout, ragged: list[pv.InvalidRow], error: Exception) -> DataFileError:
    if ragged and ragged[0].number is not None:
        place = line_of(path, ragged[0].number - 1 - layout.skipped)
        return DataFileError(
            f"{path} has {ragged[0].actual_columns} fields at {place}, where its header names "
            f"{ragged[0].expected_columns}; every line has the fields of the header"
        )
    return DataFileError(f"{path} cannot be read as a table: {error}; save it as CSV in UTF-8")


def _gathered(path: Path, batches: pv.CSVStreamingReader, most_cells: int) -> pa.Table:
    read, cells = [], 0
    for batch in batches:
        cells += batch.num_rows * batch.num_columns
        if cells > most_cells:
            raise DataFileError(
                f"{path} holds more than {most_cells:,} values, the most that Trad reads; "
                f"cut the file, or raise TRAD_MOST_CELLS"
            )
        read.append(batch)
    return pa.Table.from_batches(read, batches.schema)


def _layout(path: Path) -> Layout:
    lines = _head(path).splitlines()
    skipped = next((number for number, line in enumerate(lines, 1) if line.strip()), 0)
    if not skipped:
        raise DataFileError(f"{path} is empty; it needs a header and candles")
    header = lines[skipped - 1]
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
    if sum(bool(_NUMBER.fullmatch(name)) for name in names) > len(names) // 2:
        raise DataFileError(
            f"{path} has no header: its first line is {header[:60]!r}; put a line above it that names the "
            f"columns, such as timestamp,open,high,low,close,volume"
        )
    below = [line for line in lines[skipped:] if line.strip()]
    if not below:
        raise DataFileError(f"{path} has a header but no candles below it")
    return Layout(names=names, skipped=skipped, delimiter=delimiter, decimal=_decimal(below, delimiter))


def _decimal(lines: list[str], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    fields = [field.strip(' "') for line in lines for field in line.split(delimiter)]
    points = any(_DECIMAL_POINT.fullmatch(field) for field in fields)
    return "," if not points and any(_DECIMAL_COMMA.fullmatch(field) for field in fields) else "."


def _head(path: Path) -> str:
    """Read the first lines of the file as text.

    Raises:
        DataFileError: It is something else than text, or a broken archive.
    """
    with _opened(path) as file:
        try:
            head = file.read(_HEAD)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataFileError(f"{path} is no whole gzip archive: {error}; fetch it again") from None
    for magic, what in _NOT_TEXT.items():
        if head.startswith(magic):
            raise DataFileError(f"{path} is no CSV but {what}")
    if b"\0" in head:
        raise DataFileError(f"{path} is no CSV: it holds binary data; export the candles as CSV or Parquet")
    text = head.decode("utf-8-sig", errors="replace")
    start = text.lstrip()[:20].lower()
    if start.startswith(_MARKUP):
        raise DataFileError(
            f"{path} is no CSV but a web page; open the link in a browser and save the data itself"
        )
    if start.startswith(("{", "[")):
        raise DataFileError(f"{path} is no CSV but JSON; save its rows as CSV or Parquet")
    return text


def _opened(path: Path) -> BufferedIOBase:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")
