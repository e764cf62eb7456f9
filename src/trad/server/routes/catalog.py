"""`/api/strategies` and `/api/datasets`: what can be trained, and on what."""

from typing import Annotated

from fastapi import APIRouter, Path

from trad.server.problems import documented
from trad.server.routes.parameters import WindowPoints, WindowStart, WindowStop
from trad.server.schemas_catalog import DatasetsOut, StrategiesOut, dataset_out, strategy_out
from trad.server.schemas_windows import DatasetWindowOut, GapsOut, dataset_window_out, gaps_out
from trad.server.state import State
from trad.service.naming import PLAIN_DATA_NAME
from trad.service.windows import Window

router = APIRouter(tags=["catalog"])

DataName = Annotated[
    str,
    Path(
        pattern=PLAIN_DATA_NAME,
        description="A dataset of the library or a sample, as `/api/datasets` lists it.",
        examples=["sample:aapl-1d"],
    ),
]


@router.get("/api/strategies", operation_id="list_strategies", responses=documented())
def list_strategies(state: State) -> StrategiesOut:
    """List the strategies with their parameters; those that cannot be used say why."""
    return StrategiesOut(strategies=[strategy_out(listing) for listing in state.catalog.strategies()])


@router.get("/api/datasets", operation_id="list_datasets", responses=documented(422))
def list_datasets(state: State) -> DatasetsOut:
    """List the samples and the datasets of the library; those that cannot be used say why."""
    return DatasetsOut(datasets=[dataset_out(listing) for listing in state.catalog.datasets()])


@router.get(
    "/api/datasets/{name}/candles", operation_id="get_dataset_candles", responses=documented(404, 422)
)
def get_dataset_candles(
    name: DataName,
    state: State,
    start: WindowStart = 0,
    stop: WindowStop = None,
    points: WindowPoints = 2_000,
) -> DatasetWindowOut:
    """Show a window of a dataset's candles."""
    window = Window(start=start, stop=stop, points=points)
    return dataset_window_out(name, state.inspector.candles(name, window))


@router.get("/api/datasets/{name}/gaps", operation_id="get_dataset_gaps", responses=documented(404, 422))
def get_dataset_gaps(name: DataName, state: State) -> GapsOut:
    """List the longest gaps of a dataset."""
    return gaps_out(name, state.inspector.gaps(name))
