"""How far a download is: a bar on a terminal, a line a second elsewhere; both on stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from trad.cli.bars import clock
from trad.market.download import DownloadProgress, Report
from trad.service.visible import visible

_LINE_SECONDS = 1.0


@contextmanager
def showing(title: str, *, quiet: bool) -> Iterator[Report]:
    """Show a download while the block runs; what it gives takes the progress."""
    if quiet:
        yield _nothing
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        console.file.write(f"{visible(title)}\n")
        yield _Lines().take
        return
    console.print(visible(title), markup=False, highlight=False)
    with Progress(
        TextColumn("{task.percentage:5.1f}%"),
        BarColumn(),
        TextColumn("{task.fields[words]}"),
        console=console,
    ) as bars:
        task, left = bars.add_task("", words=""), TimeLeft()

        def take(progress: DownloadProgress) -> None:
            bars.update(task, completed=100 * _fraction(progress), words=_words(progress, left))

        yield take


def _nothing(_progress: DownloadProgress) -> None:
    """Show no progress."""


class TimeLeft:
    """Estimates the seconds that remain from the speed of this run alone."""

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None

    def at(self, fraction: float, now: float) -> float | None:
        """Return the seconds that remain at a fraction done; None while there is no speed."""
        if self._began is None:
            self._began = (fraction, now)
        done, since = fraction - self._began[0], now - self._began[1]
        return None if done <= 0 or since <= 0 else since / done * (1 - fraction)


class _Lines:
    def __init__(self) -> None:
        self._left = TimeLeft()
        self._written = -_LINE_SECONDS

    def take(self, progress: DownloadProgress) -> None:
        now, words = time.monotonic(), _words(progress, self._left)
        if now - self._written >= _LINE_SECONDS or progress.reached >= progress.stop:
            self._written = now
            sys.stderr.write(f"Download: {100 * _fraction(progress):.1f}% - {words}\n")
            sys.stderr.flush()


def _fraction(progress: DownloadProgress) -> float:
    return (progress.reached - progress.start) / max(1, progress.stop - progress.start)


def _words(progress: DownloadProgress, left: TimeLeft) -> str:
    reached = time.strftime("%Y-%m-%d %H:%M", time.gmtime(progress.reached / 1000))
    seconds = left.at(_fraction(progress), time.monotonic())
    eta = "" if seconds is None else f"   {clock(seconds)} left"
    return f"{progress.candles:,} candles, {reached}{eta}"
