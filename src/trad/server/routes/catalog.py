"""`/api/strategies` and `/api/datasets`: what can be trained, and on what."""

from fastapi import APIRouter

from trad.server.problems import documented
from trad.server.schemas_catalog import DatasetsOut, StrategiesOut, dataset_out, strategy_out
from trad.server.state import State

router = APIRouter(tags=["catalog"])


@router.get("/api/strategies", operation_id="list_strategies", responses=documented())
def list_strategies(state: State) -> StrategiesOut:
    """List the strategies with their parameters; those that cannot be used say why."""
    return StrategiesOut(strategies=[strategy_out(listing) for listing in state.catalog.strategies()])


@router.get("/api/datasets", operation_id="list_datasets", responses=documented(422))
def list_datasets(state: State) -> DatasetsOut:
    """List the samples and the datasets of the library; those that cannot be used say why."""
    return DatasetsOut(datasets=[dataset_out(listing) for listing in state.catalog.datasets()])
