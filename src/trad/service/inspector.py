"""The contract of whoever answers questions about strategies and candles for the server.

The server's own process imports no file of a user's and compiles no kernel: what needs either is asked
of an `Inspector`, which does it elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from trad.service.planning import TrainRequest
from trad.strategies.parameters import Params
from trad.training.job import JobSpec, Metrics

SourceKind = Literal["built-in", "folder", "package"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StrategyListing:
    """A strategy as the list shows it.

    Attributes:
        name: What a job asks for it by.
        kind: Whether it comes with Trad, lies in the strategies folder, or was installed as a package.
        source: The file's name or the package's; empty for a built-in.
        docs: The first line of its docstring.
        docstring: All of it, at most 10,000 characters.
        parameters: The declared parameters by name, as `Parameter.as_json` gives them.
        error: Why it cannot be used; None when it can.
    """

    name: str
    kind: SourceKind
    source: str
    docs: str
    parameters: dict[str, dict[str, Any]]
    error: str | None
    docstring: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetListing:
    """A dataset as the list shows it.

    Attributes:
        name: What a job asks for it by: a name in the library or `sample:NAME`.
        candles: How many; None where it cannot be read.
        first, last: Open times of the first and the last candle, milliseconds since 1970, UTC.
        interval: The commonest distance of two candles, such as `1h`.
        gaps: Places where the next candle comes later than that, such as weekends.
        sample: Whether it comes with Trad.
        synthetic: Whether it was made up.
        error: Why it cannot be used; None when it can.
    """

    name: str
    candles: int | None
    first: int | None
    last: int | None
    interval: str | None
    gaps: int | None
    sample: bool
    synthetic: bool
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EquityPoints:
    """The equity at some candles: in each stretch of candles its first, lowest, highest and last value.

    Attributes:
        index: Of the candle, from 0.
        timestamp: The candle's open time, milliseconds since 1970, UTC.
        equity: Cash + position value at its close.
    """

    index: list[int]
    timestamp: list[int]
    equity: list[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class CandleBars:
    """Stretches of candles drawn together as one bar each, so that no high and no low is lost.

    Attributes:
        index: Of the first candle in the bar, from 0.
        timestamp: That candle's open time, milliseconds since 1970, UTC.
    """

    index: list[int]
    timestamp: list[int]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecomputedBacktest:
    """An episode's backtest, run again.

    Attributes:
        trades: The first ones in the order of exits, as `trad backtest --json` prints them.
        total_trades: How many there are.
        candles: How many candles it ran over.
    """

    params: Params
    metrics: Metrics
    trades: list[dict[str, Any]]
    total_trades: int
    candles: int
    ruined: bool
    elapsed_seconds: float
    equity: EquityPoints
    bars: CandleBars


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoredParams:
    """A completed episode, as far as importances go by it."""

    params: Params
    score: float


class Inspector(Protocol):
    """Answers questions about strategies and candles; callable from any thread.

    Errors are those that the work itself raises (`InputError`, `StrategyError`); `InspectionFailed` when
    there is no answer in time: the process that was asked is then replaced.
    """

    def start(self) -> None:
        """Make ready in the background; returns at once."""
        ...

    def stop(self) -> None:
        """Leave off; questions under way fail with `InspectionFailed`. May be called again."""
        ...

    def known_strategies(self) -> list[StrategyListing]:
        """List the built-in and the installed strategies."""
        ...

    def strategies_in(self, name: str) -> list[StrategyListing]:
        """List the strategies of one file of the strategies folder, named without its ending.

        Raises:
            StrategyNotFound: The folder holds no such file.
        """
        ...

    def dataset(self, name: str) -> DatasetListing:
        """Describe a sample, or a dataset of the library.

        Raises:
            InputError: Neither has the name.
        """
        ...

    def plan(self, request: TrainRequest) -> JobSpec:
        """Check a request that goes by names alone, and make its spec; the candles are put in the cache.

        Raises:
            InputError: Something asked for does not exist, or breaks a rule.
        """
        ...

    def backtest(self, spec: JobSpec, params: Params, points: int) -> RecomputedBacktest:
        """Run a configuration of a job again; at most `points` points of equity and bars of candles.

        Raises:
            ChangedSince: Strategy or data are not what they were when the job was made.
            StrategyError: The strategy raised.
        """
        ...

    def importances(self, spec: JobSpec, episodes: Sequence[ScoredParams]) -> dict[str, float]:
        """Say how much each searched parameter had to do with the best scores; the sum is 1 or 0."""
        ...
