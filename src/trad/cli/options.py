"""Options that several commands share."""

from typing import Annotated

import typer

StrategyName = Annotated[
    str,
    typer.Argument(
        metavar="STRATEGY",
        help="A built-in's name, file.py:Class, or a name in the strategies folder; see `trad strategies`.",
        show_default=False,
    ),
]
DataName = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="DATA",
        help="A file, a dataset's name, or sample:NAME; see `trad data list`.",
        show_default=False,
    ),
]
Fee = Annotated[float, typer.Option(help="Fraction of the notional, on entry and on exit.")]
Slippage = Annotated[float, typer.Option(help="Fraction by which fills at the open and at stops are worse.")]
PositionSize = Annotated[float, typer.Option(help="Fraction of the equity that an entry invests.")]
Term = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="A term of trading, such as trailing_stop=0.02, leverage=5 or sides=long; may be repeated. "
        "docs/fill-rules.md has them all.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
JobId = Annotated[
    str, typer.Argument(metavar="ID", help="The job's id, or a beginning of it.", show_default=False)
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        "-w",
        help="Worker processes; 0 runs in this one [default: one per core].",
        show_default=False,
    ),
]
