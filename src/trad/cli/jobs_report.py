"""The list of jobs for people."""

import time

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trad.cli.bars import clock
from trad.cli.edges import visible
from trad.training.job import Job

_STYLES = {"running": "cyan", "completed": "green", "failed": "red", "paused": "yellow", "cancelled": "dim"}


_ROOMY = 90
"""From this width on there is room for the optimizer."""


def print_jobs(jobs: list[Job]) -> None:
    """Print jobs on stdout, a line each, as wide as they need where stdout is no terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(_table(jobs, roomy=console.width >= _ROOMY))


def _table(jobs: list[Job], *, roomy: bool) -> Table:
    table = Table(box=None, padding=(0, 1), collapse_padding=True, pad_edge=False, header_style="dim")
    for name, justify in (
        ("id", "left"), ("state", "left"), ("progress", "right"), ("episodes", "right"),
        ("strategy", "left"), ("optimizer", "left"), ("best", "right"), ("age", "right"),
    ):  # fmt: skip
        if roomy or name != "optimizer":
            # Where there is no room, the strategy's name is the one to be cut.
            table.add_column(name, justify=justify, no_wrap=name != "strategy")  # type: ignore[arg-type]
    for job in jobs:
        done = job.completed_episodes + job.failed_episodes
        table.add_row(
            job.id,
            Text(job.state, _STYLES.get(job.state, "")),
            f"{job.progress:.1f}%",
            f"{done}/{job.total_episodes}",
            Text(visible(job.strategy.rsplit("/", 1)[-1]), overflow="ellipsis", no_wrap=True),
            *([job.optimizer] if roomy else []),
            "-" if job.best_score is None else f"{job.best_score:.4f}",
            clock(time.time() - job.created_at),
        )
    return table
