"""Runs a strategy again and again, each time as if it were the first."""

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from trad.checking.kept_state import KeptState
from trad.checking.report import CheckName
from trad.errors import StrategyError
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.generation import generate
from trad.strategies.parameters import Params
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

Tell = Callable[[CheckName, int], None]
"""Told before each run: which check it belongs to, and how many runs there were."""


class Runs:
    """Runs one strategy, counts, and sees to it that no run knows of another.

    What the strategy prints goes to stderr in the first run, and nowhere in the others, which say the
    same again.
    """

    def __init__(self, strategy: type[Strategy], params: Params, tell: Tell | None = None) -> None:
        self.strategy, self.params = strategy, params
        self.count = 0
        self.check: CheckName = "signals"
        self.kept = KeptState(strategy)
        self._tell = tell

    def signals(self, candles: Candles, params: Params | None = None) -> Signals:
        """Run a new instance; what it keeps outside itself is put back first.

        Raises:
            StrategyError: It raised, or its signals break their contract.
        """
        self.kept.restore()
        return self.again(candles, self.strategy(**(self.params if params is None else params)))

    def attempt(self, candles: Candles) -> Signals | StrategyError:
        """Run a new instance, as `signals` does; return the error where it raises."""
        try:
            return self.signals(candles)
        except StrategyError as error:
            return error

    def again(self, candles: Candles, instance: Strategy) -> Signals:
        """Run an instance without putting anything back.

        Raises:
            StrategyError: It raised, or its signals break their contract.
        """
        if self._tell is not None:
            self._tell(self.check, self.count)
        self.count += 1
        first = self.count == 1
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(sys.stderr if first else nowhere),
        ):
            made = generate(instance, candles, StageReporter(len(candles)))
        # A strategy may hand out arrays that it writes to again in its next run.
        return Signals(**{name: column.copy() for name, column in made.columns().items()})
