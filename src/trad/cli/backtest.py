"""`trad backtest`: one configuration, with its trades and equity."""

import json
import sys
from contextlib import nullcontext, redirect_stdout
from typing import Annotated

import typer

from trad.cli.options import AsJson, DataName, Fee, PositionSize, Slippage, StrategyName, Term


def backtest(
    strategy: StrategyName,
    data: DataName,
    param: Annotated[
        list[str] | None, typer.Option(help="name=value; may be repeated.", show_default=False)
    ] = None,
    fee: Fee = 0.001,
    slippage: Slippage = 0.0005,
    position_size: PositionSize = 1.0,
    term: Term = None,
    as_json: AsJson = False,
) -> None:
    """Run one configuration of a strategy, and show its metrics and trades."""
    # Loads the engine (Numba): more than a second that `trad --help` should not take.
    from rich.console import Console

    from trad.backtest.engine import backtest as run_backtest
    from trad.backtest.terms import Terms
    from trad.cli.backtest_report import backtest_report
    from trad.cli.configuration import one_configuration
    from trad.cli.edges import interruptible
    from trad.market.library import find_candles
    from trad.settings import read_settings

    settings = read_settings()
    # What a strategy prints must not come between a program and its document.
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        chosen = one_configuration(strategy, param or [], settings.strategies, purpose="a backtest")
        terms = Terms.parse(term or [])
        with interruptible():
            candles = find_candles(data, settings)
            result = run_backtest(
                candles, chosen, fee=fee, slippage=slippage, position_size=position_size, terms=terms
            )
    if as_json:
        typer.echo(json.dumps(result.as_json(), indent=2, allow_nan=False))
    else:
        backtest_report(Console(), result)
