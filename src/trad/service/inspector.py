"""The contract of whoever answers questions about strategies and candles for the server.

The server's own process imports no file of a user's and compiles no kernel: what needs either is asked
of an `Inspector`, which does it elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from trad.market.gaps import Gaps
from trad.service.inspector_series import CandleBars, EquityPoints
from trad.service.planning import TrainRequest
from trad.service.windows import BacktestWindow, CandleWindow, TradePage, Window
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

    def candles(self, name: str, window: Window) -> CandleWindow:
        """Show a window of a sample's candles, or of those of a dataset of the library.

        Raises:
            DataNotFound: Neither has the name.
            InputError: The window reaches out of the candles.
        """
        ...

    def gaps(self, name: str) -> Gaps:
        """Find where candles of a sample or of a dataset of the library are missing.

        Raises:
            DataNotFound: Neither has the name.
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

    def backtest_window(self, spec: JobSpec, params: Params, window: Window) -> BacktestWindow:
        """Show what a configuration of a job did in a window; raises what `backtest` raises.

        The run is kept for a while: the next window of it needs no other.

        Raises:
            InputError: The window reaches out of the candles.
        """
        ...

    def backtest_trades(self, spec: JobSpec, params: Params, start: int, limit: int) -> TradePage:
        """List at most `limit` trades from the `start`-th on, from 0; raises what `backtest` raises."""
        ...

    def importances(self, spec: JobSpec, episodes: Sequence[ScoredParams]) -> dict[str, float]:
        """Say how much each searched parameter had to do with the best scores; the sum is 1 or 0."""
        ...
