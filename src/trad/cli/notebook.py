"""Progress in a notebook: the terminal's bars as text, which is replaced in place."""

import html
import io
from collections.abc import Sequence

from IPython.display import HTML, DisplayHandle
from rich.console import Console

from trad.cli.bars import JobBars
from trad.progress import JobProgress
from trad.training.sinks import Throttle

_WIDTH = 110
_SECONDS = 0.25
_STYLE = "line-height:1.2; font-family:monospace"


class NotebookBars:
    """A `ProgressSink` that needs IPython alone, no widgets: it replaces one output four times a second.

    Args:
        title, workers: See `JobBars`.
    """

    def __init__(self, title: str, workers: Sequence[str] = ()) -> None:
        self._bars = JobBars(title, workers)
        self._throttle = Throttle(_SECONDS)
        self._handle = DisplayHandle()
        self._handle.display(self._drawn())

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        """Draw a snapshot when it is due."""
        if self._throttle.due(progress, final=final):
            self._bars.take(progress, final=final)
            self._handle.update(self._drawn())

    def close(self) -> None:
        """Leave the output as it is."""

    def _drawn(self) -> HTML:
        text = io.StringIO()
        Console(file=text, width=_WIDTH, height=30, force_jupyter=False, legacy_windows=False).print(
            self._bars
        )
        return HTML(f'<pre style="{_STYLE}">{html.escape(text.getvalue())}</pre>')
