"""JSON as exchanges and programs write candles, into columns of texts: whoever imports this loads Arrow."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trad.errors import DataFileError
from trad.market.importing.archives import opened
from trad.market.importing.text_files import Fields
from trad.market.importing.time_forms import texts

_LARGEST = 1 << 29
_FEWEST = 5
_LONGEST_ROW_NUMBER = 8
_INDEX = re.compile(r"-?\d+$|\d{4}-\d{2}-\d{2}")


def read_json(path: Path, *, most_cells: int) -> Fields:
    """Read rows of arrays or objects, or columns of equal length, wherever in the document they stand.

    Raises:
        DataFileError: It is no JSON, too large, or holds no such table.
    """
    with opened(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise DataFileError(f"it holds more than {_LARGEST >> 20} MB of JSON; write it as CSV or Parquet")
    text = data.decode("utf-8-sig", errors="replace")
    try:
        # Numbers stay as they are written, so that no digit is lost on the way.
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        document = _lines(text)
    try:
        names, columns = next(_tables(document, 0))
    except StopIteration:
        raise DataFileError(
            "its JSON holds no list of candles: no rows of five values or more, and no columns"
        ) from None
    rows = len(columns[0])
    if rows * len(columns) > most_cells:
        raise DataFileError(
            f"it holds {rows * len(columns):,} values, more than the {most_cells:,} that Trad reads"
        )
    arrays = {place: texts([_word(value) for value in column]) for place, column in enumerate(columns)}
    return Fields(names=names, columns=arrays, lost=0, examples=[], line=lambda row: f"row {row + 1:,}")


def _lines(text: str) -> list[Any]:
    """Read a document a line, as logs of exchanges are."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line, parse_float=str, parse_int=str, parse_constant=str))
        except (ValueError, RecursionError) as error:
            raise DataFileError(f"it is no JSON: {str(error)[:80]} (line {number}); fetch it again") from None
    return rows


def _tables(node: Any, depth: int) -> Iterator[tuple[list[str], list[list[Any]]]]:
    """Walk a document; yield each table that may hold candles, the outermost first."""
    if depth > 8:
        return
    if isinstance(node, list):
        if (table := _rows(node)) is not None:
            yield table
        for child in node[:50]:
            yield from _tables(child, depth + 1)
    elif isinstance(node, dict):
        if (table := _named_rows(node) or _columns(node) or _by_time(node)) is not None:
            yield table
        for child in node.values():
            yield from _tables(child, depth + 1)


def _rows(node: list[Any]) -> tuple[list[str], list[list[Any]]] | None:
    if node and all(isinstance(row, dict) for row in node):
        node = [_flat(row) for row in node]
        names = list(dict.fromkeys(name for row in node[:100] for name in row))
        if len(names) >= _FEWEST and not any(
            isinstance(row.get(names[0]), (dict, list)) for row in node[:10]
        ):
            return names, [[row.get(name) for row in node] for name in names]
    if node and all(isinstance(row, list) for row in node):
        width = len(node[0])
        plain = all(len(row) == width for row in node) and not any(
            isinstance(value, (list, dict)) for value in node[0]
        )
        if width >= _FEWEST and plain:
            head = [str(value) for value in node[0]]
            # True and false begin with letters, too.
            if sum(name[:1].isalpha() for name in head) >= _FEWEST - 1 and len(node) > 1:
                return head, [[row[place] for row in node[1:]] for place in range(width)]
            return [""] * width, [[row[place] for row in node] for place in range(width)]
    return None


def _named_rows(node: dict[str, Any]) -> tuple[list[str], list[list[Any]]] | None:
    """Take rows whose names stand beside them, as pandas, Quandl and Moscow's exchange write them."""
    rows = node.get("data")
    named = next(
        (node[name] for name in ("columns", "column_names") if isinstance(node.get(name), list)), None
    )
    if not isinstance(rows, list) or not rows or not named or not all(isinstance(row, list) for row in rows):
        return None
    names = [str(name.get("name", "")) if isinstance(name, dict) else str(name) for name in named]
    if any(len(row) != len(names) for row in rows) or len(names) < _FEWEST - 1:
        return None
    columns = [[row[place] for row in rows] for place in range(len(names))]
    index = node.get("index")
    if isinstance(index, list) and len(index) == len(rows):
        return ["index", *names], [index, *columns]
    return names, columns


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Bring the first prices that stand in an object of their own up, as Oanda's candles have them."""
    inner = next((name for name in ("mid", "bid", "ask") if isinstance(row.get(name), dict)), None)
    if inner is None:
        return row
    return {name: value for name, value in row.items() if not isinstance(value, dict)} | dict(row[inner])


def _columns(node: dict[str, Any]) -> tuple[list[str], list[list[Any]]] | None:
    """Take lists of equal length by name; those deeper down too, as Yahoo's charts have them."""
    found: dict[str, list[Any]] = {}

    def gather(inner: Any, depth: int) -> None:
        if isinstance(inner, dict):
            for name, value in inner.items():
                if (
                    isinstance(value, list)
                    and value
                    and not any(isinstance(one, (list, dict)) for one in value[:5])
                ):
                    found.setdefault(name, value)
                elif isinstance(value, dict) and _by_index(value):
                    if len(next(iter(value))) > _LONGEST_ROW_NUMBER:
                        found.setdefault("timestamp", list(value))
                    found.setdefault(name, list(value.values()))
                elif depth < 4:
                    gather(value[0] if isinstance(value, list) and value else value, depth + 1)

    gather(node, 0)
    lengths = [len(column) for column in found.values()]
    if not lengths:
        return None
    usual = max(set(lengths), key=lambda n: (lengths.count(n), n))
    chosen = {name: column for name, column in found.items() if len(column) == usual}
    return (list(chosen), list(chosen.values())) if len(chosen) >= _FEWEST else None


def _by_time(node: dict[str, Any]) -> tuple[list[str], list[list[Any]]] | None:
    """Take objects by their time, as Alpha Vantage and pandas write them."""
    rows = [value for value in node.values() if isinstance(value, dict)]
    if not rows or len(rows) < len(node) or not all(key[:4].isdecimal() for key in node):
        return None
    if len(rows[0]) < _FEWEST - 1 or any(isinstance(value, (dict, list)) for value in rows[0].values()):
        return None
    names = list(dict.fromkeys(name for row in rows[:100] for name in row))
    columns = [[row.get(name) for row in rows] for name in names]
    # Alpha Vantage counts its columns: `1. open`.
    return ["timestamp", *(re.sub(r"^\d+\w?\. ", "", name) for name in names)], [list(node), *columns]


def _by_index(value: dict[str, Any]) -> bool:
    """Whether an object is a column by row numbers or by times, as pandas writes frames."""
    return (
        len(value) > 1
        and all(not isinstance(one, (dict, list)) for one in value.values())
        and all(_INDEX.match(key) for key in list(value)[:5])
    )


def _word(value: Any) -> str:
    return "" if value is None else str(value)
