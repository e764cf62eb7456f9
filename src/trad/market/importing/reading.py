"""One file into rows, whatever it is: whoever imports this loads Arrow."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as pf
import pyarrow.parquet as pq

from trad.errors import DataFileError
from trad.market.arrays import joined
from trad.market.importing.dialect import Dialect, sniff, split
from trad.market.importing.heads import read_head
from trad.market.importing.json_files import read_json
from trad.market.importing.options import ImportOptions
from trad.market.importing.part import Part, make_part
from trad.market.importing.roles import by_name, by_user, with_dates
from trad.market.importing.text_encoding import encoding_note
from trad.market.importing.text_files import Fields, Told, read_fields
from trad.market.importing.time_columns import TIMES
from trad.market.importing.without_header import by_content

_SHOWN_ROWS = 400


def read_part(path: Path, options: ImportOptions, told: Told) -> Part:
    """Read one file.

    Raises:
        DataFileError: It is no table of candles, or something about it must be said; the message says what,
            and by which flag. It begins with the file's name.
    """
    try:
        return _read(path, options, told)
    except DataFileError as error:
        raise DataFileError(f"{path}: {error}") from None
    except OSError as error:
        raise DataFileError(
            f"{path} cannot be read: {error.strerror or error}; fetch or write it again"
        ) from None
    except (
        pa.ArrowException,
        OverflowError,
        UnicodeDecodeError,
    ) as error:  # the last: a broken name of a column
        reason = str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
        raise DataFileError(f"{path} cannot be read: {reason}; fetch or write it again") from None


def _read(path: Path, options: ImportOptions, told: Told) -> Part:
    if path.is_dir():
        raise DataFileError("it is a folder; name the files in it")
    if not path.exists():
        raise DataFileError(f"there is no such file; it is looked up from {Path.cwd()}")
    if not path.stat().st_size:
        raise DataFileError("it is empty; fetch or write it again")
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(b"PAR1"):
        return _typed(_parquet(path, options), options)
    if magic.startswith(b"ARROW1") or (magic.startswith(b"\xff\xff\xff\xff") and path.stat().st_size > 8):
        return _typed(_arrow(path, options), options)
    if magic.startswith(b"FEA1"):
        raise DataFileError("it is a Feather file of the first version; write it again with a newer pandas")
    lines, encoding, whole = read_head(path, options.columns)
    if lines[0].lstrip()[:1] in ("{", "[") or (
        len(lines) > 1 and lines[0] == "" and lines[1][:1] in ("{", "[")
    ):
        return _from_fields(read_json(path, most_cells=options.most_cells), options, [])
    return _text(path, lines, encoding, options, told, whole=whole)


def _text(
    path: Path, lines: Sequence[str], encoding: str, options: ImportOptions, told: Told, *, whole: bool
) -> Part:
    dialect = sniff(lines, whole=whole)
    odd = encoding_note(encoding)
    try:
        roles, notes = _roles(dialect, lines, options)
    except DataFileError as error:
        raise DataFileError(
            f"{error}{f' ({odd}; where names look wrong, save it as UTF-8)' if odd else ''}"
        ) from None
    texts = [roles[role] for role in (*TIMES, "symbol") if role in roles]
    wanted = sorted(set(roles.values()))
    fields = read_fields(
        path, dialect, encoding, wanted, texts, lines, most_cells=options.most_cells, told=told
    )
    if not fields.columns or not len(fields.columns[wanted[0]]):
        raise DataFileError("it has a header but no candles below it")
    return make_part(fields, roles, options, [*([odd] if odd else []), *dialect.notes, *notes])


def _roles(
    dialect: Dialect, lines: Sequence[str], options: ImportOptions
) -> tuple[dict[str, int], list[str]]:
    known = by_user(options.columns, dialect.names or (), dialect.fields)
    below = [
        split(line, dialect.delimiter)
        for line in lines[dialect.above : dialect.above + _SHOWN_ROWS]
        if line.strip()
    ]
    below = [row for row in below if len(row) == dialect.fields]
    if dialect.names is not None:
        return with_dates(by_name(dialect.names, known), dialect.names, below), []
    roles, note = by_content(below, known)
    return roles, [note]


def _from_fields(fields: Fields, options: ImportOptions, notes: Sequence[str]) -> Part:
    """Find the roles in a table that is there as texts already."""
    known = by_user(options.columns, fields.names, len(fields.names))
    if any(fields.names):
        return make_part(fields, by_name(fields.names, known), options, notes)
    few = [
        [str(fields.columns[place][row].as_py()) for place in range(len(fields.names))]
        for row in range(min(_SHOWN_ROWS, len(fields.columns[0])))
    ]
    roles, note = by_content(few, known)
    return make_part(fields, roles, options, [*notes, note])


def _parquet(path: Path, options: ImportOptions) -> pa.Table:
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        wanted = _wanted(names, options)
        _refuse_too_many(file.metadata.num_rows, len(wanted), options.most_cells)
        return file.read(columns=[names[place] for place in wanted])


def _arrow(path: Path, options: ImportOptions) -> pa.Table:
    with pa.OSFile(str(path)) as source:
        if source.read(6) == b"ARROW1":
            names = pa.ipc.open_file(source).schema.names
            wanted = _wanted(names, options)
        else:
            source.seek(0)
            names = pa.ipc.open_stream(source).schema.names
            wanted = _wanted(names, options)
            source.seek(0)
            return pa.ipc.open_stream(source).read_all().select([names[place] for place in wanted])
    table = pf.read_table(path, columns=[names[place] for place in wanted], memory_map=False)
    _refuse_too_many(table.num_rows, len(wanted), options.most_cells)
    return table


def _wanted(names: Sequence[str], options: ImportOptions) -> list[int]:
    known = by_user(options.columns, names, len(names))
    return sorted(set(by_name(names, known).values()))


def _refuse_too_many(rows: int, columns: int, most_cells: int) -> None:
    if rows * columns > most_cells:
        raise DataFileError(
            f"it holds {rows:,} rows of {columns} columns, {rows * columns:,} values; Trad reads at "
            f"most {most_cells:,}: "
            f"cut the file, or raise TRAD_MOST_CELLS"
        )


def _typed(table: pa.Table, options: ImportOptions) -> Part:
    if not table.num_rows:
        raise DataFileError("it holds no candles; at least one row is needed")
    names = table.column_names
    columns = {place: joined(table.column(place)) for place in range(len(names))}
    fields = Fields(names=names, columns=columns, lost=0, examples=[], line=lambda row: f"row {row + 1:,}")
    known = by_user(options.columns, names, len(names))
    return make_part(fields, by_name(names, known), options, [])
