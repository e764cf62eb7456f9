import json
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from trad.errors import CandlesError
from trad.market.checks import check_candles, refuse_bad_candles
from trad.market.report import RULES

N = 6
Columns = dict[str, NDArray[np.float64]]


def good(n: int = N) -> tuple[NDArray[np.datetime64], Columns]:
    times = np.datetime64("2024-01-01", "ms") + np.arange(n) * np.timedelta64(60_000, "ms")
    values = {"open": 10.0, "high": 12.0, "low": 9.0, "close": 11.0, "volume": 5.0}
    return times, {name: np.full(n, value) for name, value in values.items()}


def bad(column: str, value: float, row: int = 2) -> tuple[NDArray[np.datetime64], Columns]:
    times, columns = good()
    columns[column][row] = value
    return times, columns


def test_good_candles_pass() -> None:
    refuse_bad_candles(*good())
    refuse_bad_candles(*good(1))
    refuse_bad_candles(*good(200_000))


@pytest.mark.parametrize(
    ("column", "value", "rules"),
    [
        ("open", np.nan, {"not_finite"}),
        ("close", np.nan, {"not_finite"}),
        ("high", np.nan, {"not_finite"}),
        ("low", np.nan, {"not_finite"}),
        ("volume", np.nan, {"not_finite"}),
        ("volume", np.inf, {"not_finite"}),
        ("high", np.inf, {"not_finite"}),
        ("low", -np.inf, {"not_finite", "not_positive"}),
        ("high", 8.0, {"high_below_low", "outside"}),
        ("open", 12.5, {"outside"}),
        ("open", 8.5, {"outside"}),
        ("close", 12.5, {"outside"}),
        ("close", 8.5, {"outside"}),
        ("low", 0.0, {"not_positive"}),
        ("low", -9.0, {"not_positive"}),
        ("volume", -1.0, {"negative_volume"}),
    ],
)
@pytest.mark.parametrize("row", [0, 2, N - 1])
def test_each_rule_finds_its_row(column: str, value: float, rules: set[str], row: int) -> None:
    times, columns = bad(column, value, row)
    report = check_candles(times, columns)
    assert {broken.rule for broken in report.broken} == rules
    assert all(broken.count == 1 and broken.rows[0].index == row for broken in report.broken)
    assert report.bad_rows == 1
    assert not report.good
    with pytest.raises(CandlesError) as refusal:
        refuse_bad_candles(times, columns)
    assert all(RULES[rule] in str(refusal.value) for rule in rules)


@pytest.mark.parametrize(
    ("minutes", "rule", "rows"),
    [
        ([0, 1, 1, 3, 4, 5], "duplicate", [2]),
        ([0, 1, 2, 0, 4, 5], "unsorted", [3]),
        ([0, 3, 2, 4, 5, 6], "unsorted", [2]),
        ([None, 1, 2, 3, 4, 5], "no_time", [0]),
        ([0, 1, None, 3, 4, None], "no_time", [2, 5]),
    ],
)
def test_each_rule_of_time_finds_its_rows(minutes: list[int | None], rule: str, rows: list[int]) -> None:
    times, columns = good()
    start = np.datetime64("2024-01-01", "ms")
    step = np.timedelta64(60_000, "ms")
    times = np.array([np.datetime64("NaT") if m is None else start + m * step for m in minutes])
    report = check_candles(times, columns)
    found = {broken.rule: [row.index for row in broken.rows] for broken in report.broken}
    assert found[rule] == rows
    with pytest.raises(CandlesError, match=RULES[rule]):
        refuse_bad_candles(times, columns)


def test_a_repeat_far_away_counts_as_duplicate_and_as_unsorted() -> None:
    times, columns = good()
    times[4] = times[1]
    report = check_candles(times, columns)
    assert {b.rule: [row.index for row in b.rows] for b in report.broken} == {
        "duplicate": [4],
        "unsorted": [4],
    }
    assert report.bad_rows == 1


