"""`trad worker`: run the jobs that wait, until it is told to end."""

from typing import Annotated

import typer

from trad.cli.options import Quiet


def worker(
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help="Episodes that run at the same time [default: one per core].",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
    lifeline: Annotated[
        int | None, typer.Option(min=3, hidden=True, help="Descriptor that ends when its owner does.")
    ] = None,
) -> None:
    """Run the jobs that wait, one after the other; any number of workers may share a database.

    Ctrl-C or SIGTERM puts the job at hand back into the queue, for another worker to go on with.
    """
    from trad.cli.edges import DONE, INTERRUPTED
    from trad.cli.worker_signals import Ended, end_with, ended_by_signals

    if lifeline is not None:
        end_with(lifeline)
    try:
        with ended_by_signals():
            # Loads SQLAlchemy, NumPy and the rest: about a second that `trad --help` should not take.
            from trad.cli.working import work

            work(processes, quiet=quiet)
    except Ended:
        raise typer.Exit(DONE) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
