"""`trad data`: what candles there are, and whether a file holds good ones."""

import json
from typing import Annotated

import typer

from trad.cli import data_download, data_import, data_library
from trad.cli.options import AsJson

app = typer.Typer(help="Candles: what there is, and whether it can be traded on.", no_args_is_help=True)

app.command("list")(data_library.list_)
app.command("import")(data_import.import_)
app.command("show")(data_library.show)
app.command("rename")(data_library.rename)
app.command("delete")(data_library.delete)
app.command("resample")(data_library.resample)
app.command("export")(data_library.export)
app.command("link")(data_library.link)
app.command("unlink")(data_library.unlink)
app.command("download")(data_download.download)


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file of candles.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Report what is wrong and what is odd in a file of candles; exit code 2 when it cannot be traded on."""
    # Loads PyArrow: a third of a second that `trad --help` should not take.
    from trad.cli.edges import WRONG
    from trad.market.files import check_file
    from trad.service.visible import visible
    from trad.settings import read_settings

    report = check_file(file, most_cells=read_settings().most_cells)
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2, allow_nan=False))
    else:
        for line in report.lines():
            typer.echo(visible(line))
    if not report.good:
        raise typer.Exit(WRONG)
