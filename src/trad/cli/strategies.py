"""`trad strategies`: what can be trained."""

import json
from typing import TYPE_CHECKING, Any

import typer

from trad.cli.options import AsJson

if TYPE_CHECKING:
    from trad.strategies.loading import StrategyInfo


def strategies(as_json: AsJson = False) -> None:
    """List strategies: built-in, installed, and those of the strategies folder."""
    # Reading every strategy's parameters loads it, and with it TA-Lib and pandas: seconds.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from trad.service.visible import visible
    from trad.settings import read_settings
    from trad.strategies.loading import strategy_names

    settings = read_settings()
    found = strategy_names(settings.strategies)
    if as_json:
        typer.echo(json.dumps([_document(entry) for entry in found], indent=2, allow_nan=False))
        return
    console = Console()
    for entry in found:
        console.print(Text(visible(f"{entry.name}"), "bold"), Text(f"({entry.source})", "dim"))
        if entry.error is not None:
            console.print(Text(visible(f"  {entry.error}"), "red"), soft_wrap=True)
            continue
        console.print(Text(visible(f"  {entry.doc}")))
        table = Table.grid(padding=(0, 2))
        for name, parameter in entry.parameters.items():
            table.add_row(f"    {name}", Text(visible(str(parameter)), "dim"))
        console.print(table)
    console.print(
        Text(f"\nYour own go to {settings.strategies} as NAME.py, or are named as file.py:Class.", "dim")
    )


def _document(entry: "StrategyInfo") -> dict[str, Any]:
    return {
        "name": entry.name,
        "source": entry.source,
        "doc": entry.doc,
        "parameters": {name: parameter.as_json() for name, parameter in entry.parameters.items()},
        "error": entry.error,
    }
