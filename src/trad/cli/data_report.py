"""Datasets for people: the list, and one in full."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trad.market.dataset_summaries import DatasetSummary
from trad.service.visible import visible

_ROOMY = 110
"""From this width on there is room for where datasets come from."""


def row(summary: DatasetSummary) -> dict[str, Any]:
    """Write a dataset as JSON: times as ISO 8601, UTC."""
    times = {name: _iso(getattr(summary, name)) for name in ("first", "last", "stored_at")}
    return {**asdict(summary), **times}


def print_list(summaries: Iterable[DatasetSummary]) -> None:
    """Print datasets on stdout, a line each, as wide as they need where stdout is no terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=250)
    roomy = console.width >= _ROOMY
    table = Table(box=None, padding=(0, 1), collapse_padding=True, pad_edge=False, header_style="dim")
    for name, right in (
        ("name", False), ("symbol", False), ("interval", True), ("first", False), ("last", False),
        ("candles", True), ("gaps", True), ("size", True), ("source", False),
    ):  # fmt: skip
        if roomy or name not in ("source", "symbol"):
            table.add_column(name, justify="right" if right else "left", no_wrap=name != "source")
    for summary in summaries:
        table.add_row(*_cells(summary, roomy=roomy))
    console.print(table)


def print_one(summary: DatasetSummary) -> None:
    """Print all that is known of a dataset, a line each."""
    lines = {
        "name": _named(summary),
        "kind": summary.kind,
        "symbol": summary.symbol,
        "interval": summary.interval,
        "first": _minute(summary.first),
        "last": _minute(summary.last),
        "candles": _count(summary.candles),
        "gaps": _count(summary.gaps),
        "size": _size(summary.bytes),
        "source": summary.source,
        "stored": _minute(summary.stored_at),
        "hash": summary.content_hash,
        "file": summary.path,
        "error": summary.error,
    }
    console = Console(soft_wrap=True, highlight=False)
    for name, value in lines.items():
        if value not in (None, "", "-"):
            console.print(Text(f"{name:<9} {visible(str(value))}"))


def _cells(summary: DatasetSummary, *, roomy: bool) -> list[Text]:
    source = f"! {summary.error}" if summary.error else summary.source or ""
    cells = [
        _named(summary),
        *([summary.symbol or ""] if roomy else []),
        summary.interval or "-",
        _minute(summary.first),
        _minute(summary.last),
        _count(summary.candles),
        _count(summary.gaps),
        _size(summary.bytes),
        *([source] if roomy else []),
    ]
    style = "yellow" if summary.error else ""
    return [Text(visible(cell), style=style) for cell in cells]


def _named(summary: DatasetSummary) -> str:
    return f"{summary.name} (synthetic)" if summary.synthetic else summary.name


def _iso(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else _time(milliseconds).isoformat().replace("+00:00", "Z")


def _minute(milliseconds: int | None) -> str:
    return "-" if milliseconds is None else f"{_time(milliseconds):%Y-%m-%d %H:%M}"


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _size(length: int | None) -> str:
    if length is None:
        return "-"
    for unit in ("B", "kB", "MB"):
        if length < 1000:
            return f"{length:.0f} {unit}" if unit == "B" else f"{length:.1f} {unit}"
        length /= 1000  # type: ignore[assignment]
    return f"{length:.1f} GB"
