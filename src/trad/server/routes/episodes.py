"""`/api/jobs/{id}/episodes`: the configurations that a job tried, and their backtests."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from trad.backtest.metrics import METRIC_NAMES
from trad.errors import InputError, JobNotFound
from trad.server.problems import documented
from trad.server.routes.parameters import (
    MOST_CANDLES,
    Cursor,
    JobId,
    Limit,
    Number,
    WindowPoints,
    WindowStart,
    WindowStop,
)
from trad.server.schemas import EpisodeOut, EpisodePageOut, episode_out
from trad.server.schemas_results import BacktestOut, ImportancesOut, backtest_out, importances_out
from trad.server.schemas_windows import BacktestWindowOut, TradesOut, backtest_window_out, trades_out
from trad.server.state import ServerState, State
from trad.service.job_importances import job_importances
from trad.service.windows import Window
from trad.training.browsing import EpisodeSort, SortedBy
from trad.training.job import Episode, EpisodeState

router = APIRouter(prefix="/api/jobs/{job_id}", tags=["episodes"])

Points = Annotated[
    int, Query(ge=10, le=20_000, description="At most so many points of equity, and so many candles.")
]
SortName = Annotated[
    str | None, Query(max_length=100, description="The name to sort by, where `sort` is this very word.")
]
Order = Annotated[
    Literal["asc", "desc"] | None,
    Query(
        description="Unless told `desc` for `score` and `metric`, `asc` for the others. Either way the lower "
        "number comes first of those that are equal, and those without a value last."
    ),
]


@router.get("/episodes", operation_id="list_episodes", responses=documented(404, 422))
def list_episodes(
    job_id: JobId,
    state: State,
    sort: Annotated[SortedBy, Query(description="`metric` and `param` go with the name of one.")] = "number",
    metric: SortName = None,
    param: SortName = None,
    order: Order = None,
    states: Annotated[
        list[EpisodeState], Query(alias="state", max_length=4, description="Only in these; may be repeated.")
    ] = [],  # noqa: B006 - read only; FastAPI's way to say that none is needed
    cursor: Cursor = None,
    limit: Limit = 100,
) -> EpisodePageOut:
    """List the episodes that ended; those under way stand in the job's `running`.

    While the job runs, whoever follows the cursors meets no episode twice, and every one that had ended at
    the beginning.
    """
    descending = order == "desc" if order else sort in ("score", "metric")
    chosen = EpisodeSort(by=sort, name=_sort_name(state, job_id, sort, metric, param), descending=descending)
    page = state.storage.browser.episodes(job_id, sort=chosen, states=states, limit=limit, cursor=cursor)
    return EpisodePageOut(
        episodes=[episode_out(job_id, episode) for episode in page.episodes], cursor=page.cursor
    )


@router.get("/episodes/{number}", operation_id="get_episode", responses=documented(404, 422))
def get_episode(job_id: JobId, number: Number, state: State) -> EpisodeOut:
    """Show one episode that ended."""
    return episode_out(job_id, _ended(state, job_id, number))


@router.get("/episodes/{number}/backtest", operation_id="get_backtest", responses=documented(404, 409, 422))
def get_backtest(job_id: JobId, number: Number, state: State, points: Points = 2_000) -> BacktestOut:
    """Run an episode's backtest again: its metrics, trades, and as much of its equity and candles as fits.

    409 where the strategy or the data are not what they were when the job was made.
    """
    episode = _ended(state, job_id, number)
    asked = (job_id, number, points)
    found = state.backtests.get(asked)
    if found is None:
        spec = state.storage.ledger.job(job_id).spec
        found = state.inspector.backtest(spec, episode.params, points)
        state.backtests.keep(asked, found)
    return backtest_out(job_id, number, found)


@router.get(
    "/episodes/{number}/backtest/window",
    operation_id="get_backtest_window",
    responses=documented(404, 409, 422),
)
def get_backtest_window(
    job_id: JobId,
    number: Number,
    state: State,
    start: WindowStart = 0,
    stop: WindowStop = None,
    points: WindowPoints = 2_000,
) -> BacktestWindowOut:
    """Show a window of an episode's backtest: candles, equity, drawdown, and the trades that touch it.

    The first window of an episode waits for its backtest; those that follow find it at hand.
    """
    episode = _ended(state, job_id, number)
    spec = state.storage.ledger.job(job_id).spec
    window = Window(start=start, stop=stop, points=points)
    return backtest_window_out(job_id, number, state.inspector.backtest_window(spec, episode.params, window))


@router.get(
    "/episodes/{number}/backtest/trades", operation_id="list_trades", responses=documented(404, 409, 422)
)
def list_trades(
    job_id: JobId,
    number: Number,
    state: State,
    start: Annotated[
        int, Query(ge=0, le=MOST_CANDLES, description="How many trades to pass over; may be beyond the last.")
    ] = 0,
    limit: Limit = 100,
) -> TradesOut:
    """List the trades of an episode's backtest in the order of exits."""
    episode = _ended(state, job_id, number)
    spec = state.storage.ledger.job(job_id).spec
    found = state.inspector.backtest_trades(spec, episode.params, start, limit)
    return trades_out(job_id, number, start, found)


@router.get("/importances", operation_id="get_importances", responses=documented(404, 422))
def get_importances(job_id: JobId, state: State) -> ImportancesOut:
    """Say how much each searched parameter had to do with the best scores."""
    job = state.storage.ledger.job(job_id)
    asked = (job_id, job.recorded_episodes)
    found = state.importances.get(asked)
    if found is None:
        found = job_importances(state.storage.ledger, state.inspector, job)
        state.importances.keep(asked, found)
    return importances_out(job_id, found)


def _sort_name(state: ServerState, job_id: str, by: SortedBy, metric: str | None, param: str | None) -> str:
    """Check what is named to sort by: an unknown name would sort everything by number, and say nothing."""
    names = {"metric": metric, "param": param}
    if strays := [kind for kind, name in names.items() if name is not None and kind != by]:
        raise InputError(f"`{strays[0]}` was given with sort={by}; it goes with sort={strays[0]}")
    if by not in names:
        return ""
    known = METRIC_NAMES if by == "metric" else tuple(state.storage.ledger.job(job_id).spec.space)
    if (name := names[by]) not in known:
        raise InputError(f"the {by} to sort by was {name!r}; it is one of {', '.join(known)}")
    return name or ""


def _ended(state: ServerState, job_id: str, number: int) -> Episode:
    episode = state.storage.browser.episode(job_id, number)
    if episode is None:
        raise JobNotFound(f"job {job_id} has no episode {number} that has ended")
    return episode
