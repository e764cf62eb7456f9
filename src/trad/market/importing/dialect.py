"""How a text file of candles is written, as its first lines tell."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trad.errors import DataFileError

DELIMITERS = (",", ";", "\t", "|", " ")
FEWEST_FIELDS = 5
"""A time and four prices."""

_NUMBER = re.compile(r"[-+(]?[^\w\s]?\d[\d.,' \u00a0\u202f]*([eE][-+]?\d+)?\s*[%KkMmBbTt)]?[^\w\s]?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s*[AaPp][Mm])?|\d{6}|\d{4}")
_DATE_NAMES = ("date", "day", "datum", "fecha", "data", "dtyyyymmdd")
_COMMENTS = ("#", "//", "%", "--")


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How a text file is written.

    Attributes:
        delimiter: What parts the fields; a space stands for any number of spaces and tabs.
        names: The header; None without one.
        above: Lines above the first candle: prose, comments, the header.
        fields: How many fields a line of candles has.
        notes: What was odd, for the report.
    """

    delimiter: str
    names: tuple[str, ...] | None
    above: int
    fields: int
    notes: tuple[str, ...] = ()


def sniff(lines: Sequence[str], *, whole: bool) -> Dialect:
    """Find out how lines of candles are written.

    Args:
        lines: The first lines of the file, without their ends.
        whole: Whether these are all of them.

    Raises:
        DataFileError: They are no table of candles; the message says what they seem to be.
    """
    # The last line of a piece may be cut off.
    shown = list(lines) if whole else list(lines[:-1])
    told = [(number, line) for number, line in enumerate(shown) if line.strip()]
    if not told:
        raise DataFileError("it is empty; it needs candles")
    best = max((_as_table(told, delimiter) for delimiter in DELIMITERS), key=lambda table: table.claim)
    if best.fields < FEWEST_FIELDS or not best.rows:
        raise DataFileError(_what_it_is(told))
    first = next((place for place, fields in best.rows if is_candle(fields)), None)
    if first is None:
        raise DataFileError("it has a header but no candles below it")
    return _with_header(told, best, first)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    delimiter: str
    fields: int
    rows: list[tuple[int, list[str]]]
    split: dict[int, list[str]]
    claim: float


def split(line: str, delimiter: str) -> list[str]:
    """Split one line into its fields, without quotes and outer spaces."""
    if delimiter == " ":
        return line.split()
    return [field.strip() for field in next(csv.reader([line.replace("\0", "")], delimiter=delimiter), [])]


def _as_table(told: Sequence[tuple[int, str]], delimiter: str) -> _Table:
    fields = {number: split(line, delimiter) for number, line in told}
    counts = Counter(len(found) for found in fields.values())
    most, times = counts.most_common(1)[0]
    rows = [(number, found) for number, found in fields.items() if len(found) == most]
    candles = sum(is_candle(found) for _, found in rows)
    # A comma that is a decimal parts many numbers, too; what is parted rightly leaves more candles.
    claim = candles + times / (len(told) + 1) if most >= FEWEST_FIELDS else 0.0
    return _Table(delimiter=delimiter, fields=most, rows=rows, split=fields, claim=claim)


def is_number(field: str) -> bool:
    """Whether a field is a number as people write it: with separators, signs of money, K, M or B."""
    return bool(_NUMBER.fullmatch(field))


def is_clock(field: str) -> bool:
    """Whether a field is a time of day."""
    return bool(_CLOCK.fullmatch(field))


def is_candle(fields: Sequence[str]) -> bool:
    """Whether four fields or more are numbers: no header is."""
    return sum(is_number(field) for field in fields) >= FEWEST_FIELDS - 1


def _with_header(told: Sequence[tuple[int, str]], table: _Table, first: int) -> Dialect:
    above = [(number, table.split[number]) for number, _ in told if number < first]
    names, notes = None, []
    if above:
        _, found = above[-1]
        if _is_header(found):
            names = found
            above = above[:-1]
    if names is not None:
        names, note = _fitted(names, table)
        notes += [note] if note else []
    if above:
        text = " / ".join(told_line.strip()[:60] for number, told_line in told if number <= above[-1][0])
        left = "1 line above the table was" if len(above) == 1 else f"{len(above)} lines above the table were"
        notes.append(f"{left} left out: {text[:120]}")
    return Dialect(
        delimiter=table.delimiter,
        names=None if names is None else tuple(names),
        above=first,
        fields=table.fields,
        notes=tuple(notes),
    )


def _is_header(fields: Sequence[str]) -> bool:
    words = [field for field in fields if re.search(r"[^\W\d_]", field) and not is_number(field)]
    return len(words) >= FEWEST_FIELDS - 1 and not any(field.startswith(_COMMENTS[1]) for field in fields)


def _fitted(names: list[str], table: _Table) -> tuple[list[str], str]:
    """Give each field of a candle a name, where the header has another number of them."""
    names[0] = names[0].lstrip("".join(_COMMENTS)).strip()
    lacking = table.fields - len(names)
    if not lacking:
        return names, ""
    sample = next(fields for _, fields in table.rows if is_candle(fields))
    plain = re.sub(r"\W", "", names[0].lower())
    if lacking == 1 and plain.startswith(_DATE_NAMES) and is_clock(sample[1]):
        return [names[0], "time", *names[1:]], (
            f"the header names {len(names)} columns and the lines have {table.fields}: the second is "
            f"the time of day"
        )
    if lacking > 0 and not any(sample[len(names) :]):
        return [*names, *[""] * lacking], ""
    if lacking == 1 and plain not in _DATE_NAMES and is_number(sample[0]) and int_like(sample[0]):
        return ["", *names], "the first column has no name; it was taken for row numbers"
    raise DataFileError(
        f"its header names {len(names)} columns ({', '.join(names)[:80]}), but its lines have "
        f"{table.fields} fields; "
        f"correct the header"
    )


def int_like(field: str) -> bool:
    """Whether a field is a short whole number, as rows are counted by."""
    return field.isdecimal() and len(field) < 8


def _what_it_is(told: Sequence[tuple[int, str]]) -> str:
    for delimiter in DELIMITERS:
        rows = [split(line, delimiter) for _, line in told[-20:]]
        widths = Counter(map(len, rows))
        width, times = widths.most_common(1)[0]
        numbers = [sum(is_number(field) for field in row) for row in rows if len(row) == width]
        if width in (2, 3, 4) and times > len(rows) // 2 and sum(map(bool, numbers)) > len(numbers) // 2:
            return (
                "it holds one or two prices a line, as ticks and quotes do; candles need open, high, "
                "low and close: "
                "gather the ticks into candles first"
            )
    return f"it is no table of candles; it begins with {told[0][1].strip()[:60]!r}"
