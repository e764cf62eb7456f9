"""`trad demo`: a training job to watch, on a sample."""

import sys
from typing import Annotated

import typer

from trad.cli.options import AsJson, Quiet

_EPISODES = 150
_CANDLES = 5_000_000


def demo(
    episodes: Annotated[int, typer.Option(min=1, help="How many configurations to try.")] = _EPISODES,
    candles: Annotated[int, typer.Option(min=1_000, help="How long the sample is.")] = _CANDLES,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Train a strategy on a synthetic minute market for about half a minute, and say what to type next."""
    # Loads what a training run needs, see `trad train`.
    from trad.cli.early_workers import early_workers

    with early_workers(None) as executor:
        from trad.cli.session import Session
        from trad.service.planning import TrainRequest

        request = TrainRequest(
            strategy="liquidity_sweep",
            data=f"sample:minute?candles={candles}",
            optimizer="bayesian",
            episodes=episodes,
            seed=7,
        )
        with Session(quiet=quiet, as_json=as_json) as session:
            job = session.train(request, executor)
            try:
                session.finish(job)
            finally:
                if not as_json and not quiet:
                    sys.stdout.flush()
                    sys.stderr.write(_NEXT.format(job=job.id))


_NEXT = """\

The market above is made up: its numbers mean nothing. With candles of your own:

  trad data check YOUR.csv                what is in the file
  trad train sma_cross --data YOUR.csv    search for good parameters
  trad backtest sma_cross --data YOUR.csv one configuration, with its trades
  trad jobs show {job}         this job again
"""
