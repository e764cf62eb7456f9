"""The rows of one file, out of its columns: whoever imports this loads Arrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import DataFileError
from trad.market.arrays import view
from trad.market.columns import RawCandles
from trad.market.importing.column_names import PRICES
from trad.market.importing.contracts import join_contracts
from trad.market.importing.numbers_text import bare, find_style, to_floats
from trad.market.importing.options import ImportOptions
from trad.market.importing.series import take
from trad.market.importing.text_files import EVENTS, Fields
from trad.market.importing.time_columns import read_times
from trad.market.importing.time_forms import Stamps, truth

_NUMBERS = (*PRICES, "volume", "volume_down", "tick_volume")
_UNTOLD = ("tick_volume", "symbol")
"""Roles that the report does not name: they are no part of a candle."""

Columns = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The rows of one file.

    Attributes:
        raw: Rows as they stand there.
        unread: Rows of which a field cannot be read.
        columns: What the columns are called there, by role.
        zone: What is known of the times' zone.
        lost: Lines with another number of fields, which are no rows.
        examples: The first of them.
        notes: What was odd.
    """

    raw: RawCandles
    unread: NDArray[np.bool_]
    columns: Mapping[str, str]
    zone: str
    lost: int
    examples: tuple[str, ...]
    notes: tuple[str, ...]


def make_part(fields: Fields, roles: Mapping[str, int], options: ImportOptions, notes: Sequence[str]) -> Part:
    """Make rows of columns whose roles are known.

    Raises:
        DataFileError: Times or numbers cannot be read, or something about them must be said.
    """
    roles = dict(roles)
    stamps, of_times = read_times(fields.columns, fields.names, roles, options)
    of_symbols = _symbols(fields, roles, stamps)
    columns, unread = _numbers(fields, roles, options)
    _refuse_billionths(fields.names, columns)
    unread |= stamps.unread
    _settle_volume(columns, roles, len(unread))
    raw = RawCandles(stamps.times, columns)
    raw, unread, of_events = _without_events(raw, unread, fields, roles)
    return Part(
        raw=raw,
        unread=unread,
        columns={role: _called(fields.names, place) for role, place in roles.items() if role not in _UNTOLD},
        zone=stamps.zone,
        lost=fields.lost,
        examples=tuple(fields.examples),
        notes=(*notes, *_below(fields), *of_times, *of_symbols, *of_events),
    )


def _symbols(fields: Fields, roles: Mapping[str, int], stamps: Stamps) -> list[str]:
    if "symbol" not in roles:
        return []
    place = roles["symbol"]
    note = join_contracts(fields.columns[place], stamps.times, fields.names[place])
    return [] if note is None else [note]


def _numbers(
    fields: Fields, roles: Mapping[str, int], options: ImportOptions
) -> tuple[Columns, NDArray[np.bool_]]:
    """Read prices and volumes; returns them by role, and which rows hold a text that is no number."""
    numbers = {role: fields.columns[roles[role]] for role in _NUMBERS if role in roles}
    texts = {role: bare(column) for role, column in numbers.items() if pa.types.is_string(column.type)}
    style = find_style(list(texts.values()), options.decimal, semicolons=fields.semicolons) if texts else None
    columns: Columns = {}
    unread = np.zeros(len(fields.columns[roles["timestamp"]]), np.bool_)
    for role, column in numbers.items():
        if role in texts:
            assert style is not None
            columns[role], wrong = to_floats(texts[role], style)
            unread |= wrong
        else:
            columns[role] = _floats(column, fields.names[roles[role]])
    return columns, unread


def _refuse_billionths(names: Sequence[str], columns: Columns) -> None:
    """Refuse prices as Databento stores them; nothing but the names beside them tells."""
    opens = columns["open"]
    databento = {"rtype", "publisher_id"} <= set(names) and np.isfinite(opens[:1]).all() and opens[0] >= 1e6
    if databento and (opens == np.rint(opens)).all():
        raise DataFileError(
            f"its prices, such as {opens[0]:.0f}, are whole billionths, as Databento stores them; export "
            f"them with pretty_px"
        )


def _settle_volume(columns: Columns, roles: dict[str, int], count: int) -> None:
    """Leave one volume, out of those that programs write, and name its columns."""
    for role in ("volume", "tick_volume"):
        # Newspapers write dashes throughout where a market has no volume.
        if role in columns and np.isnan(columns[role][:1]).all() and np.isnan(columns[role]).all():
            del columns[role], roles[role]
    down = columns.pop("volume_down", None)
    if down is not None and "volume" in columns:
        columns["volume"] = columns["volume"] + down
    volume = columns.setdefault("volume", np.zeros(count))
    ticks = columns.pop("tick_volume", None)
    if ticks is not None and not volume.any():
        # Of currencies MetaTrader counts the changes of the price, and has no volume.
        columns["volume"] = ticks
        roles["volume"] = roles["tick_volume"]


def _without_events(
    raw: RawCandles, unread: NDArray[np.bool_], fields: Fields, roles: Mapping[str, int]
) -> tuple[RawCandles, NDArray[np.bool_], list[str]]:
    """Leave rows out that tell of a dividend or a split instead of prices, as Yahoo has them."""
    events = np.zeros(len(unread), np.bool_)
    words = [fields.columns[roles[role]] for role in PRICES] if unread.any() else []
    for column in words:
        if pa.types.is_string(column.type):
            events |= truth(pc.match_substring_regex(column, EVENTS))
    events &= unread & np.isnan(raw.columns["close"])
    count = int(events.sum()) + fields.events
    if not count:
        return raw, unread, []
    told = f"{count:,} row{'s' if count > 1 else ''} of dividends and splits left out: they hold no prices"
    return take(raw, ~events), unread[~events], [told]


def _below(fields: Fields) -> list[str]:
    if not fields.below:
        return []
    lines = "1 line of text was" if len(fields.below) == 1 else f"{len(fields.below):,} lines of text were"
    return [f"{lines} left out below the header: {' / '.join(fields.below[:3])[:120]}"]


def _floats(column: pa.Array, name: str) -> NDArray[np.float64]:
    try:
        return view(column.cast(pa.float64(), safe=False), np.float64("nan"))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise DataFileError(f"its column {name} holds {column.type}; prices and volume are numbers") from None


def _called(names: Sequence[str], place: int) -> str:
    return names[place] or f"column {place + 1}"
