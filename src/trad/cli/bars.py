"""Progress as Rich shows it on a terminal: one bar for the job, one for each worker's episode."""

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from trad.progress import STAGES, JobProgress, RunningEpisode

_REFRESH = 10
_WIDEST_BAR, _SHORTEST_BAR = 60, 6
_BESIDE_BAR = 58
"""What the columns beside the bar need; a terminal that leaves less than the shortest bar shows none."""
_BEFORE_LAST = 18
"""What stands before the last column where there is no bar: 4 + 5 + 6, and a space after each."""


class JobBars:
    """A job's latest snapshot as Rich draws it.

    A worker keeps its line, and columns keep their width, so that nothing jumps while numbers move.

    Args:
        title: What is being trained, on the first line.
        workers: Names of workers whose lines are there from the start.
    """

    def __init__(self, title: str, workers: Sequence[str] = ()) -> None:
        self._title = title
        self._progress: JobProgress | None = None
        self._lanes: dict[str, RunningEpisode | None] = dict.fromkeys(workers)

    def take(self, progress: JobProgress, *, final: bool) -> None:
        """Draw this snapshot from now on; the last one is drawn without the workers' lines."""
        lanes: dict[str, RunningEpisode | None] = dict.fromkeys(self._lanes)
        lanes.update({episode.worker: episode for episode in progress.running})
        self._lanes = {} if final else dict(sorted(lanes.items(), key=lambda lane: (len(lane[0]), lane[0])))
        self._progress = progress

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        progress = self._progress
        yield Text(self._title, style="bold", no_wrap=True, overflow="ellipsis")
        if progress is None:
            yield Text("starting", style="dim")
            return
        bar = min(_WIDEST_BAR, options.max_width - _BESIDE_BAR)
        table = _columns(bar, options.max_width)
        table.add_row(*_fitting(_job_row(progress, bar), bar))
        most = max(1, options.size.height - 6)
        for worker, episode in list(self._lanes.items())[:most]:
            table.add_row(*_fitting(_episode_row(worker, episode, bar), bar))
        hidden = len(self._lanes) - most
        more = [Text(f"and {hidden} more workers", style="dim")] if hidden > 0 else []
        yield Group(table, *more, _footer(progress))


class TerminalBars:
    """A `ProgressSink` that draws in place on a terminal, ten times a second.

    Args:
        console: Where to draw.
        title, workers: See `JobBars`.
    """

    def __init__(self, console: Console, title: str, workers: Sequence[str] = ()) -> None:
        self._bars = JobBars(title, workers)
        self._live = Live(self._bars, console=console, refresh_per_second=_REFRESH, redirect_stdout=False)
        self._live.start()

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Take a snapshot; the screen is drawn at the next refresh, and at once for the last one."""
        self._bars.take(progress, final=final)
        if final:
            self.close()

    def close(self) -> None:
        """Draw a last time and give the terminal back; may be called again."""
        self._live.stop()


def _columns(bar: int, width: int) -> Table:
    """Lay the columns out: worker, episode, bar, percent, and what is going on."""
    table = Table.grid(padding=(0, 1), pad_edge=False)
    table.add_column(width=4, no_wrap=True)
    table.add_column(width=5, justify="right", no_wrap=True)
    if bar >= _SHORTEST_BAR:
        table.add_column(width=bar, no_wrap=True)
    table.add_column(width=6, justify="right", no_wrap=True)
    # Where there is no room for all, the last one is cut: Rich would squeeze each of them.
    last = None if bar >= _SHORTEST_BAR else max(1, width - _BEFORE_LAST)
    table.add_column(width=last, no_wrap=True, overflow="ellipsis")
    return table


def _fitting(row: Sequence[Text | ProgressBar], bar: int) -> list[Text | ProgressBar]:
    """Leave the bar out where there is no room for one."""
    return [cell for cell in row if bar >= _SHORTEST_BAR or isinstance(cell, Text)]


def _job_row(progress: JobProgress, bar: int) -> tuple[Text | ProgressBar, ...]:
    done = progress.state == "completed"
    return (
        Text("Job", style="bold"),
        Text(""),
        ProgressBar(
            total=100, completed=progress.percent, width=bar, finished_style="green" if done else "yellow"
        ),
        Text(f"{_percent(progress.percent)}%", style="bold"),
        Text(f"Episode {progress.finished}/{progress.planned}", style="bold"),
    )


def _percent(percent: float) -> str:
    """Write a percentage so that 100.0 shows only at the end."""
    return f"{percent:.1f}" if percent >= 100 else f"{min(percent, 99.9):.1f}"


def _episode_row(worker: str, episode: RunningEpisode | None, bar: int) -> tuple[Text | ProgressBar, ...]:
    short = Text(f"w{worker.rsplit(' ', 1)[-1]}" if worker.startswith("worker ") else worker[:4], style="dim")
    if episode is None:
        return (
            short,
            Text(""),
            ProgressBar(total=1, completed=0, width=bar),
            Text(""),
            Text("between episodes", style="dim"),
        )
    style = "cyan" if episode.stage == STAGES[0] else "magenta"
    whole = f"{episode.total_candles:,}"
    return (
        short,
        Text(f"#{episode.number}"),
        ProgressBar(
            total=episode.total_candles,
            completed=episode.candles_processed,
            width=bar,
            complete_style=style,
            finished_style=style,
        ),
        Text(f"{_percent(100 * episode.fraction)}%"),
        Text(f"{episode.candles_processed:>{len(whole)},}/{whole} {episode.stage}"),
    )


def _footer(progress: JobProgress) -> Text:
    if progress.note is not None:
        return Text(progress.note, style="yellow", no_wrap=True, overflow="ellipsis")
    best = "-" if progress.best_score is None else f"{progress.best_score:.4f} (#{progress.best_number})"
    speed = "-" if progress.candles_per_second is None else f"{progress.candles_per_second:,.0f} candles/s"
    parts = [f"best {best}", speed]
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    if progress.state != "running":
        parts = [progress.state, *parts, f"took {clock(progress.elapsed_seconds)}"]
    else:
        parts.append("- left" if progress.eta_seconds is None else f"{clock(progress.eta_seconds)} left")
    return Text("   ".join(parts), style="dim", no_wrap=True, overflow="ellipsis")


def clock(seconds: float) -> str:
    """Write a duration as `1:02:03` or `2:03`."""
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
