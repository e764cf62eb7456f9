"""The stage in which a strategy generates its signals."""

import inspect
from functools import lru_cache
from typing import Any, Literal

from trad.errors import Stopped, StrategyError
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.faults import described, files_of
from trad.strategies.signal_checks import check_signals
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

__all__ = ["check_signals", "generate"]

_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def generate(strategy: Strategy, candles: Candles, reporter: StageReporter) -> Signals:
    """Let `strategy` generate its signals, report the stage's end, and check what came.

    Returns:
        Signals as `check_signals` leaves them: one row per candle, in their one form.

    Raises:
        StrategyError: The strategy raised; the message names its own file and line.
        SignalsError: It returned something else than valid signals.
        Stopped: The stage was asked to stop.
    """
    result = _call(strategy, candles, reporter)
    reporter.finish()
    name = type(strategy).__name__
    if any(base.__module__.partition(".")[0] == "pandas" for base in type(result).__mro__):
        # Whoever returned a frame has loaded pandas; others are spared the seconds it takes.
        from trad.strategies.signal_frames import signals_from_frame

        result = signals_from_frame(result, candles, name)
    return check_signals(result, candles, name)


def _call(strategy: Strategy, candles: Candles, reporter: StageReporter) -> object:
    cls = type(strategy)
    function: Any = strategy.generate_signals
    way = _way_of_progress(cls)
    try:
        if way == "named":
            return function(candles, progress=reporter)
        return function(candles, reporter) if way == "placed" else function(candles)
    except (Stopped, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        if error is reporter.callback_error:
            raise
        raise StrategyError(described(error, files_of(cls, Strategy))) from error


@lru_cache(maxsize=256)
def _way_of_progress(cls: type[Strategy]) -> Literal["named", "placed", "none"]:
    """Find out how `generate_signals` takes its reporter: as `progress`, in second place, or not at all."""
    parameters = inspect.signature(cls.generate_signals).parameters
    progress = parameters.get("progress")
    if progress is not None and progress.kind in _NAMED:
        return "named"
    second = list(parameters.values())[2:3]  # after self and candles
    if second and second[0].kind in _PLACED and second[0].default is inspect.Parameter.empty:
        return "placed"
    return "none"
