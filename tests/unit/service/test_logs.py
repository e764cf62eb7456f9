"""The program's own log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from trad.service.logs import configure_logging
from trad.settings import Settings, read_settings


@pytest.fixture
def settings(trad_home: Path) -> Iterator[Settings]:
    logger = logging.getLogger("trad")
    before = (list(logger.handlers), logger.level, logger.propagate)
    yield read_settings()
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    for handler in before[0]:
        logger.addHandler(handler)
    logger.setLevel(before[1])
    logger.propagate = before[2]
    structlog.reset_defaults()


def lines(settings: Settings) -> list[str]:
    return (settings.home / "logs" / "trad.log").read_text().splitlines()


def test_an_event_is_one_line_with_its_time_and_level(settings: Settings) -> None:
    configure_logging(settings)
    structlog.stdlib.get_logger("trad.progress").info("half way", job="job1")
    (line,) = lines(settings)
    assert line.startswith("timestamp='20")
    assert line.endswith("level='info' event='half way' job='job1'")


def test_a_line_break_in_an_event_stays_in_its_line(settings: Settings) -> None:
    configure_logging(settings)
    structlog.stdlib.get_logger("trad.progress").info("one\ntwo\x1b[2J", job="job1")
    (line,) = lines(settings)
    assert "\x1b" not in line


def test_an_error_is_one_line_with_its_traceback(settings: Settings) -> None:
    configure_logging(settings)
    log = structlog.stdlib.get_logger("trad.server")

    def fail() -> None:
        raise ValueError("\x1b[2J")

    try:
        fail()
    except ValueError:
        log.exception("request failed")
    (line,) = lines(settings)
    assert "in test_an_error_is_one_line_with_its_traceback" in line
    assert "ValueError" in line
    assert "\x1b" not in line


def test_the_level_is_the_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for level, count in (("INFO", 1), ("DEBUG", 3)):
        monkeypatch.setenv("TRAD_LOG_LEVEL", level)
        configure_logging(read_settings())
        log = structlog.stdlib.get_logger("trad.progress")
        log.debug("fine")
        log.info("coarse")
        assert len(lines(settings)) == count, "configured again, it writes each line once"


def test_other_libraries_are_left_alone(settings: Settings) -> None:
    configure_logging(settings)
    logging.getLogger("sqlalchemy").warning("not ours")
    structlog.stdlib.get_logger("trad.progress").info("ours")
    assert len(lines(settings)) == 1
    assert not logging.getLogger("trad").propagate
