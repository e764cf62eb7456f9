"""Progress where there is no terminal: a line a second on stderr."""

import sys

from trad.cli.edges import forget
from trad.progress import JobProgress
from trad.training.sinks import LINE_SECONDS, Throttle, progress_line


class StderrLines:
    """A `ProgressSink` that writes `Progress: ...` lines."""

    def __init__(self) -> None:
        self._throttle = Throttle(LINE_SECONDS)

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Write a line when a second has passed, the state changed, or it is the last one."""
        if not self._throttle.due(progress, final=final):
            return
        try:
            sys.stderr.write(progress_line(progress) + "\n")
            sys.stderr.flush()
        except BrokenPipeError:  # `trad train ... 2>&1 | head`: the job goes on, though nobody reads of it
            forget(sys.stderr)
