"""A strategy that goes wrong in the way it is told to: one set of workers meets every kind of harm."""

import os
import signal
import sys

import numpy as np

from trad.errors import Stopped
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Choice, Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

WRONGS = (
    "nothing",
    "raises",
    "exits",
    "raises stopped",
    "hangs",
    "hangs in C",
    "aborts",
    "kills itself",
    "eats memory",
    "hoards memory",
    "too short",
    "wrong type",
    "nan stops",
    "no trades",
)
BLOCK = 2**25
"""Numbers in 256 MB."""


class Faulty(Strategy):
    """Trades every few candles, unless it is told to do something wrong half way."""

    wrong = Choice("nothing", WRONGS)
    every = Int(10, low=2, high=1_000)

    def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
        signals: Signals = Signals.empty(len(candles))
        for i in progress.track(range(len(candles))):
            if i == len(candles) // 2:
                signals = self.go_wrong(signals)
            if i % self.every == 0 and len(signals) == len(candles) and self.wrong != "no trades":
                signals.entry[i] = 1 if i % (2 * self.every) else -1
        return signals

    def go_wrong(self, signals: Signals) -> Signals:  # noqa: C901 - a list of misfortunes
        match self.wrong:
            case "raises":
                raise ZeroDivisionError("the wrong that was asked for")
            case "exits":
                sys.exit(3)
            case "raises stopped":
                raise Stopped("of its own accord")
            case "hangs":
                while True:
                    pass
            case "hangs in C":
                sum(range(10**14))  # no Python code runs meanwhile, no signal handler and no other thread
            case "aborts":
                os.abort()
            case "kills itself":
                os.kill(os.getpid(), signal.SIGKILL)
            case "eats memory":
                np.ones(BLOCK)
            case "hoards memory":
                [bytes(1_000) for _ in range(500_000)]
            case "too short":
                return Signals(entry=signals.entry[:-1])
            case "wrong type":
                return [1, 2, 3]  # type: ignore[return-value]
            case "nan stops":
                signals.entry[3] = 1
                signals.stop_loss[3] = np.nan  # type: ignore[index]  # as `empty` made them
        return signals
