"""The list of jobs for people."""

import time
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trad.cli.bars import clock
from trad.service.conditions import AS_WANTED, Condition
from trad.service.visible import visible
from trad.training.job import Job

_STYLES = {"running": "cyan", "completed": "green", "failed": "red", "paused": "yellow", "cancelled": "dim"}


_ROOMY = 90
"""From this width on there is room for the optimizer."""


def print_jobs(jobs: list[Job], conditions: Mapping[str, Condition]) -> None:
    """Print jobs on stdout, a line each, as wide as they need where stdout is no terminal.

    A job that needs somebody's attention is marked, and below the list stands why.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    wrong = {name: found for name, found in conditions.items() if found.kind not in AS_WANTED}
    console.print(_table(jobs, wrong, roomy=console.width >= _ROOMY))
    for cause in dict.fromkeys(found.cause for found in wrong.values()):
        console.print(Text(visible(f"! {cause}"), style="yellow"))
    if wrong:
        console.print("see what to do with: trad jobs show ID", style="dim")


def _table(jobs: list[Job], wrong: Mapping[str, Condition], *, roomy: bool) -> Table:
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
            Text(f"{job.state} !" if job.id in wrong else job.state, _STYLES.get(job.state, "")),
            f"{job.progress:.1f}%",
            f"{done}/{job.total_episodes}",
            Text(visible(job.strategy.rsplit("/", 1)[-1]), overflow="ellipsis", no_wrap=True),
            *([job.optimizer] if roomy else []),
            "-" if job.best_score is None else f"{job.best_score:.4f}",
            clock(time.time() - job.created_at),
        )
    return table
