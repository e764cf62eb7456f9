"""`trad data` for the library: show, rename, delete, resample, export, link and unlink."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from trad.cli.options import AsJson

# Every command below loads the library when it runs (Arrow: a third of a second).

Name = Annotated[str, typer.Argument(metavar="NAME", help="A dataset of the library.", show_default=False)]
Reference = Annotated[
    str,
    typer.Argument(metavar="DATA", help="A dataset's name, a file, or sample:NAME.", show_default=False),
]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help="Take the place of what is there.")]


def list_(as_json: AsJson = False) -> None:
    """List the samples, the datasets of the library, and those of linked folders."""
    from trad.cli.data_report import print_list, row
    from trad.market.dataset_summaries import summaries
    from trad.market.linked_folders import linked_folders
    from trad.service.visible import visible
    from trad.settings import read_settings

    settings = read_settings()
    if as_json:
        typer.echo(json.dumps([row(summary) for summary in summaries(settings)], indent=2, allow_nan=False))
        return
    print_list(summaries(settings))
    typer.echo(f"\nThe library is {settings.library}; a file is named by its path.", err=True)
    for linked in linked_folders(settings):
        gone = "" if Path(linked.folder).is_dir() else " (it is not there; `trad data unlink` forgets it)"
        typer.echo(visible(f"Linked: {linked.folder}{gone}"), err=True)


def show(name: Reference, as_json: AsJson = False) -> None:
    """Show what is known of a dataset."""
    from trad.cli.data_report import print_one, row
    from trad.market.dataset_summaries import summary
    from trad.market.library import not_found
    from trad.settings import read_settings

    settings = read_settings()
    found = summary(name, settings)
    if found is None:
        raise not_found(name, settings)
    if as_json:
        typer.echo(json.dumps(row(found), indent=2, allow_nan=False))
    else:
        print_one(found)


def rename(
    old: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Give a dataset another name; jobs that used it go on."""
    from trad.market.datasets import rename_dataset
    from trad.settings import read_settings

    path = rename_dataset(old, new, settings=read_settings())
    _say({"name": new, "was": old, "path": str(path)}, f"renamed {old} to {new}", as_json=as_json)


def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a dataset from the library."""
    from trad.errors import InputError
    from trad.market.datasets import checked_stored, delete_dataset
    from trad.settings import read_settings

    settings = read_settings()
    checked_stored(name, settings)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(f"nobody is there to ask whether {name} shall be deleted; give --yes")
        if not typer.confirm(f"Delete {name}?", err=True):
            typer.echo("nothing was deleted", err=True)
            return
    delete_dataset(name, settings=settings)
    _say({"name": name, "deleted": True}, f"deleted {name}", as_json=as_json)


def resample(
    data: Reference,
    interval: Annotated[str, typer.Argument(metavar="INTERVAL", help="Such as 1h.", show_default=False)],
    name: Annotated[str | None, typer.Option(help="Of the new dataset [default: made of both].")] = None,
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Join candles to longer ones, in UTC, and store those; longer ones with a part missing are left out."""
    from trad.market.dataset_summaries import summary
    from trad.market.datasets import save_dataset
    from trad.market.library import find_candles
    from trad.market.resample import resample, resampled_name
    from trad.settings import read_settings

    settings = read_settings()
    candles = find_candles(data, settings)
    known = summary(data, settings)
    made = resample(candles, interval, symbol=known.symbol if known else None)
    saved = save_dataset(
        made.candles,
        name or resampled_name(candles, interval),
        source=f"{data}, resampled to {interval}",
        settings=settings,
        replace=replace,
    )
    document: dict[str, object] = {"name": saved.name, "path": str(saved.path)}
    document |= {"candles": saved.candles, "left_out": made.left_out}
    left = f"; {made.left_out:,} with a part missing left out" if made.left_out else ""
    _say(document, f"{saved.name}: {saved.candles:,} candles of {interval}{left}", as_json=as_json)


def export(
    data: Reference,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Ends with .csv, .parquet or .feather.", show_default=False)
    ],
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Write candles to a file for other programs."""
    from trad.market.export import export_candles
    from trad.market.library import find_candles
    from trad.settings import read_settings

    candles = find_candles(data, read_settings())
    export_candles(candles, file, replace=replace)
    _say({"path": str(file), "candles": len(candles)}, f"{file}: {len(candles):,} candles", as_json=as_json)


def link(
    folder: Folder,
    name: Annotated[
        str | None, typer.Option(help="What the names begin with [default: as the folder needs it].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a folder's candles where they lie, such as freqtrade's user_data/data; write nothing there."""
    from trad.market.linked_folders import link_folder
    from trad.settings import read_settings

    linked = link_folder(folder, read_settings(), prefix=name)
    names = list(linked.files())
    shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    _say(
        {"folder": linked.folder, "prefix": linked.prefix, "names": names},
        f"linked {linked.folder}: {len(names):,} datasets ({shown})",
        as_json=as_json,
    )


def unlink(folder: Folder, as_json: AsJson = False) -> None:
    """Forget a linked folder; its files stay as they are."""
    from trad.market.linked_folders import unlink_folder
    from trad.settings import read_settings

    gone = unlink_folder(folder, read_settings())
    _say({"folder": gone.folder, "unlinked": True}, f"unlinked {gone.folder}", as_json=as_json)


def _say(document: dict[str, object], line: str, *, as_json: bool) -> None:
    from trad.service.visible import visible

    typer.echo(json.dumps(document, indent=2) if as_json else visible(line))
