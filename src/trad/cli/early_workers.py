"""Starts worker processes before anything else: their libraries take as long to load as this process's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from trad.cli.edges import interruptible
from trad.service.starting import checked_workers, open_executor, output_file
from trad.settings import read_settings
from trad.training.executor import Executor


@contextmanager
def early_workers(workers: int | None) -> Iterator[Executor]:
    """Start workers whose output has no name yet, for a job whose id is known only later; stop them at last.

    Ctrl-C and SIGTERM raise KeyboardInterrupt within.

    Raises:
        InputError: There cannot be so many workers.
    """
    with interruptible():
        output = output_file(read_settings(), f"starting-{os.getpid()}")
        executor = open_executor(checked_workers(workers), output)
        try:
            yield executor
        finally:
            executor.stop()
