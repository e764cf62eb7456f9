"""Trad trains trading strategies and shows, at every moment, what it is really doing.

What this package offers to strategy authors is loaded on first use, so that the command line starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trad.api import TrainedJob as TrainedJob
    from trad.api import train as train
    from trad.backtest.engine import BacktestEngine as BacktestEngine
    from trad.backtest.engine import backtest as backtest
    from trad.backtest.terms import Terms as Terms
    from trad.checking.check import check as check
    from trad.errors import TradError as TradError
    from trad.market.candles import Candles as Candles
    from trad.market.files import read_candles as read_candles
    from trad.progress import JobProgress as JobProgress
    from trad.strategies.parameters import Choice as Choice
    from trad.strategies.parameters import Float as Float
    from trad.strategies.parameters import Int as Int
    from trad.strategies.signals import Signals as Signals
    from trad.strategies.strategy import Strategy as Strategy

__version__ = "0.1.0"

_HOMES = {
    "BacktestEngine": "trad.backtest.engine",
    "Candles": "trad.market.candles",
    "Choice": "trad.strategies.parameters",
    "Float": "trad.strategies.parameters",
    "Int": "trad.strategies.parameters",
    "JobProgress": "trad.progress",
    "Signals": "trad.strategies.signals",
    "Strategy": "trad.strategies.strategy",
    "Terms": "trad.backtest.terms",
    "TradError": "trad.errors",
    "TrainedJob": "trad.api",
    "backtest": "trad.backtest.engine",
    "check": "trad.checking.check",
    "read_candles": "trad.market.files",
    "train": "trad.api",
}

__all__ = [*sorted(_HOMES), "__version__"]  # noqa: PLE0604 - the names above, all of them strings


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'trad' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    if name != "backtest":  # the room of that name is callable, and stays
        globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
