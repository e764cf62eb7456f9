"""Order, repeats, gaps, zones and stamps: what is done to rows that were understood."""

from pathlib import Path

import numpy as np
import pytest
from tests.unit.market.importing.test_dialects import DIALECTS, EXPECTED
from tests.unit.market.importing.written import imported, rows_of

from trad.errors import CandlesError, DataFileError
from trad.market.importing.options import ImportOptions

PLAIN = DIALECTS["plain"]
HEADER, *LINES = PLAIN.splitlines()


def text(*lines: str) -> str:
    return "\n".join((HEADER, *lines)) + "\n"


def series(stamps: "np.ndarray[tuple[int], np.dtype[np.datetime64]]") -> str:
    """A file of candles at these times, all alike."""
    return text(*(f"{stamp},1,2,1,1.5,5" for stamp in np.datetime_as_string(stamps, unit="s").tolist()))


def test_files_of_one_series_are_joined_in_any_order(tmp_path: Path) -> None:
    candles, report = imported(tmp_path, text(*LINES[2:]), text(*LINES[:3]))
    assert rows_of(candles) == EXPECTED
    assert (report.rows, report.kept, report.repeats) == (5, 4, 1)


def test_a_file_that_holds_itself_twice(tmp_path: Path) -> None:
    candles, report = imported(tmp_path, text(*LINES, *LINES))
    assert rows_of(candles) == EXPECTED
    assert report.repeats == 4
    assert report.moved == 4 - 1


def test_one_time_with_two_candles_is_refused_and_both_are_dropped(tmp_path: Path) -> None:
    disputed = text(*LINES, LINES[1].replace("1236.5", "1237"))
    with pytest.raises(CandlesError, match=r"the same time with different candles: 2 rows\n"):
        imported(tmp_path, disputed)
    candles, report = imported(tmp_path, disputed, options=ImportOptions(drop_bad=True))
    assert rows_of(candles) == [EXPECTED[0], *EXPECTED[2:]]
    assert report.dropped == 2


def test_stamps_of_closes_become_those_of_opens(tmp_path: Path) -> None:
    candles, report = imported(tmp_path, PLAIN, options=ImportOptions(stamps="close"))
    assert rows_of(candles)[0][0] == "2024-01-29T09:00:00"
    assert report.shifted


def test_local_times_are_brought_to_utc_through_both_changes_of_the_clock(tmp_path: Path) -> None:
    hours = np.arange("2024-10-26T12", "2024-10-28T12", dtype="datetime64[h]").astype("datetime64[s]")
    local = np.where(
        hours < np.datetime64("2024-10-27T01"), hours + np.timedelta64(2, "h"), hours + np.timedelta64(1, "h")
    )
    for order in (slice(None), slice(None, None, -1)):
        candles, _ = imported(tmp_path, series(local[order]), options=ImportOptions(timezone="Europe/Berlin"))
        assert (candles.timestamp == hours).all()


def test_an_hour_that_the_clocks_skipped_tells_of_a_wrong_zone(tmp_path: Path) -> None:
    hours = np.arange("2024-03-30T12", "2024-04-01T12", dtype="datetime64[h]")
    with pytest.raises(
        DataFileError, match=r"its times are not those of Europe/Berlin: .*give another --timezone"
    ):
        imported(tmp_path, series(hours), options=ImportOptions(timezone="Europe/Berlin"))


def test_gaps_of_a_market_that_never_closes(tmp_path: Path) -> None:
    hours = np.arange("2024-01-01", "2024-02-26", dtype="datetime64[h]")
    kept = np.delete(hours, [100, 101, 102, 500])
    _, report = imported(tmp_path, series(kept))
    gaps = report.gaps
    assert (gaps.count, gaps.missing, gaps.closed, gaps.days_off) == (2, 4, 0, 0)
    assert (gaps.longest_ms, gaps.after) == (3 * 3_600_000, hours[99])
    assert gaps.share == pytest.approx(4 / len(hours))
    candles, filled = imported(tmp_path, series(kept), options=ImportOptions(fill_gaps=True))
    assert (candles.timestamp == hours).all()
    assert filled.filled == 4
    assert rows_of(candles)[100][1:] == (1.5, 1.5, 1.5, 1.5, 0.0)


def sessions(first: str, last: str, *, holiday: str) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    """Minutes from 14:30 to 21:00 UTC on weekdays but one."""
    days = np.arange(first, last, dtype="datetime64[D]")
    trading = days[np.is_busday(days) & (days != np.datetime64(holiday))]
    minutes = np.arange(14 * 60 + 30, 21 * 60).astype("timedelta64[m]")
    found: np.ndarray[tuple[int], np.dtype[np.datetime64]] = (
        trading[:, None].astype("datetime64[m]") + minutes
    )
    return found.ravel()


def test_nights_weekends_and_holidays_are_no_gaps(tmp_path: Path) -> None:
    minutes = sessions("2024-01-02", "2024-02-24", holiday="2024-01-15")
    kept = np.delete(minutes, [1000, 1001])
    _, report = imported(tmp_path, series(kept))
    assert (report.gaps.count, report.gaps.missing, report.gaps.days_off) == (1, 2, 1)
    assert report.gaps.closed > 30
    candles, filled = imported(tmp_path, series(kept), options=ImportOptions(fill_gaps=True))
    assert filled.filled == 2
    assert (candles.timestamp == minutes).all()


def test_two_weeks_without_a_candle_are_a_gap_though_the_market_closes(tmp_path: Path) -> None:
    minutes = sessions("2024-01-02", "2024-03-30", holiday="2024-01-15")
    away = (minutes >= np.datetime64("2024-02-05")) & (minutes < np.datetime64("2024-02-24"))
    _, report = imported(tmp_path, series(minutes[~away]))
    assert (report.gaps.count, report.gaps.missing) == (1, 15 * 390)


def test_minutes_without_trades_are_gaps_and_no_closed_hours(tmp_path: Path) -> None:
    minutes = np.arange("2024-01-01", "2024-01-29", dtype="datetime64[m]")
    kept = minutes[np.random.default_rng(5).random(len(minutes)) < 0.4]
    _, report = imported(tmp_path, series(kept))
    assert report.gaps.closed == 0
    assert report.gaps.missing == (kept[-1] - kept[0]).astype(int) + 1 - len(kept)


def test_sessions_that_begin_a_minute_late_are_pointed_out(tmp_path: Path) -> None:
    minutes = sessions("2024-01-02", "2024-01-20", holiday="2024-01-15")
    hint = "are these times of closes? say --stamps close"
    assert not any(hint in note for note in imported(tmp_path, series(minutes))[1].notes)
    assert any(hint in note for note in imported(tmp_path, series(minutes + 1))[1].notes)


def test_the_report_says_what_was_understood(tmp_path: Path) -> None:
    report = imported(tmp_path, DIALECTS["CryptoDataDownload"])[1]
    assert report.lines() == [
        "columns:  timestamp 'date', open 'open', high 'high', low 'low', close 'close', volume 'Volume BTC'",
        "interval: 1h",
        "zone:     not named, taken as UTC",
        "span:     2024-01-29 10:00 to 2024-01-29 13:00 UTC",
        "rows:     4 rows read, turned round (newest first), 4 candles kept",
        "gaps:     none",
        "note:     1 line above the table was left out: https://www.CryptoDataDownload.com",
    ]
