"""Sinks: each shows as much as it has room for, and never keeps the last word to itself."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
import structlog
from tests.fakes.outages import UnavailableLedger
from tests.fakes.training import claimed, spec

from trad.errors import LeaseLost
from trad.progress import JobProgress, RunningEpisode, Stage
from trad.storage.memory import MemoryLedger
from trad.training.job import Claim, Request
from trad.training.outage import Outage
from trad.training.sinks import CallbackSink, LedgerSink, LogSink, Throttle, progress_line


def running(
    number: int, candles: int, total: int = 10_000, stage: Stage = "signal_generation"
) -> RunningEpisode:
    return RunningEpisode(
        number=number,
        worker="worker 1",
        stage=stage,
        candles_processed=candles,
        total_candles=total,
        fraction=candles / total / 2 if total else 0.0,
        age_seconds=0.1,
    )


def snapshot(
    percent: float = 0.1, *episodes: RunningEpisode, state: str = "running", finished: int = 0
) -> JobProgress:
    return JobProgress(
        job_id="job1",
        state=state,
        percent=percent,
        planned=20,
        finished=finished,
        failed=0,
        running=episodes,
        total_candles=10_000,
        best_score=None,
        best_number=None,
        candles_per_second=None,
        eta_seconds=None,
        elapsed_seconds=1.0,
        taken_at=0.0,
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


class TestLine:
    def test_it_is_the_documented_one(self) -> None:
        assert progress_line(snapshot(0.125, running(1, 500))) == (
            "Progress: 0.1% (Episode 1/20) - Processing candle 500/10000 (5.0%) [signal_generation]"
        )

    def test_it_shows_the_oldest_running_episode(self) -> None:
        line = progress_line(snapshot(40.0, running(7, 4_500, stage="trade_simulation"), running(8, 100)))
        assert (
            line == "Progress: 40.0% (Episode 7/20) - Processing candle 4500/10000 (45.0%) [trade_simulation]"
        )

    def test_between_episodes_it_says_what_goes_on_instead(self) -> None:
        assert progress_line(snapshot(25.0, finished=5)) == "Progress: 25.0% (Episode 5/20) - running"
        noted = replace(snapshot(0.0), note="starting workers (2 s)")
        assert progress_line(noted) == "Progress: 0.0% (Episode 0/20) - starting workers (2 s)"

    def test_the_end_shows_a_hundred(self) -> None:
        done = snapshot(100.0, state="completed", finished=20)
        assert progress_line(done) == "Progress: 100.0% (Episode 20/20) - completed"

    @pytest.mark.parametrize("percent", [99.95, 99.97, 99.99])
    def test_nothing_but_the_end_shows_a_hundred(self, percent: float) -> None:
        assert "100.0%" not in progress_line(snapshot(percent, running(20, 9_999)))

    def test_a_stage_without_candles_divides_by_nothing(self) -> None:
        assert "candle 0/0 (0.0%)" in progress_line(snapshot(1.0, running(1, 0, total=0)))


class TestThrottle:
    def test_it_lets_one_through_in_its_time(self, clock: list[float]) -> None:
        throttle = Throttle(1.0)
        let = []
        for _ in range(31):
            let.append(throttle.due(snapshot(), final=False))
            clock[0] += 0.125
        assert [i for i, through in enumerate(let) if through] == [0, 8, 16, 24]

    def test_a_change_of_state_and_the_last_one_pass_at_once(self, clock: list[float]) -> None:
        throttle = Throttle(1.0)
        assert throttle.due(snapshot(), final=False)
        assert not throttle.due(snapshot(), final=False)
        assert throttle.due(snapshot(state="paused"), final=False)
        assert not throttle.due(snapshot(state="paused"), final=False)
        assert throttle.due(snapshot(state="paused"), final=True)


class TestLogSink:
    def test_a_line_a_second_at_info_and_all_at_debug(self, clock: list[float]) -> None:
        with structlog.testing.capture_logs() as lines:
            sink = LogSink()
            for candle in range(0, 2_000, 100):
                sink.show(snapshot(1.0, running(1, candle)))
                clock[0] += 0.125
            sink.show(snapshot(100.0, state="completed"), final=True)
        levels = [line["log_level"] for line in lines]
        assert len(lines) == 21
        assert levels.count("info") == 4
        assert levels[-1] == "info"
        assert lines[1]["event"].startswith("Progress: 1.0% (Episode 1/20) - Processing candle 100/10000")
        assert {line["job"] for line in lines} == {"job1"}


def ledger_sink(
    ledger: MemoryLedger,
    claim: Claim,
    interval: float,
    on_request: Callable[[Request], None] = lambda _: None,
    *,
    heartbeat: float = 1.0,
    outage: Outage | None = None,
) -> LedgerSink:
    return LedgerSink(ledger, claim, interval, on_request, heartbeat=heartbeat, outage=outage or Outage())


class TestLedgerSink:
    def test_it_writes_at_its_interval_and_leaves_the_last_word_to_the_jobs_end(
        self, clock: list[float]
    ) -> None:
        ledger = MemoryLedger()
        claim = claimed(ledger, spec())
        sink = ledger_sink(ledger, claim, 0.5, lambda _: None)
        percents = []
        for step in range(12):
            sink.show(snapshot(float(step)))
            percents.append(ledger.job(claim.job_id).progress)
            clock[0] += 0.125
        assert percents == [0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8]
        sink.show(snapshot(99.0, state="completed"), final=True)
        assert ledger.job(claim.job_id).progress == 8

    def test_it_hears_what_the_user_asks(self) -> None:
        ledger = MemoryLedger()
        claim = claimed(ledger, spec())
        heard: list[str] = []
        sink = ledger_sink(ledger, claim, 0.0, heard.append)
        sink.show(snapshot())
        ledger.request(claim.job_id, "pause")
        sink.show(snapshot())
        ledger.request(claim.job_id, "cancel")
        sink.show(snapshot())
        assert heard == ["pause", "cancel"]

    def test_it_renews_the_lease(self) -> None:
        now = [1_000.0]
        ledger = MemoryLedger(lambda: now[0])
        claim = claimed(ledger, spec(), lease=3.0)
        now[0] += 2
        ledger_sink(ledger, claim, 0.5, lambda _: None).show(snapshot())
        assert ledger.job(claim.job_id).lease_until == 1_005

    def test_a_long_interval_does_not_keep_the_lease_from_being_renewed(self, clock: list[float]) -> None:
        ledger = MemoryLedger(lambda: clock[0])
        claim = claimed(ledger, spec(), lease=3.0)
        heard: list[Request] = []
        sink = ledger_sink(ledger, claim, 60.0, heard.append, heartbeat=1.0)
        left = []
        for _ in range(40):
            sink.show(snapshot(50.0, running(3, 700)))
            left.append((ledger.job(claim.job_id).lease_until or 0.0) - clock[0])
            clock[0] += 0.125
        assert min(left) >= 2.0
        ledger.request(claim.job_id, "cancel")
        clock[0] += 1
        sink.show(snapshot(50.0))
        assert heard == ["cancel"]

    def test_an_unavailable_ledger_is_tried_again_with_pauses_and_told_of(self, clock: list[float]) -> None:
        ledger = UnavailableLedger()
        claim = claimed(ledger, spec())
        outage = Outage()
        sink = ledger_sink(ledger, claim, 0.5, outage=outage)
        ledger.down = True
        for _ in range(100):
            sink.show(snapshot(10.0))
            clock[0] += 0.1
        assert 8 <= ledger.refused <= 14, "at first soon, then once a heartbeat"
        assert outage.note == "the database is locked; what ended is kept, trying again"
        ledger.down = False
        clock[0] += 2
        sink.show(snapshot(20.0))
        assert ledger.job(claim.job_id).progress == 20
        assert outage.note is not None
        assert outage.note.startswith("the database answers again, after 12 s")

    def test_a_lost_lease_is_told_and_nothing_is_written(self) -> None:
        ledger = MemoryLedger()
        claim = claimed(ledger, spec(), lease=0.0)
        ledger.claim("w2", lease_seconds=60, job_id=claim.job_id)
        with pytest.raises(LeaseLost):
            ledger_sink(ledger, claim, 0.0, lambda _: None).show(snapshot(50.0))
        assert ledger.job(claim.job_id).progress == 0


def test_a_callback_gets_every_snapshot() -> None:
    heard: list[JobProgress] = []
    sink = CallbackSink(heard.append)
    told = [snapshot(1.0), snapshot(1.0), snapshot(100.0, state="completed")]
    for progress in told:
        sink.show(progress, final=progress is told[-1])
    assert heard == told
