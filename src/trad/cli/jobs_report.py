"""The list of jobs for people."""

import time

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trad.cli.bars import clock
from trad.cli.edges import visible
from trad.training.job import Job

_STYLES = {"running": "cyan", "completed": "green", "failed": "red", "paused": "yellow", "cancelled": "dim"}


def jobs_table(jobs: list[Job]) -> Table:
    """Lay jobs out, a line each."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name, justify in (
        ("id", "left"), ("state", "left"), ("progress", "right"), ("episodes", "right"),
        ("strategy", "left"), ("optimizer", "left"), ("best", "right"), ("age", "right"),
    ):  # fmt: skip
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for job in jobs:
        done = job.completed_episodes + job.failed_episodes
        table.add_row(
            job.id,
            Text(job.state, _STYLES.get(job.state, "")),
            f"{job.progress:.1f}%",
            f"{done}/{job.total_episodes}",
            Text(visible(job.strategy.rsplit("/", 1)[-1])),
            job.optimizer,
            "-" if job.best_score is None else f"{job.best_score:.4f}",
            clock(time.time() - job.created_at),
        )
    return table


def print_table(table: Table) -> None:
    """Print a table on stdout, as wide as it needs where stdout is no terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)
