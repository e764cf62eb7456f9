"""The monitor: the board and the trainer's counts, folded into snapshots that never take anything back."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.training import CANDLES, Album, FakeExecutor
from tests.unit.training.runs import wait_for

from trad.errors import LedgerUnavailable
from trad.progress import STAGES, JobProgress, ProgressSink
from trad.training.monitor import SAMPLE_SECONDS, ProgressMonitor, Standing
from trad.training.outage import Outage
from trad.training.stalls import is_stalled

PLANNED = 4


def monitor(
    executor: FakeExecutor | None = None,
    *sinks: ProgressSink,
    outage: Outage | None = None,
    stall: float = 60.0,
) -> tuple[ProgressMonitor, Standing]:
    standing = Standing(planned=PLANNED)
    made = ProgressMonitor(
        job_id="job1",
        executor=executor or FakeExecutor(),
        standing=standing,
        candles=CANDLES,
        sinks=sinks,
        outage=outage or Outage(),
        stall=stall,
    )
    return made, standing


def take(watch: ProgressMonitor, standing: Standing, number: int, score: float | None = None) -> None:
    with watch.lock:
        standing.take(number, score, failed=False)


class TestSnapshot:
    def test_it_holds_all_three_levels(self) -> None:
        executor = FakeExecutor()
        watch, standing = monitor(executor)
        take(watch, standing, 1, 0.5)
        slot = executor.board.slot(1)
        slot.begin(2, 0, CANDLES)
        slot.start_stage("trade_simulation", CANDLES).update(500)
        progress = watch.snapshot("running")
        (running,) = progress.running
        assert progress.percent == pytest.approx(100 * (1 + 0.75) / PLANNED)
        assert (progress.finished, progress.planned, progress.failed) == (1, PLANNED, 0)
        assert (progress.best_score, progress.best_number, progress.total_candles) == (0.5, 1, CANDLES)
        assert (running.number, running.worker, running.stage) == (2, "fake 2", "trade_simulation")
        assert (running.candles_processed, running.total_candles, running.fraction) == (500, CANDLES, 0.75)
        assert 0 <= running.age_seconds < 60
        assert abs(progress.taken_at - time.time()) < 60

    def test_the_oldest_running_episode_is_the_one_with_the_lowest_number(self) -> None:
        executor = FakeExecutor()
        watch, _ = monitor(executor)
        executor.board.slot(0).begin(9, 0, CANDLES)
        executor.board.slot(1).begin(4, 0, CANDLES)
        oldest = watch.snapshot("running").oldest
        assert oldest is not None
        assert oldest.number == 4
        executor.board.slot(0).clear()
        executor.board.slot(1).clear()
        assert watch.snapshot("running").oldest is None

    @given(
        moves=st.lists(
            st.tuples(
                st.sampled_from(("begin", "report", "end", "die")), st.integers(0, 1), st.integers(0, CANDLES)
            ),
            max_size=40,
        ),
        floor=st.floats(0, 100),
    )
    def test_percent_never_falls_and_is_a_hundred_only_when_completed(
        self, moves: list[tuple[str, int, int]], floor: float
    ) -> None:
        executor = FakeExecutor()
        watch, standing = monitor(executor)
        watch.take_up(floor, 0.0)
        shown = [watch.snapshot("running").percent]
        for kind, number, candle in moves:
            slot = executor.board.slot(number)
            if kind == "begin":
                slot.begin(number + 1, 0, CANDLES)
            elif kind == "report":
                slot.start_stage(STAGES[number], CANDLES).update(candle)
            else:
                slot.clear()
                if kind == "end" and standing.finished < PLANNED:
                    take(watch, standing, standing.finished + 1)
            shown.append(watch.snapshot("running").percent)
        assert shown == sorted(shown)
        assert max(shown) < 100
        assert watch.snapshot("paused").percent == shown[-1]
        assert watch.snapshot("completed").percent == 100

    def test_a_job_that_ended_shows_no_running_episodes_and_no_time_left(self) -> None:
        executor = FakeExecutor(note="starting workers")
        watch, _ = monitor(executor)
        executor.board.slot(0).begin(1, 0, CANDLES)
        for state in ("paused", "completed", "failed", "cancelled"):
            progress = watch.snapshot(state)
            assert (progress.running, progress.eta_seconds, progress.note) == ((), None, None)

    def test_the_executors_note_is_passed_on(self) -> None:
        watch, _ = monitor(FakeExecutor(note="starting workers"))
        assert watch.snapshot("running").note == "starting workers"

    def test_time_goes_on_from_earlier_runs(self) -> None:
        watch, _ = monitor()
        watch.take_up(50.0, 100.0)
        assert watch.snapshot("running").percent == 50
        assert 100 <= watch.snapshot("running").elapsed_seconds < 160


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


class TestIdleEpisodes:
    def idle(self, watch: ProgressMonitor) -> list[float]:
        return [episode.idle_seconds for episode in watch.snapshot("running").running]

    def test_it_counts_from_when_the_position_last_moved(self, clock: list[float]) -> None:
        executor = FakeExecutor()
        watch, _ = monitor(executor)
        slot = executor.board.slot(0)
        slot.begin(1, 0, CANDLES)
        reporter = slot.start_stage("signal_generation", CANDLES)
        seen = [self.idle(watch)]
        for candle in (0, 0, 10, 10):
            clock[0] += 2
            reporter.update(candle)
            seen.append(self.idle(watch))
        assert seen == [[0], [2], [4], [0], [2]]

    @pytest.mark.parametrize("change", ["stage", "try", "episode"])
    def test_another_stage_try_or_episode_at_the_same_candle_has_moved(
        self, clock: list[float], change: str
    ) -> None:
        executor = FakeExecutor()
        watch, _ = monitor(executor)
        slot = executor.board.slot(0)
        slot.begin(1, 0, CANDLES)
        self.idle(watch)
        clock[0] += 5
        assert self.idle(watch) == [5]
        if change == "stage":
            slot.start_stage("trade_simulation", CANDLES)
        else:
            slot.begin(*((1, 1) if change == "try" else (2, 0)), CANDLES)
        assert self.idle(watch) == [0]

    def test_one_that_stands_too_long_is_named(self, clock: list[float]) -> None:
        executor = FakeExecutor(note="loading kernels")
        watch, _ = monitor(executor, stall=60)
        slot = executor.board.slot(1)
        slot.begin(7, 0, 10_000)
        slot.start_stage("trade_simulation", 10_000).update(4_500)
        watch.snapshot("running")
        clock[0] += 59
        assert watch.snapshot("running").note == "loading kernels"
        clock[0] += 6
        note = watch.snapshot("running").note
        assert note is not None
        assert note.startswith("episode 7 has stood at candle 4,500 of 10,000 in trade_simulation for 65 s; ")
        assert "trad jobs cancel job1" in note
        assert is_stalled(note)
        slot.clear()
        assert watch.snapshot("running").note == "loading kernels"

    def test_the_ledgers_trouble_comes_before_a_stalled_episode(self, clock: list[float]) -> None:
        executor, outage = FakeExecutor(), Outage()
        watch, _ = monitor(executor, outage=outage, stall=1)
        executor.board.slot(0).begin(1, 0, CANDLES)
        watch.snapshot("running")
        clock[0] += 9
        outage.failed("progress", LedgerUnavailable("the database is locked"))
        assert watch.snapshot("running").note == outage.note


class TestSpeed:
    def test_it_is_measured_in_candles_that_both_stages_are_through_with(self, clock: list[float]) -> None:
        watch, standing = monitor()
        watch.snapshot("running")
        clock[0] += 2
        take(watch, standing, 1)
        progress = watch.snapshot("running")
        assert progress.candles_per_second == pytest.approx(CANDLES / 2)
        assert progress.eta_seconds == pytest.approx(3 * 2)

    def test_nothing_is_said_before_there_is_anything_to_measure(self, clock: list[float]) -> None:
        watch, _ = monitor()
        for _ in range(5):
            progress = watch.snapshot("running")
            assert (progress.candles_per_second, progress.eta_seconds) == (None, None)
            clock[0] += 1

    def test_the_time_in_which_workers_start_does_not_count(self, clock: list[float]) -> None:
        watch, standing = monitor()
        for _ in range(100):
            watch.snapshot("running")
            clock[0] += 0.1
        take(watch, standing, 1)
        speed = watch.snapshot("running").candles_per_second
        assert speed == pytest.approx(CANDLES / 0.1)

    def test_it_forgets_what_lies_longer_back_than_half_a_minute(self, clock: list[float]) -> None:
        executor = FakeExecutor()
        watch, _ = monitor(executor)
        slot = executor.board.slot(0)
        slot.begin(1, 0, CANDLES)
        reporter = slot.start_stage("signal_generation", CANDLES)
        for second in range(200):
            reporter.update(second if second < 100 else 100 + (second - 100) * 4)
            progress = watch.snapshot("running")
            clock[0] += 1
        assert progress.candles_per_second == pytest.approx(4 / 2, rel=0.05)

    def test_what_is_shown_is_finite_whatever_happens(self, clock: list[float]) -> None:
        watch, standing = monitor()
        for number in range(1, PLANNED + 1):
            take(watch, standing, number)
            progress = watch.snapshot("running")
            for value in (progress.candles_per_second, progress.eta_seconds):
                assert value is None or (math.isfinite(value) and value >= 0)


class TestWatching:
    def test_snapshots_come_ten_times_a_second_from_one_other_thread(self) -> None:
        album = Album()
        watch, _ = monitor(None, album)
        watch.start()
        wait_for(lambda: len(album.shown) >= 5)
        watch.stop()
        count = len(album.shown)
        gaps = [b.taken_at - a.taken_at for a, b in zip(album.shown, album.shown[1:], strict=False)]
        assert min(gaps) >= SAMPLE_SECONDS * 0.9
        assert set(album.finals) == {False}
        watch.stop()
        assert len(album.shown) == count, "none comes after the watching was stopped"

    def test_it_can_be_stopped_before_it_began(self) -> None:
        monitor()[0].stop()

    def test_a_sinks_error_is_kept_and_stops_the_stages(self) -> None:
        class Broken:
            def show(self, progress: JobProgress, *, final: bool = False) -> None:
                raise OSError("the disk is full")

        executor = FakeExecutor()
        watch, _ = monitor(executor, Broken())
        watch.start()
        wait_for(lambda: watch.failure is not None)
        assert str(watch.failure) == "the disk is full"
        assert executor.board.slot(0).stop_asked
        watch.stop()

    def test_every_sink_gets_the_same_snapshot(self) -> None:
        albums = Album(), Album()
        watch, _ = monitor(None, *albums)
        shown = watch.show("completed", final=True)
        assert [album.shown for album in albums] == [[shown], [shown]]
        assert [album.finals for album in albums] == [[True], [True]]


class TestStanding:
    @given(ended=st.permutations([(1, 0.5), (2, None), (3, 0.9), (4, 0.9), (5, -1.0), (6, 0.9)]))
    def test_the_best_is_the_highest_score_of_the_lowest_number(
        self, ended: list[tuple[int, float | None]]
    ) -> None:
        standing = Standing(planned=6)
        for number, score in ended:
            standing.take(number, score, failed=score is None)
        assert (standing.best_score, standing.best_number) == (0.9, 3)
        assert (standing.finished, standing.failed) == (6, 1)
