"""Training from Python: `trad.train`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rich.console import Console

from trad.backtest.terms import Terms
from trad.cli.bars import TerminalBars
from trad.cli.lines import StderrLines
from trad.cli.session import title
from trad.errors import TradError
from trad.market.candles import Candles
from trad.progress import JobProgress, ProgressSink
from trad.service.documents import best_episode
from trad.service.planning import NO_FILE, TrainRequest, plan_job
from trad.service.running import begin_job, left_resumable, run_job
from trad.service.starting import checked_workers, open_executor, output_file
from trad.settings import read_settings
from trad.storage.ledger import open_ledger
from trad.strategies.parameters import Params
from trad.strategies.source_file import refuse_while_loading
from trad.strategies.strategy import Strategy
from trad.training.job import DEFAULT_WINDOW, Episode, JobSpec, JobState, Metrics
from trad.training.sinks import CallbackSink

if TYPE_CHECKING:
    import pandas as pd

    from trad.cli.notebook import NotebookBars


@dataclass(frozen=True, kw_only=True)
class BestEpisode:
    """The configuration with the highest score; of equal ones, the lowest number."""

    number: int
    params: Params
    score: float
    metrics: Metrics


@dataclass(frozen=True, kw_only=True)
class TrainedJob:
    """A training job that ended.

    Attributes:
        id: Its id, for `trad jobs show`.
        state: `completed`, or `paused` or `cancelled` where somebody asked for that.
        best: The best episode; None when no episode has a score.
        fingerprint: The sha256 of the result: equal for equal jobs, however they ran. None unless
            completed.
    """

    id: str
    state: JobState
    spec: JobSpec
    best: BestEpisode | None
    fingerprint: str | None
    failed_episodes: int
    elapsed_seconds: float
    recorded: tuple[Episode, ...] = field(repr=False)

    @cached_property
    def episodes(self) -> "pd.DataFrame":
        """One row per episode: number, state, score, error, then parameters and metrics by name."""
        import pandas as pd  # takes seconds to load; only those who look at the table wait for it

        rows = [
            {
                "number": e.number,
                "state": e.state,
                "score": e.score,
                "error": e.error,
                **e.params,
                **(e.metrics or {}),
            }
            for e in self.recorded
        ]
        return pd.DataFrame(rows)


def train(
    candles: "Candles | pd.DataFrame | str",
    strategy: type[Strategy] | str,
    *,
    optimizer: str = "bayesian",
    episodes: int | None = None,
    objective: str = "sharpe",
    params: Mapping[str, object] | None = None,
    workers: int | None = None,
    seed: int = 0,
    fee: float = 0.001,
    slippage: float = 0.0005,
    position_size: float = 1.0,
    initial_cash: float = 10_000.0,
    terms: Terms | None = None,
    window: int = DEFAULT_WINDOW,
    episode_timeout: float | None = None,
    episode_memory: float | None = None,
    progress: bool | Callable[[JobProgress], None] = True,
) -> TrainedJob:
    """Search a strategy's parameters over candles; the job stands in the ledger like those of `trad train`.

    Args:
        candles: Candles, a frame, or a reference as `--data` takes it.
        strategy: The class, or a reference as `trad train` takes it. A class that lives in no file
            (a notebook's, or one made in a function) runs in this process, without worker processes.
        optimizer: `random`, `grid` or `bayesian`.
        episodes: How many; None: all for grid, 100 otherwise.
        objective: The metric to maximise.
        params: The search space where it differs from the declared one: a value, `(low, high)`,
            `(low, high, step)`, a list of values, or a parameter.
        workers: Worker processes; 0 runs in this one; None is one for each core.
        seed: Where every random choice comes from.
        fee, slippage, position_size, initial_cash: See `trad.backtest.costs.Costs`.
        terms: Funding, leverage, trailing stops and whatever else `trad.Terms` knows.
        window: How many of the latest results a proposal does without, see `docs/training.md`.
        episode_timeout: Seconds after which an episode is given up.
        episode_memory: Megabytes that an episode may take.
        progress: True shows bars on a terminal or in a notebook, and a line a second elsewhere; a
            function is called with every `JobProgress`, ten times a second, in another thread.

    Raises:
        InputError: Something given breaks a rule, or a script calls this without
            `if __name__ == "__main__":` and worker processes load it for its strategy.
        KeyboardInterrupt: The job is paused: `trad jobs resume` goes on with it.
    """
    refuse_while_loading("trad.train")
    settings = read_settings()
    data = candles if isinstance(candles, (Candles, str)) else Candles.from_frame(candles)
    request = TrainRequest(
        strategy=strategy,
        data=data,
        optimizer=optimizer,
        objective=objective,
        episodes=episodes,
        seed=seed,
        params=params or {},
        fee=fee,
        slippage=slippage,
        position_size=position_size,
        initial_cash=initial_cash,
        terms=Terms() if terms is None else terms,
        window=window,
        episode_timeout=episode_timeout,
        episode_memory=episode_memory,
    )
    count = checked_workers(workers)
    planned = plan_job(request, settings)
    homeless = planned.strategy if planned.spec.strategy.startswith(NO_FILE) else None
    with open_ledger(settings.database) as ledger:
        claim = begin_job(ledger, planned, settings)
        with left_resumable(ledger, claim):
            executor = open_executor(count, output_file(settings, claim.job_id), homeless)
        names = [executor.worker_name(slot) for slot in range(executor.workers)]
        sinks, bars = _sinks(progress, title(planned.spec, claim.job_id), names)
        try:
            job = run_job(ledger, claim, settings, executor, sinks, strategy=planned.strategy)
        finally:
            if bars is not None:
                bars.close()
        best = best_episode(ledger, job)
        return TrainedJob(
            id=job.id,
            state=job.state,
            spec=job.spec,
            best=None if best is None else _best(best),
            fingerprint=job.fingerprint,
            failed_episodes=job.failed_episodes,
            elapsed_seconds=job.elapsed_seconds,
            recorded=tuple(ledger.episodes(job.id)),
        )


def _best(episode: Episode) -> BestEpisode:
    if episode.score is None or episode.metrics is None:
        raise TradError(
            f"the ledger ranks episode {episode.number} best, which has no score; the database is damaged"
        )
    return BestEpisode(
        number=episode.number, params=episode.params, score=episode.score, metrics=episode.metrics
    )


def _sinks(
    progress: bool | Callable[[JobProgress], None], heading: str, workers: list[str]
) -> tuple[list[ProgressSink], "TerminalBars | NotebookBars | None"]:
    if callable(progress):
        return [CallbackSink(progress)], None
    if not progress:
        return [], None
    console = Console(stderr=True)
    if console.is_jupyter:
        # IPython is there in a notebook, and nowhere else a dependency.
        from trad.cli.notebook import NotebookBars

        shown = NotebookBars(heading, workers)
        return [shown], shown
    if console.is_terminal:
        bars = TerminalBars(console, heading, workers)
        return [bars], bars
    return [StderrLines()], None
