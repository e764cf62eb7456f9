"""Backtests of jobs run again, and candles of datasets, kept while they are looked at."""

from trad.backtest.engine import backtest
from trad.backtest.result import BacktestResult
from trad.backtest.terms import Terms
from trad.errors import ChangedSince, InputError, StrategyError, TradError
from trad.market.cache import open_cached
from trad.market.candles import Candles
from trad.market.datasets import read_dataset
from trad.market.samples import PREFIX, read_sample
from trad.service.naming import check_sample, dataset_file
from trad.service.recent import RecentBytes
from trad.service.run_keys import run_key
from trad.service.running import check_unchanged
from trad.settings import Settings
from trad.strategies.faults import described, files_of
from trad.strategies.parameters import Params
from trad.strategies.strategy import Strategy
from trad.training.job import JobSpec
from trad.training.strategy_code import load_unchanged

MOST_SAMPLE_CANDLES = 2_000_000
"""More are not made for whoever asks over the network: each length is kept on disk."""

MOST_BYTES_OF_RUNS = 128 * 1024 * 1024
MOST_BYTES_OF_CANDLES = 192 * 1024 * 1024


class KeptRuns:
    """Runs configurations of jobs again; those that were looked at last are kept.

    A kept run outlives a change of its strategy's file or of its data: it is the run of the old ones, by
    their hashes.

    Args:
        settings: Where strategies and candles live.
        most_bytes: How many bytes of equity and trades are kept.
    """

    def __init__(self, settings: Settings, most_bytes: int = MOST_BYTES_OF_RUNS) -> None:
        self._settings = settings
        self._kept: RecentBytes[str, BacktestResult] = RecentBytes(most_bytes)

    def run(self, spec: JobSpec, params: Params) -> BacktestResult:
        """Return a kept run, or run the configuration again.

        Raises:
            ChangedSince: Strategy or data are not what they were when the job was made.
            StrategyError: The strategy raised.
        """
        key = run_key(spec, params)
        result = self._kept.get(key)
        if result is None:
            result = self._run(spec, params)
            # The candles are mapped, not held.
            self._kept.keep(key, result, result.equity.nbytes + result.simulation.nbytes)
        return result

    def _run(self, spec: JobSpec, params: Params) -> BacktestResult:
        strategy, candles = self._unchanged(spec)
        return backtest(
            candles,
            _made(strategy, params),
            fee=spec.fee,
            slippage=spec.slippage,
            position_size=spec.position_size,
            initial_cash=spec.initial_cash,
            terms=Terms.from_json(spec.terms),
        )

    def _unchanged(self, spec: JobSpec) -> tuple[type[Strategy], Candles]:
        settings = self._settings
        try:
            check_unchanged(spec, settings)
            strategy = load_unchanged(spec.strategy, spec.strategy_code, settings.strategies)
            return strategy, open_cached(settings.cache, spec.data_hash)
        except ChangedSince:
            raise
        except InputError as error:
            raise ChangedSince(str(error)) from None


def _made(strategy: type[Strategy], params: Params) -> Strategy:
    """Make the strategy; what its own constructor raises is the strategy's failure."""
    try:
        return strategy(**params)
    except TradError:
        raise
    except (Exception, SystemExit) as error:  # the edge to the user's code
        raise StrategyError(described(error, files_of(strategy, Strategy))) from error


class KeptCandles:
    """Reads candles by the name of a dataset; those that were looked at last are kept.

    Args:
        settings: Where the library is.
        most_bytes: How many bytes of candles are kept.
    """

    def __init__(self, settings: Settings, most_bytes: int = MOST_BYTES_OF_CANDLES) -> None:
        self._settings = settings
        self._kept: RecentBytes[tuple[str, int, int], Candles] = RecentBytes(most_bytes)

    def read(self, name: str) -> Candles:
        """Read a sample, or a dataset of the library, without keeping it.

        Raises:
            DataNotFound: Neither has the name.
            InputError: The file, or a setting of the sample, is not usable.
        """
        if name.startswith(PREFIX):
            check_sample(name, self._settings)
            return read_sample(name, most_candles=MOST_SAMPLE_CANDLES)
        path = dataset_file(name, self._settings)
        return read_dataset(name, path, most_cells=self._settings.most_cells)

    def kept(self, name: str) -> Candles:
        """Return kept candles, or read them; a file that changed is read again. Raises what `read` raises."""
        stamp = self._stamp(name)
        candles = self._kept.get(stamp)
        if candles is None:
            candles = self.read(name)
            held = sum(column.nbytes for column in candles.columns.values()) + candles.timestamp.nbytes
            self._kept.keep(stamp, candles, held)
        return candles

    def _stamp(self, name: str) -> tuple[str, int, int]:
        if name.startswith(PREFIX):
            return name, 0, 0
        status = dataset_file(name, self._settings).stat()
        return name, status.st_mtime_ns, status.st_size
