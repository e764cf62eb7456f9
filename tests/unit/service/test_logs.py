"""The program's own log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from trad.service.logs import SharedLogFile, configure_logging
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


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("trad", logging.INFO, __file__, 1, text, None, None)


def test_processes_that_share_the_file_put_it_aside_once_and_lose_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trad.service.logs._MOST_BYTES", 1_000)
    both = [SharedLogFile(tmp_path / "trad.log") for _ in range(2)]
    told = [f"line {number:04}" for number in range(300)]
    for number, line in enumerate(told):
        both[number % 2].emit(record(line))
    for handler in both:
        handler.close()
    kept = [(tmp_path / f"trad.log{end}").read_text().split("\n")[:-1] for end in (".3", ".2", ".1", "")]
    assert [line for lines in kept for line in lines] == told[-sum(map(len, kept)) :]
    assert all(len(lines) >= 80 for lines in kept[:-1])


def test_a_log_that_cannot_be_written_is_complained_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = SharedLogFile(tmp_path / "gone" / "trad.log")
    handler.emit(record("one"))
    handler.emit(record("two"))
    assert capsys.readouterr().err.count("cannot be written") == 1
    (tmp_path / "gone").mkdir()
    handler.emit(record("three"))
    handler.close()
    assert (tmp_path / "gone" / "trad.log").read_text() == "three\n"


def test_other_libraries_are_left_alone(settings: Settings) -> None:
    configure_logging(settings)
    logging.getLogger("sqlalchemy").warning("not ours")
    structlog.stdlib.get_logger("trad.progress").info("ours")
    assert len(lines(settings)) == 1
    assert not logging.getLogger("trad").propagate
