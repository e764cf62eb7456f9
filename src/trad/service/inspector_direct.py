"""Answers about strategies and candles, worked out in this process: the user's code runs here."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from trad.backtest.result import BacktestResult
from trad.errors import CandlesError, DataFileError, InputError, ParameterError, StrategyNotFound
from trad.market.checks import check_candles
from trad.market.gaps import Gaps, find_gaps
from trad.market.samples import PREFIX
from trad.service.cutting import backtest_window, candle_window, trade_page
from trad.service.importances import parameter_importances, searched_parameters
from trad.service.inspector import (
    DatasetListing,
    RecomputedBacktest,
    ScoredParams,
    SourceKind,
    StrategyListing,
)
from trad.service.inspector_runs import KeptCandles, KeptRuns
from trad.service.naming import checked_strategy
from trad.service.planning import TrainRequest, plan_job
from trad.service.thinning import candle_bars, equity_points
from trad.service.windows import BacktestWindow, CandleWindow, TradePage, Window
from trad.settings import Settings
from trad.strategies.loading import (
    StrategyInfo,
    built_in_strategies,
    file_strategies,
    installed_strategies,
    strategy_files,
)
from trad.strategies.parameters import Params
from trad.training.job import JobSpec

MOST_TRADES = 2_000
"""More trades are counted, and left out of the answer."""

LONGEST_DOCSTRING = 10_000
"""Characters: the list of all strategies travels in one answer."""

MOST_GAPS = 20
"""More gaps are counted, and not listed."""

_FOLDER_ONLY = (
    "jobs of the service run built-in strategies and those of the strategies folder; use `trad train`"
)


class DirectInspector:
    """An `Inspector` that does the work itself; not for a process that must outlive a user's mistakes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs = KeptRuns(settings)
        self._candles = KeptCandles(settings)

    def start(self) -> None:
        """Do nothing: it is ready."""

    def stop(self) -> None:
        """Do nothing."""

    def known_strategies(self) -> list[StrategyListing]:
        """List the built-in and the installed strategies; the latter are not for jobs of the service."""
        installed = _listings(installed_strategies(), "package", _FOLDER_ONLY)
        return [*_listings(built_in_strategies(), "built-in"), *installed]

    def strategies_in(self, name: str) -> list[StrategyListing]:
        """List the strategies of one file of the strategies folder."""
        folder = self._settings.strategies
        files = [path for path in strategy_files(folder) if path.stem == name]
        if not files:
            raise StrategyNotFound(f"the strategies folder holds no file {name[:80]!r}")
        return _listings(file_strategies(files[0]), "folder")

    def dataset(self, name: str) -> DatasetListing:
        """Describe a sample, or a dataset of the library."""
        sample = name.startswith(PREFIX)
        candles = self._candles.read(name)
        report = check_candles(candles.timestamp, candles.columns)
        first, last = (int(candles.timestamp[place].astype("int64")) for place in (0, -1))
        return DatasetListing(
            name=name,
            candles=len(candles),
            first=first,
            last=last,
            interval=None if report.timeframe is None else str(report.timeframe),
            gaps=report.gaps,
            sample=sample,
            synthetic=candles.synthetic,
            error=None,
        )

    def candles(self, name: str, window: Window) -> CandleWindow:
        """Show a window of the candles of a sample, or of a dataset of the library."""
        return candle_window(self._candles.kept(name), window)

    def gaps(self, name: str) -> Gaps:
        """Find where candles of a sample or of a dataset of the library are missing."""
        return find_gaps(self._candles.kept(name).timestamp, MOST_GAPS)

    def plan(self, request: TrainRequest) -> JobSpec:
        """Check a request that goes by names alone, and make its spec."""
        if not isinstance(request.strategy, str) or not isinstance(request.data, str):
            raise InputError("a job of the service names its strategy and its data")
        strategy = checked_strategy(request.strategy, self._settings.strategies)
        # A name of the library is read here: by itself it might also be that of a file in the folder that
        # this process happens to be in.
        try:
            data = self._candles.read(request.data)
        except CandlesError:
            raise
        except InputError as error:
            raise DataFileError(str(error)) from None
        try:
            planned = plan_job(replace(request, strategy=strategy, data=data), self._settings)
        except ArithmeticError as error:
            raise ParameterError(
                f"the parameters' ranges lead to numbers beyond all measure ({error}); give larger steps"
            ) from None
        return replace(planned.spec, data=request.data)

    def backtest(self, spec: JobSpec, params: Params, points: int) -> RecomputedBacktest:
        """Run a configuration of a job again."""
        return _recomputed(self._runs.run(spec, params), points)

    def backtest_window(self, spec: JobSpec, params: Params, window: Window) -> BacktestWindow:
        """Show what a configuration of a job did in a window."""
        return backtest_window(self._runs.run(spec, params), window)

    def backtest_trades(self, spec: JobSpec, params: Params, start: int, limit: int) -> TradePage:
        """List at most `limit` trades from the `start`-th on, from 0."""
        return trade_page(self._runs.run(spec, params), start, limit)

    def importances(self, spec: JobSpec, episodes: Sequence[ScoredParams]) -> dict[str, float]:
        """Say how much each searched parameter had to do with the best scores."""
        return parameter_importances(searched_parameters(spec.space), episodes)


def _recomputed(result: BacktestResult, points: int) -> RecomputedBacktest:
    candles = result.candles
    shown = replace(result, log=result.log.cut(min(MOST_TRADES, len(result.log)))).as_json()
    return RecomputedBacktest(
        params=result.params,
        metrics=shown["metrics"],
        trades=shown["trades"],
        total_trades=len(result.log),
        candles=len(candles),
        ruined=result.ruined,
        elapsed_seconds=shown["elapsed_seconds"],
        equity=equity_points(candles, result.equity, points),
        bars=candle_bars(candles, points),
    )


def _listings(
    infos: Iterable[StrategyInfo], kind: SourceKind, error: str | None = None
) -> list[StrategyListing]:
    """List strategies; `error` is what keeps all of them from being used."""
    return [
        StrategyListing(
            name=_text(info.name),
            kind=kind,
            source=_text(_source(info, kind)),
            docs=_text(info.doc),
            parameters={name: parameter.as_json() for name, parameter in info.parameters.items()},
            error=None if (cause := info.error or error) is None else _text(cause),
            docstring=_text(info.docstring)[:LONGEST_DOCSTRING],
        )
        for info in infos
    ]


def _source(info: StrategyInfo, kind: SourceKind) -> str:
    if kind == "folder":
        return Path(info.source).name
    return info.source.removeprefix("package ") if kind == "package" else ""


def _text(words: str) -> str:
    """Return text that UTF-8 has bytes for: a docstring may hold half a character."""
    return words.encode("utf-8", "backslashreplace").decode()
