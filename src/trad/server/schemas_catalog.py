"""What strategies and datasets look like on the wire."""

from typing import Any, Literal

from pydantic import Field

from trad.server.schemas import Moment, Out
from trad.service.documents import moment
from trad.service.inspector import DatasetListing, SourceKind, StrategyListing

Plain = bool | int | float | str


class ParameterOut(Out):
    """A declared parameter."""

    name: str
    type: Literal["int", "float", "choice"]
    default: Plain
    low: int | float | None = Field(description="Null for a choice.")
    high: int | float | None = Field(description="Null for a choice.")
    step: int | float | None = Field(description="Null: any value between, and for a choice.")
    log: bool = Field(description="Whether it is searched on a log scale.")
    choices: list[Plain] | None = Field(description="Null for a number.")


class StrategyOut(Out):
    """A strategy that a job can name, or why it cannot."""

    name: str
    kind: SourceKind = Field(description="Where it comes from.")
    source: str = Field(description="The file's name or the package's; empty for a built-in.")
    docs: str = Field(description="The first line of its docstring.")
    docstring: str = Field(description="All of it, without the indentation; at most 10,000 characters.")
    parameters: list[ParameterOut] = Field(description="In the order of declaration.")
    error: str | None = Field(description="Why it cannot be used; null when it can.")


class StrategiesOut(Out):
    """What can be trained."""

    strategies: list[StrategyOut]


class DatasetOut(Out):
    """A dataset that a job can name, or why it cannot."""

    name: str
    candles: int | None = Field(description="Null, as what follows, where it cannot be read.")
    first: Moment | None = Field(description="Open time of the first candle.")
    last: Moment | None = Field(description="Open time of the last candle.")
    interval: str | None = Field(description="The commonest distance of two candles.", examples=["1h"])
    gaps: int | None = Field(
        description="Places where the next candle comes later than that, such as weekends."
    )
    sample: bool = Field(description="Whether it comes with Trad.")
    synthetic: bool = Field(description="Whether the candles were made up.")
    error: str | None = Field(description="Why it cannot be used; null when it can.")


class DatasetsOut(Out):
    """What can be trained on."""

    datasets: list[DatasetOut]


def strategy_out(listing: StrategyListing) -> StrategyOut:
    """Return a strategy as it travels."""
    return StrategyOut(
        name=listing.name,
        kind=listing.kind,
        source=listing.source,
        docs=listing.docs,
        docstring=listing.docstring,
        parameters=[_parameter(name, entry) for name, entry in listing.parameters.items()],
        error=listing.error,
    )


def _parameter(name: str, entry: dict[str, Any]) -> ParameterOut:
    return ParameterOut(
        name=name,
        type=entry["type"],
        default=entry["default"],
        low=entry.get("low"),
        high=entry.get("high"),
        step=entry.get("step"),
        log=entry.get("log", False),
        choices=entry.get("options"),
    )


def dataset_out(listing: DatasetListing) -> DatasetOut:
    """Return a dataset as it travels."""
    return DatasetOut(
        name=listing.name,
        candles=listing.candles,
        first=_moment(listing.first),
        last=_moment(listing.last),
        interval=listing.interval,
        gaps=listing.gaps,
        sample=listing.sample,
        synthetic=listing.synthetic,
        error=listing.error,
    )


def _moment(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else moment(milliseconds / 1000)
