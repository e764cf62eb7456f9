import numpy as np
import pytest

from trad.market.timeframe import Timeframe, bars_per_year, duration

MINUTE = np.timedelta64(60_000, "ms")
START = np.datetime64("2024-01-01", "ms")


def inferred(times: np.ndarray) -> str:
    return str(Timeframe.infer(times.astype("datetime64[ms]")))


@pytest.mark.parametrize(
    ("minutes", "written"),
    [(1, "1m"), (5, "5m"), (15, "15m"), (60, "1h"), (90, "90m"), (240, "4h"), (1440, "1d"), (10_080, "1w")],
)
def test_even_steps(minutes: int, written: str) -> None:
    assert inferred(START + np.arange(50) * minutes * MINUTE) == written


def test_seconds_and_less() -> None:
    assert inferred(START + np.arange(9) * np.timedelta64(5_000, "ms")) == "5s"
    assert inferred(START + np.arange(9) * np.timedelta64(250, "ms")) == "250ms"


def test_weekends_do_not_disturb_days() -> None:
    days = np.arange("2024-01-01", "2024-06-01", dtype="datetime64[D]")
    assert inferred(days[np.is_busday(days)]) == "1d"


def test_months_have_no_even_length() -> None:
    assert inferred(np.arange("2015-01", "2024-01", dtype="datetime64[M]")) == "1M"
    assert inferred(np.arange("2024-01", "2024-07", dtype="datetime64[M]")) == "1M"


def test_four_weeks_are_no_month() -> None:
    assert inferred(START + np.arange(9) * 28 * 1440 * MINUTE) == "4w"


def test_missing_minutes_do_not_disturb() -> None:
    kept = np.flatnonzero(np.random.default_rng(1).random(20_000) < 0.7)
    assert inferred(START + kept * MINUTE) == "1m"


def test_the_commonest_step_wins_without_a_majority() -> None:
    steps = np.tile([3, 1, 2, 1, 5, 7], 2_000)
    assert inferred(START + np.cumsum(steps) * MINUTE) == "1m"


def test_the_smaller_of_two_equally_common_steps_wins() -> None:
    assert inferred(START + np.array([0, 2, 3, 5, 6]) * MINUTE) == "1m"


def test_fewer_than_two_times_have_none() -> None:
    assert Timeframe.infer(np.array([START])) is None
    assert bars_per_year(np.array([START])) is None


def test_bars_per_year() -> None:
    hours = START + np.arange(24 * 100) * 60 * MINUTE
    assert bars_per_year(hours) == pytest.approx(24 * 365.25)


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (1, "1 ms"),
        (45_000, "45 s"),
        (90 * 60_000, "90 min"),
        (7_200_000, "2 h"),
        (61 * 86_400_000, "61 days"),
    ],
)
def test_durations_are_written_for_people(milliseconds: int, written: str) -> None:
    assert duration(milliseconds) == written
