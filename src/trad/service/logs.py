"""The program's own log: `$TRAD_HOME/logs/trad.log`, one line an event."""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from trad.settings import Settings

_MOST_BYTES = 10_000_000
_OLD_FILES = 3


class SharedLogFile(RotatingFileHandler):
    """A log file that several processes write to, and that each may put aside once it has grown too long.

    What cannot be written (a full disk) is said once on stderr, until writing works again.

    Args:
        path: The file; the older ones stand beside it as `trad.log.1` and so on.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MOST_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True)
        self._path = path
        self._complained = self._failed = False

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's name
        """Tell whether the file is too long for one more line."""
        self._follow()
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Put the file aside, unless another process just has."""
        with self._alone():
            self._follow()
            if self._stands() and self._path.stat().st_size > self.maxBytes // 2:
                super().doRollover()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self._failed = False
        super().emit(record)
        self._complained = self._failed

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's
        """Say that a line was lost; the work that it told of goes on."""
        self._failed = True
        if not self._complained:
            sys.stderr.write(f"the log {self.baseFilename} cannot be written: {sys.exc_info()[1]}\n")

    def _follow(self) -> None:
        """Let go of a file that another process has put aside."""
        if self.stream is not None and not self._stands():
            self.stream.close()
            self.stream = self._open()

    def _stands(self) -> bool:
        """Tell whether the open file is the one that has the name."""
        if self.stream is None or not self._path.exists():
            return False
        return os.path.samestat(os.fstat(self.stream.fileno()), self._path.stat())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._path.with_name(f"{self._path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def configure_logging(settings: Settings) -> None:
    """Send the loggers of `trad` to the log file, at the level of `TRAD_LOG_LEVEL` and above.

    Loggers of other libraries are left alone. Calling it again changes the level.
    """
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    logger = logging.getLogger("trad")
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    handler = SharedLogFile(folder / "trad.log")
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(settings.log_level)
    logger.propagate = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
