"""Compiles the kernels before any test runs: `python -m tests.warm_up`.

Else the first tests of a fresh machine would wait for the compiler, and those with a deadline fail.
"""

import sys

from trad.backtest.engine import backtest
from trad.backtest.terms import Terms
from trad.market.candles import Candles
from trad.market.samples import read_sample
from trad.strategies.built_in import BUILT_IN, load_built_in


def main() -> None:
    """Run each built-in strategy once."""
    sys.stdout.write("Compiling kernels, where that was not done before.\n")
    candles = read_sample("sample:minute?candles=600")
    for name in BUILT_IN:
        backtest(candles, load_built_in(name)())
    backtest(candles, load_built_in("sma_cross")(), terms=Terms(time_stop=5))
    Candles(candles.timestamp, *candles.columns.values())


if __name__ == "__main__":
    main()
