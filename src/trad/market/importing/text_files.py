"""Text files into columns of texts and numbers: whoever imports this loads Arrow."""

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pv

from trad.errors import DataFileError
from trad.market.importing.archives import BROKEN, opened
from trad.market.importing.dialect import Dialect, split

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 1 << 20
_BLOCK = 1 << 23
_PLAIN_NUMBER = re.compile(r"[-+]?\d*\.?\d+([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")
_SHOWN = 3
EVENTS = r"(?i)\b(dividends?|stock splits?|capital gains?)\b"
_PROSE = re.compile(r"\W*(downloaded from|source:|copyright)|\s*(#|//)", re.IGNORECASE)

Told = Callable[[int], None]
"""Is told how many bytes of the file were read so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """A table as it was read.

    Attributes:
        names: What its columns are called; empty texts without a header.
        columns: Texts, numbers or times, by place; those that nobody wants are absent.
        lost: Lines that have another number of fields than the table.
        examples: The first of them.
        line: Names the line of a row.
        semicolons: Whether semicolons part the fields, as where commas part fractions.
        events: Lines left out that tell of dividends and splits.
        below: Lines left out that tell where the table is from.
    """

    names: list[str]
    columns: dict[int, pa.Array]
    lost: int
    examples: list[str]
    line: Callable[[int], str]
    semicolons: bool = False
    events: int = 0
    below: tuple[str, ...] = ()


def read_fields(
    path: Path,
    dialect: Dialect,
    encoding: str,
    wanted: Sequence[int],
    texts: Sequence[int],
    sample: Sequence[str],
    *,
    most_cells: int,
    told: Told,
) -> Fields:
    """Read columns of a text file: plain numbers as such, all else as text.

    Args:
        path: The file.
        dialect: How it is written.
        encoding: Its encoding.
        wanted: Places of the columns that are read.
        texts: Those among them that stay text, as times do.
        sample: Its first lines.
        most_cells: The most values that are read.
        told: Is told of the bytes read.

    Raises:
        DataFileError: It is broken, or holds more than `most_cells` values.
    """
    rows = [split(line, dialect.delimiter) for line in sample[dialect.above :] if line.strip()]
    numeric = [place for place in wanted if place not in texts]
    # All or none: 1.500 beside 1.234,50 is a thousand and a half, and by itself looks like one and a half.
    plain = (
        numeric
        if all(
            _PLAIN_NUMBER.fullmatch(row[place])
            for row in rows
            for place in numeric
            if len(row) == dialect.fields
        )
        else []
    )
    if dialect.delimiter == ";" and _may_be_thousands(
        [row[place] for row in rows for place in plain[:5] if len(row) > place]
    ):
        plain = []
    for numbers in (plain, []) if plain else ([],):
        try:
            return _read(path, dialect, encoding, wanted, numbers, most_cells=most_cells, told=told)
        except pa.ArrowInvalid as error:
            failure = error
    raise DataFileError(f"it cannot be read as a table: {str(failure).splitlines()[0][:160]}")


def _may_be_thousands(numbers: Sequence[str]) -> bool:
    """Whether every point stands before three digits, as in 45.008, while semicolons tell of commas."""
    pointed = [number for number in numbers if "." in number]
    return bool(pointed) and all(_THOUSANDS.fullmatch(number) for number in pointed)


@dataclass(kw_only=True, slots=True)
class _LeftOut:
    """Lines with another number of fields than the table."""

    lost: int = 0
    examples: list[str] = field(default_factory=list)
    events: int = 0
    prose: list[str] = field(default_factory=list)

    def leave_out(self, row: pv.InvalidRow) -> str:
        """Note a line, and have Arrow pass over it."""
        if re.search(EVENTS, row.text):
            self.events += 1
        elif _PROSE.match(row.text):
            self.prose.append(row.text.strip()[:60])
        else:
            self.lost += 1
            if len(self.examples) < _SHOWN:
                told = f"{row.actual_columns} fields where {row.expected_columns} belong"
                self.examples.append(f"{told}: {row.text[:60]!r}")
        return "skip"


def _read(
    path: Path,
    dialect: Dialect,
    encoding: str,
    wanted: Sequence[int],
    numbers: Sequence[int],
    *,
    most_cells: int,
    told: Told,
) -> Fields:
    out = _LeftOut()

    kinds = {str(place): pa.float64() if place in numbers else pa.string() for place in wanted}
    reading = pv.ReadOptions(
        column_names=[str(place) for place in range(dialect.fields)],
        skip_rows=dialect.above,
        block_size=_BLOCK,
    )
    parsing = pv.ParseOptions(delimiter=dialect.delimiter, invalid_row_handler=out.leave_out)
    conversion = pv.ConvertOptions(
        include_columns=list(kinds), column_types=kinds, strings_can_be_null=False, null_values=[]
    )
    batches, cells = [], 0
    try:
        with _stream(path, dialect, encoding, told) as stream:
            for batch in pv.open_csv(stream, reading, parsing, conversion):
                cells += batch.num_rows * batch.num_columns
                if cells > most_cells:
                    raise DataFileError(
                        f"it holds more than {most_cells:,} values, the most that Trad reads; cut the "
                        f"file, or raise "
                        f"TRAD_MOST_CELLS"
                    )
                batches.append(batch)
    except BROKEN as error:
        raise DataFileError(f"it is no whole archive: {error}; fetch it again") from None
    table = pa.Table.from_batches(batches) if batches else None
    columns = {} if table is None else {int(name): _one(table.column(name)) for name in table.column_names}
    names = list(dialect.names or [""] * dialect.fields)
    return Fields(
        names=names,
        columns=columns,
        lost=out.lost,
        examples=out.examples,
        events=out.events,
        below=tuple(out.prose),
        line=lambda row: _line(path, dialect, row),
        semicolons=dialect.delimiter == ";",
    )


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _line(path: Path, dialect: Dialect, row: int) -> str:
    """Name the line of a row of candles; only a file without lines left out is counted exactly."""
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            if number > dialect.above and line.strip():
                if row == 0:
                    return f"line {number:,}"
                row -= 1
    return "the end"


class _Utf8(RawIOBase):
    """Reads text of any encoding as UTF-8, and tells how many bytes of it were read.

    What no encoding has becomes U+FFFD: Arrow would complain about a line of it to stderr.
    """

    def __init__(self, raw: IO[bytes], encoding: str, told: Told) -> None:
        self._raw, self._told = raw, told
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready, self._seen = b"", 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill the buffer as far as one piece of the file goes; 0 at the end."""
        room = memoryview(buffer).cast("B")
        while not self._ready:
            data = self._raw.read(_PIECE)
            self._seen += len(data)
            self._told(self._seen)
            self._ready = self._decoder.decode(data, final=not data).encode()
            if not data:
                break
        part = self._ready[: len(room)]
        room[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)

    def close(self) -> None:
        """Close the file underneath, too."""
        self._raw.close()
        super().close()


def _stream(path: Path, dialect: Dialect, encoding: str, told: Told) -> IO[bytes]:
    text = BufferedReader(_Utf8(opened(path), encoding, told), _PIECE)
    if dialect.delimiter != " ":
        return text
    # Any number of spaces parts two fields; such files are small.
    with text:
        data = re.sub(rb"[ \t]+", b" ", text.read())
    return BytesIO(re.sub(rb"^ | $", b"", data, flags=re.MULTILINE))
