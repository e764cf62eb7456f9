"""How far a check is: a line a second on stderr, once it has taken a while."""

import sys
from time import monotonic

from trad.checking.report import CheckName
from trad.cli.edges import forget
from trad.training.sinks import LINE_SECONDS


class CheckingLines:
    """Called before each run of a check; quiet for the first second, and a line a second from then on."""

    def __init__(self) -> None:
        self._last = monotonic()

    def __call__(self, check: CheckName, runs: int) -> None:
        """Say which check is at work, and how often the strategy ran."""
        now = monotonic()
        if now - self._last < LINE_SECONDS:
            return
        self._last = now
        try:
            sys.stderr.write(f"Checking: {check.replace('_', '-')}, {runs} runs so far\n")
            sys.stderr.flush()
        except BrokenPipeError:  # `trad check ... 2>&1 | head`: the check goes on, though nobody reads of it
            forget(sys.stderr)
