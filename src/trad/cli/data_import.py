"""`trad data import`: files of candles, whoever wrote them, into the library."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trad.cli.options import AsJson
from trad.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from rich.progress import Progress

_DECIMALS = {"point": ".", "comma": ","}
_SHOWN_FROM = 20_000_000
"""Bytes of files that are read long enough for a bar to be looked at."""


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files of one series.", show_default=False)
    ],
    name: Annotated[
        str | None, typer.Option(help="What it is called [default: as the first file].", show_default=False)
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            help="Zone of times without an offset, such as Europe/Berlin [default: UTC].", show_default=False
        ),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="What 01/02/2024 begins with.", show_default=False),
    ] = None,
    year_first: Annotated[
        bool, typer.Option("--year-first", help="240102 and 24/01/02 begin with the year.")
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE=NAME,...",
            help="Which column is which, by name or number: timestamp=Date,open=2,...",
            show_default=False,
        ),
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(help="What parts a fraction: point or comma.", show_default=False)
    ] = None,
    stamps: Annotated[str, typer.Option(help="Whether times are of candles' open or close.")] = "open",
    drop_bad: Annotated[
        bool, typer.Option("--drop-bad", help="Leave rows out that cannot be traded on.")
    ] = False,
    fill_gaps: Annotated[
        bool, typer.Option("--fill-gaps", help="Make flat candles where some are missing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a dataset of this name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring files of candles into the library, whatever program wrote them.

    Separators, header, times and numbers are found out; what cannot be known is asked for by the name of
    its flag. Nothing is changed without being told.
    """
    # Loads PyArrow: a third of a second that `trad --help` should not take.
    from trad.market.datasets import save_dataset
    from trad.market.importing.importing import import_files
    from trad.market.importing.options import ImportOptions
    from trad.service.visible import visible
    from trad.settings import read_settings

    if year_first and day_first is not None:
        raise InputError(
            f"--year-first and --{'day' if day_first else 'month'}-first were given; dates begin with one of "
            f"them: leave the other out"
        )
    settings = read_settings()
    options = ImportOptions(
        timezone=timezone,
        day_first=day_first,
        year_first=year_first,
        columns=_columns(columns),
        decimal=_one_of("--decimal", decimal, _DECIMALS),  # type: ignore[arg-type]  # both are said above
        stamps=_one_of("--stamps", stamps, {"open": "open", "close": "close"}) or "open",  # type: ignore[arg-type]
        drop_bad=drop_bad,
        fill_gaps=fill_gaps,
        most_cells=settings.most_cells,
    )
    chosen = name or _name_of(files[0])
    with _bar(files, quiet=as_json) as bar:
        told = (lambda _: None) if bar is None else _teller(bar, files)
        candles, report = import_files(files, options, name=chosen, told=told)
    source = ", ".join(file.name for file in files[:3]) + (
        f" and {len(files) - 3} more" if len(files) > 3 else ""
    )
    saved = save_dataset(candles, chosen, source=source, settings=settings, replace=replace)
    if as_json:
        document = {
            "name": saved.name,
            "path": str(saved.path),
            "hash": saved.content_hash,
            **report.as_json(),
        }
        typer.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    for line in report.lines():
        typer.echo(visible(line))
    known = " (it was there already)" if saved.unchanged else ""
    typer.echo(f"stored as {saved.name}{known}; train on it with --data {saved.name}")


def _columns(text: str | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    if any(not equals or not column.strip() for _, equals, column in pairs):
        raise InputError(
            f"--columns was {text!r}; write it as timestamp=Date,open=Open,high=High,low=Low,close=Close"
        )
    return {role.strip().lower(): column.strip() for role, _, column in pairs}


def _one_of(flag: str, given: str | None, known: dict[str, str]) -> str | None:
    if given is None:
        return None
    if given not in known:
        raise InputError(f"{flag} was {given!r}; it is one of {', '.join(known)}")
    return known[given]


def _name_of(file: Path) -> str:
    """Make a dataset's name of a file's."""
    stem = file.name
    for ending in (
        ".gz",
        ".zip",
        ".bz2",
        ".xz",
        ".csv",
        ".txt",
        ".tsv",
        ".json",
        ".parquet",
        ".pq",
        ".feather",
        ".arrow",
    ):
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in stem
    )
    return plain.lstrip("._-")[:64] or "candles"


def _bar(files: list[Path], *, quiet: bool) -> "AbstractContextManager[Progress | None]":
    """Show how far large files are read, on stderr where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress, TimeRemainingColumn

    console = Console(stderr=True)
    size = sum(file.stat().st_size for file in files if file.is_file())
    if quiet or size < _SHOWN_FROM or not console.is_terminal:
        return nullcontext()
    return Progress(
        *Progress.get_default_columns()[:-1], TimeRemainingColumn(), console=console, transient=True
    )


def _teller(bar: "Progress", files: list[Path]) -> "Callable[[int], None]":
    total = sum(file.stat().st_size for file in files if file.is_file())
    task = bar.add_task("reading", total=total)
    seen = [0, 0]

    def told(done: int) -> None:
        # A file's count begins anew: what came before is behind it.
        if done < seen[1]:
            seen[0] += seen[1]
        seen[1] = done
        bar.update(task, completed=min(seen[0] + done, total))

    return told
