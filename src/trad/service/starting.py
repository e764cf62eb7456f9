"""Starts what runs a job's episodes: worker processes, or this one.

Loads next to nothing: workers load their libraries while whoever started them loads the rest.
"""

import os
from pathlib import Path

from trad.errors import InputError
from trad.executors.processes import ProcessExecutor
from trad.settings import Settings
from trad.strategies.strategy import Strategy
from trad.training.executor import Executor

MOST_WORKERS = 256


def checked_workers(workers: int | None) -> int:
    """Return how many worker processes to start; None is one for each core this process may use.

    Raises:
        InputError: Below 0 or above 256.
    """
    if workers is None:
        return min(
            MOST_WORKERS,
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        )
    if not 0 <= workers <= MOST_WORKERS:
        raise InputError(
            f"workers was {workers}; it is a whole number from 0 (in this process) to {MOST_WORKERS}"
        )
    return workers


def output_file(settings: Settings, job_id: str) -> Path:
    """Name the file that takes what the strategies of a job print."""
    return settings.home / "logs" / f"{job_id}.log"


def open_executor(workers: int, output: Path | None, strategy: type[Strategy] | None = None) -> Executor:
    """Start worker processes, or an executor in this thread for 0 workers.

    Args:
        workers: How many.
        output: What strategies print in worker processes goes there.
        strategy: The class itself, where it lives in no file: its episodes run in this thread.
    """
    if workers == 0 or strategy is not None:
        # Runs episodes here, so it loads Numba: over a second that worker processes take side by side.
        from trad.executors.inline import InlineExecutor

        return InlineExecutor(strategy)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
    return ProcessExecutor(workers, output)


def name_output(executor: Executor, settings: Settings, job_id: str) -> None:
    """Give what strategies print the name of the job, which was not known when the executor started."""
    if isinstance(executor, ProcessExecutor):
        executor.move_output(output_file(settings, job_id))
