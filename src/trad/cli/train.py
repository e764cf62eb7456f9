"""`trad train`: train a strategy here and now."""

from typing import Annotated

import typer

from trad.cli.options import AsJson, DataName, Fee, PositionSize, Quiet, Slippage, StrategyName, Term, Workers


def train(
    strategy: StrategyName,
    data: DataName,
    optimizer: Annotated[str, typer.Option(help="random, grid or bayesian.")] = "bayesian",
    episodes: Annotated[
        int | None,
        typer.Option(
            "--episodes",
            "-n",
            help="How many configurations to try [default: grid all, others 100].",
            show_default=False,
        ),
    ] = None,
    objective: Annotated[
        str, typer.Option(help="The metric to maximise, such as sharpe, sortino or cagr.")
    ] = "sharpe",
    param: Annotated[
        list[str] | None,
        typer.Option(
            help="name=low:high[:step], name=a,b,c or name=value; may be repeated.", show_default=False
        ),
    ] = None,
    workers: Workers = None,
    seed: Annotated[int, typer.Option(help="Where every random choice comes from.")] = 0,
    fee: Fee = 0.001,
    slippage: Slippage = 0.0005,
    position_size: PositionSize = 1.0,
    term: Term = None,
    episode_timeout: Annotated[
        float | None, typer.Option(help="Seconds after which an episode is given up.", show_default=False)
    ] = None,
    episode_memory: Annotated[
        float | None, typer.Option(help="Megabytes that an episode may take.", show_default=False)
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Search a strategy's parameters, an episode for each configuration.

    The job stands in the database from the start: Ctrl-C, a crash or a power cut leave it resumable with
    `trad jobs resume`.
    """
    # Each loads NumPy, SQLAlchemy or the rest: about a second that `trad --help` should not take.
    from trad.cli.early_workers import early_workers

    with early_workers(workers) as executor:
        from trad.backtest.terms import Terms
        from trad.cli.session import Session
        from trad.service.planning import TrainRequest

        request = TrainRequest(
            strategy=strategy,
            data=data,
            optimizer=optimizer,
            objective=objective,
            episodes=episodes,
            seed=seed,
            params=param or [],
            fee=fee,
            slippage=slippage,
            position_size=position_size,
            terms=Terms.parse(term or []),
            episode_timeout=episode_timeout,
            episode_memory=episode_memory,
        )
        with Session(quiet=quiet, as_json=as_json) as session:
            session.finish(session.train(request, executor))
