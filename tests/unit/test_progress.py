"""Reporters: what a strategy and the engine say of a stage, and what is heard of it."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trad import progress as module
from trad.errors import Stopped
from trad.progress import DONE, MOST_REPORTS, STAGES, STOP, CallbackProgress, StageReporter, Unwatched


class Clock:
    """Stands in for the time that passes inside a step."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "perf_counter", clock)
    return clock


class Witness(StageReporter):
    """A reporter that remembers each position it was told, as it stood in its cell."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.positions: list[int] = []

    def update(self, done: int) -> None:
        super().update(done)
        self.positions.append(self.done)


def check_true(positions: list[int], total: int) -> None:
    assert positions == sorted(positions)
    assert all(0 <= position <= total for position in positions)


class TestUpdate:
    @given(total=st.integers(0, 500), reports=st.lists(st.integers(-50, 600)))
    def test_positions_never_fall_and_stay_within_the_stage(self, total: int, reports: list[int]) -> None:
        reporter = Witness(total)
        for report in reports:
            reporter.update(report)
        check_true(reporter.positions, total)
        assert reporter.done == min(max([0, *reports]), total)

    def test_the_position_stands_in_the_cell_it_was_given(self) -> None:
        cell = np.zeros(2, np.int64)
        StageReporter(100, cell).update(40)
        assert cell.tolist() == [40, 0]

    def test_a_kernels_position_counts_like_a_report(self) -> None:
        reporter = StageReporter(100)
        reporter.cell[DONE] = 70
        reporter.update(30)
        assert reporter.done == 70

    def test_the_stop_flag_ends_the_stage_where_it_stands(self) -> None:
        reporter = StageReporter(1_000)
        reporter.update(400)
        reporter.cell[STOP] = 1
        with pytest.raises(Stopped, match="stopped after 400 of 1,000 candles"):
            reporter.update(500)
        assert reporter.done == 400

    def test_the_stop_flag_ends_a_stage_that_only_reports_its_end(self) -> None:
        reporter = StageReporter(1_000)
        reporter.cell[STOP] = 1
        with pytest.raises(Stopped):
            reporter.finish()


class TestTrack:
    def test_a_range_of_candles_reports_the_candle_itself(self, clock: Clock) -> None:
        reporter = StageReporter(1_000)
        for i in reporter.track(range(50, 1_000)):
            clock.now += 0.005
            assert reporter.done in (0, i), "a step of one candle: the loop stands at the candle reported"
        assert reporter.done == 1_000

    def test_what_was_reported_is_what_the_loop_has_behind_it(self) -> None:
        reporter = StageReporter(5_000)
        for i in reporter.track(range(20, 5_000)):
            assert reporter.done <= i

    def test_a_range_that_ends_early_leaves_the_rest_undone(self) -> None:
        reporter = StageReporter(100)
        assert list(reporter.track(range(10, 60))) == list(range(10, 60))
        assert reporter.done == 60

    @given(
        total=st.integers(1, 400),
        items=st.one_of(
            st.builds(range, st.integers(-20, 500), st.integers(-20, 500)),
            st.builds(range, st.integers(0, 400), st.integers(0, 400), st.sampled_from((-3, -1, 2, 7))),
            st.lists(st.integers(), max_size=300),
            st.lists(st.text(), max_size=30).map(tuple),
        ),
    )
    def test_every_item_comes_once_in_order_and_no_report_lies_beyond_the_stage(
        self, total: int, items: range | list[int] | tuple[str, ...]
    ) -> None:
        reporter = Witness(total)
        seen: list[object] = list(reporter.track(items))
        assert seen == list(items)
        check_true(reporter.positions, total)

    def test_other_iterables_report_their_share_of_the_stage(self, clock: Clock) -> None:
        reporter = StageReporter(1_000)
        shares = []
        for _ in reporter.track("abcd"):
            shares.append(reporter.done)
            clock.now += 0.005
        assert shares == [0, 250, 500, 750]
        assert reporter.done == 1_000

    def test_a_generator_is_taken_in_before_the_first_item(self) -> None:
        def squares() -> Iterator[int]:
            yield from (i * i for i in range(10))

        reporter = StageReporter(100)
        assert list(reporter.track(squares())) == [i * i for i in range(10)]
        assert reporter.done == 100

    @pytest.mark.parametrize("items", [[], (), range(0), range(7, 7), iter([])])
    def test_nothing_to_go_over_reports_nothing_and_ends(self, items: Iterable[int]) -> None:
        reporter = StageReporter(100)
        assert list(reporter.track(items)) == []
        assert reporter.done == 0

    def test_a_loop_of_ten_microseconds_a_candle_makes_a_hundred_updates(self, clock: Clock) -> None:
        reporter = Witness(10_000)
        for _ in reporter.track(range(10_000)):
            clock.now += 10e-6
        assert len(reporter.positions) >= 100
        assert np.diff([0, *reporter.positions]).max() <= 100

    def test_the_slower_the_loop_the_finer_the_steps(self, clock: Clock) -> None:
        reporter = Witness(10_000)
        for i in reporter.track(range(10_000)):
            clock.now += 1e-6 if i < 5_000 else 0.05
        assert np.diff(reporter.positions[-1_000:]).max() == 1

    def test_a_loop_that_is_nothing_but_fast_is_not_slowed_by_reports(self, clock: Clock) -> None:
        reporter = Witness(1_000_000)
        for _ in reporter.track(range(1_000_000)):
            pass
        assert len(reporter.positions) <= 120

    def test_the_stop_flag_ends_the_loop(self) -> None:
        reporter = StageReporter(100_000)
        seen = []

        def run() -> None:
            for i in reporter.track(range(100_000)):
                seen.append(i)
                if i == 5_000:
                    reporter.cell[STOP] = 1

        with pytest.raises(Stopped):
            run()
        assert 5_000 <= seen[-1] < 6_000, "it goes on to its next report, a hundredth of the stage away"
        assert reporter.done <= 5_000


class TestChunks:
    @given(n=st.integers(0, 20_000), cost=st.sampled_from((0.0, 1e-8, 1e-6, 1e-4, 1e-2)))
    def test_pieces_cut_the_range_without_gap_or_overlap_at_most_a_hundred(self, n: int, cost: float) -> None:
        clock = Clock()
        reporter = Witness(n)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "perf_counter", clock)
            pieces = []
            for start, stop in reporter.chunks(n):
                assert reporter.done == start
                clock.now += (stop - start) * cost
                pieces.append((start, stop))
        assert [i for start, stop in pieces for i in (start, stop)] == sorted(
            i for start, stop in pieces for i in (start, stop)
        )
        assert sum(stop - start for start, stop in pieces) == n
        assert len(pieces) <= MOST_REPORTS
        assert reporter.done == n

    def test_a_fast_kernel_is_called_a_handful_of_times(self, clock: Clock) -> None:
        pieces = []
        for start, stop in StageReporter(10_000).chunks(10_000):
            clock.now += (stop - start) * 5e-9
            pieces.append(stop - start)
        assert len(pieces) <= 8
        assert pieces[:-1] == sorted(pieces[:-1])

    def test_a_slow_kernel_is_called_a_hundred_times(self, clock: Clock) -> None:
        pieces = []
        for start, stop in StageReporter(10_000).chunks(10_000):
            clock.now += (stop - start) * 1e-3
            pieces.append(stop - start)
        assert pieces == [100] * 100

    def test_pieces_shrink_again_when_a_kernel_slows_down(self, clock: Clock) -> None:
        pieces = []
        for start, stop in StageReporter(100_000).chunks(100_000):
            clock.now += 0.0 if start < 20_000 else 0.05
            pieces.append(stop - start)
        assert max(pieces) > 4_000
        assert pieces[-1] == 1_000

    def test_rows_that_are_not_candles_report_their_share(self) -> None:
        reporter = StageReporter(1_000)
        for start, _ in reporter.chunks(10):
            assert reporter.done == start * 100
        assert reporter.done == 1_000

    def test_the_stop_flag_ends_the_pieces(self, clock: Clock) -> None:
        reporter = StageReporter(1_000)
        pieces = reporter.chunks(1_000)
        next(pieces)
        reporter.cell[STOP] = 1
        with pytest.raises(Stopped):
            next(pieces)


class TestCallback:
    @given(total=st.integers(1, 3_000), reports=st.lists(st.integers(0, 3_000), max_size=400))
    def test_it_hears_at_most_a_hundred_rising_positions_and_the_end(
        self, total: int, reports: list[int]
    ) -> None:
        heard: list[tuple[int, int]] = []
        reporter = StageReporter(total, callback=lambda done, whole: heard.append((done, whole)))
        for report in reports:
            reporter.update(report)
        reporter.finish()
        positions = [done for done, _ in heard]
        assert len(heard) <= MOST_REPORTS
        assert positions == sorted(set(positions))
        assert heard[-1] == (total, total)

    def test_every_hundredth_is_heard_when_each_candle_is_reported(self) -> None:
        heard: list[int] = []
        reporter = StageReporter(10_000, callback=lambda done, _: heard.append(done))
        for done in range(1, 10_001):
            reporter.update(done)
        assert heard == list(range(100, 10_001, 100))

    def test_the_end_is_told_once(self) -> None:
        heard: list[int] = []
        reporter = StageReporter(10, callback=lambda done, _: heard.append(done))
        reporter.update(10)
        reporter.finish()
        reporter.finish()
        assert heard == [10]

    def test_a_stage_without_candles_tells_its_end(self) -> None:
        heard: list[tuple[int, int]] = []
        StageReporter(0, callback=lambda *told: heard.append(told)).finish()
        assert heard == [(0, 0)]

    def test_its_error_reaches_who_reported(self) -> None:
        def refuse(done: int, total: int) -> None:
            raise OSError("no room")

        with pytest.raises(OSError, match="no room"):
            StageReporter(10, callback=refuse).finish()

    def test_a_backtests_callback_is_told_the_stage(self) -> None:
        heard: list[tuple[int, int, str]] = []
        progress = CallbackProgress(lambda *told: heard.append(told))
        for stage in STAGES:
            reporter = progress.start_stage(stage, 50)
            assert reporter.watched
            reporter.finish()
        assert heard == [(50, 50, "signal_generation"), (50, 50, "trade_simulation")]

    def test_nobody_looks_at_an_unwatched_backtest(self) -> None:
        reporter = Unwatched().start_stage("signal_generation", 9)
        reporter.finish()
        assert (reporter.watched, reporter.total, reporter.done) == (False, 9, 9)
