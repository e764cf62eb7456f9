"""`trad check`: whether a strategy can be believed."""

import json
from typing import Annotated

import typer

from trad.cli.options import AsJson, DataName, Quiet, StrategyName

MANY_CANDLES = 20_000


def check(
    strategy: StrategyName,
    data: DataName,
    param: Annotated[
        list[str] | None, typer.Option(help="name=value; may be repeated.", show_default=False)
    ] = None,
    candles: Annotated[
        int, typer.Option(help="How many candles to take, from the first on; 0 takes all.")
    ] = MANY_CANDLES,
    seed: Annotated[int, typer.Option(help="Where the noise comes from.")] = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look for signals that know the future, chance, kept state, and parameters that fail.

    Exit code 1 when something is found; notes alone leave it at 0.
    """
    # Loads NumPy and the strategy, with Numba perhaps: time that `trad --help` should not take.
    from trad.checking.check import check_strategy
    from trad.cli.checking_lines import CheckingLines
    from trad.cli.configuration import one_configuration
    from trad.cli.edges import FAILED, interruptible
    from trad.errors import InputError
    from trad.market.library import find_candles
    from trad.service.visible import visible
    from trad.settings import read_settings

    settings = read_settings()
    chosen = one_configuration(strategy, param or [], settings.strategies, purpose="a check")
    if candles < 0:
        raise InputError(f"--candles was {candles}; it is a number of candles, or 0 for all")
    with interruptible():
        series = find_candles(data, settings)[: candles or None]
        tell = None if quiet else CheckingLines()
        report = check_strategy(series, type(chosen), chosen.params, seed=seed, afresh=True, tell=tell)
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2, allow_nan=False))
    else:
        for line in report.lines():
            typer.echo(visible(line))
    if not report.good:
        raise typer.Exit(FAILED)