def test_a_fault_at_the_seam_of_two_blocks_is_seen() -> None:
    for row in (65_535, 65_536):
        times, columns = good(140_000)
        times[row] = times[row - 1]
        with pytest.raises(CandlesError, match=f"row {row:,}"):
            refuse_bad_candles(times, columns)


def test_the_message_reads_well_in_a_terminal() -> None:
    times, columns = good()
    columns["close"][1:6] = 20.0
    columns["volume"][0] = -2.5
    with pytest.raises(CandlesError) as refusal:
        refuse_bad_candles(times, columns, name="prices.csv")
    assert str(refusal.value) == (
        "prices.csv cannot be traded on: 6 of 6 candles break a rule; correct or remove these rows "
        "(they count from 0)\n"
        "  open or close outside high/low: 5 rows\n"
        "    row 1  2024-01-01 00:01  open 10  high 12  low 9  close 20  volume 5\n"
        "    row 2  2024-01-01 00:02  open 10  high 12  low 9  close 20  volume 5\n"
        "    row 3  2024-01-01 00:03  open 10  high 12  low 9  close 20  volume 5\n"
        "    ... and 2 more\n"
        "  negative volume: 1 row\n"
        "    row 0  2024-01-01  open 10  high 12  low 9  close 11  volume -2.5"
    )


def test_rows_that_run_backwards_are_told_as_such() -> None:
    times, columns = good()
    with pytest.raises(CandlesError, match="the rows run newest first: sort them by time"):
        refuse_bad_candles(times[::-1], columns)


def test_no_rows_are_refused() -> None:
    with pytest.raises(CandlesError, match="the series holds no candles at all; at least one is needed"):
        refuse_bad_candles(*good(0))
    report = check_candles(*good(0))
    assert not report.good
    assert report.lines() == ["no candles at all"]
    assert report.as_json()["rows"] == 0


def test_a_report_on_good_candles() -> None:
    times, columns = good()
    times[3:] += np.timedelta64(3_600_000, "ms")
    columns["volume"][1] = 0.0
    report = check_candles(times, columns)
    assert report.lines() == [
        "6 candles, 2024-01-01 to 2024-01-01 01:05 UTC, every 1m",
        "gaps: 1, the longest 61 min after 2024-01-01 00:02 UTC; no candles for 90.9% of the span",
        "zero volume: 1 candle",
        "every candle is good",
    ]
    assert report.good
    assert report.gap_share == pytest.approx(60 / 66)


def test_a_report_on_bad_candles_looks_past_them() -> None:
    times, columns = bad("open", np.nan)
    times[1], times[4] = np.datetime64("NaT"), times[3]
    report = check_candles(times, columns)
    assert (report.rows, report.bad_rows, str(report.timeframe)) == (6, 3, "2m")
    assert report.first == times[0]
    assert report.last == times[5]
    assert report.lines()[3] == "3 of 6 candles break a rule; rows count from 0:"


def test_a_report_of_nothing_but_missing_times() -> None:
    times, columns = good()
    times[:] = np.datetime64("NaT")
    report = check_candles(times, columns)
    assert (report.first, report.timeframe, report.bad_rows) == (None, None, 6)
    assert report.lines()[0] == "6 candles, no time to no time UTC"


def test_a_report_as_json() -> None:
    times, columns = bad("high", np.inf)
    document = json.loads(json.dumps(check_candles(times, columns).as_json(), allow_nan=False))
    assert document["good"] is False
    assert document["first"] == "2024-01-01T00:00:00.000Z"
    assert document["timeframe"] == "1m"
    assert document["broken"][0]["rule"] == "not_finite"
    assert document["broken"][0]["rows"][0]["high"] == "inf"
    assert document["broken"][0]["rows"][0]["index"] == 2


def test_looking_costs_little() -> None:
    times, columns = good(5_000_000)
    began = process_time()
    refuse_bad_candles(times, columns)
    assert process_time() - began < 0.3
