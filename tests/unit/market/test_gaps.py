"""Where candles are missing."""

import numpy as np
import pytest

from trad.market.gaps import Gap, find_gaps

MINUTE = 60_000


def times(*minutes: float) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    stamps = np.array([int(minute * MINUTE) for minute in minutes], np.int64)
    return stamps.view("datetime64[ms]")


def test_the_longest_come_first_and_of_equal_ones_the_earlier() -> None:
    found = find_gaps(times(0, 1, 2, 4, 5, 9, 10, 11, 13), most=2)
    assert (found.interval, found.count) == ("1m", 3)
    assert found.longest == [
        Gap(index=5, start=6 * MINUTE, stop=9 * MINUTE, missing=3),
        Gap(index=3, start=3 * MINUTE, stop=4 * MINUTE, missing=1),
    ]


@pytest.mark.parametrize(("after", "missing"), [(1.5, 1), (2, 1), (2.5, 2), (3, 2)])
def test_candles_that_would_have_opened_in_between_are_missing(after: float, missing: int) -> None:
    (gap,) = find_gaps(times(0, 1, 2, 2 + after), most=20).longest
    assert gap.missing == missing


@pytest.mark.parametrize(("minutes", "interval"), [((0,), None), ((0, 1, 2), "1m")])
def test_a_series_without_gaps(minutes: tuple[int, ...], interval: str | None) -> None:
    found = find_gaps(times(*minutes), most=20)
    assert (found.interval, found.count, found.longest) == (interval, 0, [])
