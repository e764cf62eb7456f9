import pytest

from trad.errors import Stopped
from trad.progress import StageReporter
from trad.strategies.stepping import report_interval, run_kernel


@pytest.mark.parametrize(
    ("total", "interval"), [(0, 64), (100, 64), (10_000, 156), (131_072, 2_048), (10**7, 2_048)]
)
def test_the_interval_grows_with_the_stage(total: int, interval: int) -> None:
    assert report_interval(total) == interval


def test_ten_thousand_candles_give_fifty_positions_and_more() -> None:
    assert 10_000 / report_interval(10_000) >= 50


def test_one_call_does_where_nobody_waits() -> None:
    calls: list[tuple[int, int]] = []
    reporter = StageReporter(10_000)

    def call(start: int, stop: int) -> int:
        calls.append((start, stop))
        return stop

    run_kernel(reporter, 10_000, call)
    assert calls == [(0, 10_000)]
    assert reporter.done == 10_000


@pytest.mark.parametrize("total", [1, 63, 10_000, 1_000_000])
def test_a_callback_makes_it_stop_in_between(total: int) -> None:
    told: list[int] = []
    calls: list[tuple[int, int]] = []
    reporter = StageReporter(total, callback=lambda done, whole: told.append(done))

    def call(start: int, stop: int) -> int:
        calls.append((start, stop))
        return stop

    run_kernel(reporter, total, call)
    assert [start for start, _ in calls] == [0, *(stop for _, stop in calls[:-1])]
    assert told == sorted(told)
    assert told[-1] == total
    assert len(told) <= 100
    assert total < 10_000 or len(told) >= 50


def test_a_kernel_that_saw_the_flag_ends_the_stage() -> None:
    reporter = StageReporter(10_000)

    def call(start: int, stop: int) -> int:
        reporter.cell[1] = 1
        return 700

    with pytest.raises(Stopped):
        run_kernel(reporter, 10_000, call)
