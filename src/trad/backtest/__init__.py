"""The backtest: costs, kernels, metrics and the engine.

`trad.backtest` names this room and, for users, the function that runs one backtest:
`trad.backtest(candles, strategy)`. A module that can be called serves both, whichever is imported first.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trad.backtest.result import BacktestResult


class _BacktestRoom(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> "BacktestResult":
        # Loading the engine takes more than a second (Numba): only who runs a backtest waits for it.
        from trad.backtest.engine import backtest

        return backtest(*args, **kwargs)


sys.modules[__name__].__class__ = _BacktestRoom
