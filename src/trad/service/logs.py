"""The program's own log: `$TRAD_HOME/logs/trad.log`, one line an event."""

import logging
from logging.handlers import RotatingFileHandler

import structlog

from trad.settings import Settings

_MOST_BYTES = 10_000_000
_OLD_FILES = 3


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
    handler = RotatingFileHandler(
        folder / "trad.log", maxBytes=_MOST_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
    )
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
