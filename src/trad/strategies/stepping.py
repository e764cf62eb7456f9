"""How a resumable kernel goes over a stage: in one call, or in pieces where a callback waits."""

from collections.abc import Callable

from trad.progress import MOST_REPORTS, StageReporter

_LONGEST, _SHORTEST, _REPORTS = 2_048, 64, 64


def report_interval(total: int) -> int:
    """Return after how many candles a kernel stores its position in a stage of `total` candles.

    2,048 where that is often enough; fewer in a short stage, so that 10,000 candles still give 65
    positions; never fewer than 64, for the store would begin to show in the time.
    """
    return min(_LONGEST, max(_SHORTEST, total // _REPORTS))


def run_kernel(progress: StageReporter, total: int, call: Callable[[int, int], int]) -> None:
    """Run a kernel over `total` candles.

    The kernel stores its position itself, so one call does; only a callback makes it stop in between,
    about as often as it may be called.

    Args:
        progress: The stage's reporter.
        total: Candles to go over.
        call: Runs the kernel over candles `start` to `stop`; returns the candle reached, which is
            below `stop` when the kernel saw the stop flag.

    Raises:
        Stopped: The stage was asked to stop.
    """
    piece = max(report_interval(total), -(-total // MOST_REPORTS)) if progress.watched else total
    reached = 0
    while reached < total:
        reached = call(reached, min(reached + piece, total))
        progress.update(reached)
