"""Results for people: tables on stdout."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trad.cli.bars import clock
from trad.service.conditions import AS_WANTED, Condition
from trad.service.documents import best_episode, first_failure
from trad.service.visible import visible
from trad.training.job import Job, Metrics
from trad.training.ledger import JobLedger

_PERCENT = frozenset({"total_return", "cagr", "max_drawdown", "win_rate", "exposure", "average_trade"})
_MONEY = frozenset({"expectancy", "fees_paid", "final_equity"})


def written(name: str, value: float | None) -> str:
    """Write a metric the way traders read it; a dash where it does not exist."""
    if value is None:
        return "-"
    if name in _PERCENT:
        return f"{100 * value:,.2f} %"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if name in _MONEY else f"{value:,.4f}"


def metrics_table(metrics: Metrics) -> Table:
    """Lay metrics out in two columns of name and value."""
    table = Table.grid(padding=(0, 2))
    for justify in ("left", "right", "left", "right"):
        table.add_column(justify=justify, no_wrap=True)
    cells = [(name.replace("_", " "), written(name, value)) for name, value in metrics.items()]
    half = -(-len(cells) // 2)
    for i in range(half):
        right = cells[half + i] if half + i < len(cells) else ("", "")
        table.add_row(f"  {cells[i][0]}", cells[i][1], f"  {right[0]}", right[1])
    return table


def job_report(console: Console, ledger: JobLedger, job: Job, condition: Condition | None = None) -> None:
    """Print a job: how it ended, its best configuration, and what to do next.

    Args:
        condition: What keeps it from going on, if anything.
    """
    spec = job.spec
    data = spec.data.rsplit("/", 1)[-1] + (" (synthetic)" if spec.synthetic else "")
    # Episodes that failed at once count as whole ones: with nothing else, their speed says nothing.
    known = job.candles_per_second is not None and job.completed_episodes > 0
    speed = f", {job.candles_per_second:,.0f} candles/s" if known else ""
    failed = f", {job.failed_episodes} failed" if job.failed_episodes else ""
    done = job.completed_episodes + job.failed_episodes
    console.print(
        Text(f"Job {job.id} {job.state}", style="bold"),
        Text(
            visible(f"{job.strategy} on {data}, {spec.candles:,} candles; {job.optimizer}, seed {job.seed}")
        ),
        Text(f"{done} of {job.total_episodes} episodes{failed} in {clock(job.elapsed_seconds)}{speed}"),
        sep="\n",
    )
    if condition is not None:
        _print_condition(console, condition)
    elif job.error:
        console.print(Text(visible(f"cause: {job.error}"), style="red"))
    _print_failures(console, ledger, job)
    _print_best(console, ledger, job)
    if job.fingerprint:
        console.print(Text(f"fingerprint {job.fingerprint}", style="dim"), soft_wrap=True)
    if condition is None and job.state == "paused":
        console.print(f"go on with: trad jobs resume {job.id}")


def _print_condition(console: Console, condition: Condition) -> None:
    style = "" if condition.kind in AS_WANTED else "red"
    console.print(Text(visible(f"cause: {condition.cause}"), style=style), soft_wrap=True)
    console.print(Text(visible(f"next: {condition.remedy}")), soft_wrap=True)


def _print_failures(console: Console, ledger: JobLedger, job: Job) -> None:
    if (first := first_failure(ledger, job)) is None:
        return
    console.print(Text(visible(f"episode {first.number} failed: {first.error}"), style="red"), soft_wrap=True)


def _print_best(console: Console, ledger: JobLedger, job: Job) -> None:
    best = best_episode(ledger, job)
    if (best is None or best.metrics is None) and not job.completed_episodes:
        console.print("\nEvery episode failed." if job.failed_episodes else "\nNo episode has ended yet.")
        return
    if best is None or best.metrics is None:
        console.print(
            "\nNo episode has a score: no configuration gave one. Look at `trad backtest` with one of them."
        )
        return
    params = "  ".join(f"{name}={value}" for name, value in best.params.items())
    console.print()
    console.print(Text(f"Best: episode {best.number}, {job.objective} {best.score:.4f}", style="bold green"))
    console.print(Padding(Text(visible(params)), (0, 0, 0, 2), expand=False))
    console.print(metrics_table(best.metrics))
    console.print()
