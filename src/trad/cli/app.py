"""The command `trad`: its subcommands, and what becomes of their errors.

Modules of this room import nothing heavy at their top: `trad --help` answers at once, and a command
loads what it needs when it runs.
"""

import sys
from importlib.metadata import version as installed

import typer

from trad.cli import backtest, check, data, demo, jobs, serve, strategies, train, worker
from trad.cli.edges import FAILED, INTERRUPTED, complain, exit_code, forget
from trad.errors import TradError

app = typer.Typer(
    name="trad",
    help="Train trading strategies over historical candles, and see what is really going on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("train")(train.train)
app.command("backtest")(backtest.backtest)
app.command("check")(check.check)
app.command("strategies")(strategies.strategies)
app.add_typer(data.app, name="data")
app.add_typer(jobs.app, name="jobs")
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="Print the version and leave."),
) -> None:
    """Train trading strategies over historical candles, and see what is really going on."""
    if version:
        typer.echo(f"trad {installed('trad')}")
        raise typer.Exit


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except TradError as error:
        complain(str(error))
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # `trad jobs list | head`
        forget(sys.stdout)
        sys.exit(FAILED)
