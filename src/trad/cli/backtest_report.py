"""A backtest's result for people."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trad.backtest.result import BacktestResult
from trad.cli.report import metrics_table
from trad.service.visible import visible

_SHOWN = 5
_ROOMY = 100
"""From this width on there is room for the time of the exit."""
_COLUMNS = ("side", "entry_time", "entry_price", "exit_time", "exit_price", "pnl", "exit_reason")


def backtest_report(console: Console, result: BacktestResult) -> None:
    """Print parameters, metrics, and the first and last trades."""
    candles = result.candles
    name = candles.name + (" (synthetic)" if candles.synthetic and "synthetic" not in candles.name else "")
    params = "  ".join(f"{key}={value}" for key, value in result.params.items())
    console.print(
        Text(
            visible(f"{name}, {len(candles):,} x {candles.timeframe}, {result.elapsed_seconds:.3f} s"), "bold"
        ),
        Text(visible(params)),
        sep="\n",
    )
    if result.ruined:
        console.print(Text("The account was ruined: its equity fell to zero.", "bold red"))
    console.print(metrics_table(result.metrics.as_json()))
    rows = result.log.rows(candles)
    if not rows:
        console.print("No trades.")
        return
    table = Table(box=None, padding=(0, 1), collapse_padding=True, pad_edge=False, header_style="dim")
    columns = [name for name in _COLUMNS if console.width >= _ROOMY or name != "exit_time"]
    for column in columns:
        table.add_column(
            column.replace("_", " "), justify="left" if "time" in column else "right", no_wrap=True
        )
    shown = rows if len(rows) <= 2 * _SHOWN else [*rows[:_SHOWN], None, *rows[-_SHOWN:]]
    for row in shown:
        table.add_row(*(["..."] if row is None else [_cell(row[column]) for column in columns]))
    console.print(table)
    if len(shown) > 2 * _SHOWN:
        console.print(Text(f"{len(rows):,} trades in all; --json prints every one.", "dim"))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1 else f"{value:,.2f}"
    return str(value).removesuffix(":00.000Z").replace("T", " ")
