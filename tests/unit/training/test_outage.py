"""A ledger that does not answer for a while: what is said of it, and how long one waits."""

import time
from threading import Thread

import pytest
import structlog
from tests.unit.training.runs import wait_for

from trad.errors import LeaseLost, LedgerUnavailable
from trad.training.outage import Backoff, Outage, patiently, tells_of_outage

LOCKED = LedgerUnavailable("the database is locked")
FULL = LedgerUnavailable("the disk is full")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which passes only in sleeps."""
    now = [1_000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", sleep)
    return now


class TestBackoff:
    def test_pauses_grow_to_the_longest_and_begin_again(self) -> None:
        backoff = Backoff()
        assert [backoff.pause() for _ in range(7)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
        backoff.reset()
        assert backoff.pause() == 0.2

    def test_no_pause_is_longer_than_the_longest(self) -> None:
        backoff = Backoff(longest=0.3)
        assert [backoff.pause() for _ in range(3)] == [0.2, 0.3, 0.3]


class TestOutage:
    def test_nothing_is_said_while_all_is_well(self) -> None:
        outage = Outage()
        outage.mended("episodes")
        assert outage.note is None

    def test_it_says_what_ails_the_ledger_then_that_it_answers_then_nothing(self, clock: list[float]) -> None:
        outage = Outage("job1")
        outage.failed("episodes", LOCKED)
        assert outage.note == "the database is locked; what ended is kept, trying again"
        assert tells_of_outage(outage.note)
        clock[0] += 12
        outage.mended("episodes")
        assert outage.note == "the database answers again, after 12 s; nothing was lost"
        assert tells_of_outage(outage.note)
        clock[0] += 6
        assert outage.note is None

    def test_it_is_over_when_the_last_call_that_failed_works(self) -> None:
        outage = Outage()
        outage.failed("episodes", FULL)
        outage.failed("progress", LOCKED)
        outage.mended("progress")
        assert outage.note == "the disk is full; what ended is kept, trying again"
        assert (outage.fails("episodes"), outage.fails("progress")) == (True, False)

    def test_the_log_hears_of_its_beginning_and_its_end_and_no_more(self, clock: list[float]) -> None:
        with structlog.testing.capture_logs() as lines:
            outage = Outage("job1")
            for _ in range(5):
                outage.failed("episodes", LOCKED)
                clock[0] += 1
            outage.mended("episodes")
            outage.mended("episodes")
        assert [(line["event"], line["job"]) for line in lines] == [
            ("the database is locked; what ended is kept, trying again", "job1"),
            ("the database answers again, after 5 s; nothing was lost", "job1"),
        ]

    @pytest.mark.parametrize("note", ["starting workers (2 s)", "episode 7 has stood at candle 4 of 9"])
    def test_other_notes_are_not_about_it(self, note: str) -> None:
        assert not tells_of_outage(note)


class TestPatience:
    def failing(self, times: int, clock: list[float]) -> tuple[list[float], Outage]:
        """Call a ledger that fails so many times; return when it was called."""
        called: list[float] = []

        def call() -> str:
            called.append(clock[0])
            if len(called) <= times:
                raise LOCKED
            return "answer"

        outage = Outage()
        assert patiently(call, outage, "end") == "answer"
        return called, outage

    def test_it_calls_until_there_is_an_answer(self, clock: list[float]) -> None:
        called, outage = self.failing(3, clock)
        assert [round(at - 1_000, 6) for at in called] == [0.0, 0.2, 0.6, 1.4]
        assert outage.note is not None
        assert outage.note.startswith("the database answers again")

    def test_it_is_given_up_after_its_time(self, clock: list[float]) -> None:
        def call() -> None:
            raise LOCKED

        outage = Outage()
        with pytest.raises(LedgerUnavailable):
            patiently(call, outage, "end", within=1.5)
        assert clock[0] == pytest.approx(1_001.5)
        assert outage.fails("end")

    def test_what_happens_meanwhile_can_end_it(self, clock: list[float]) -> None:
        def call() -> None:
            raise LOCKED

        def meanwhile() -> None:
            if clock[0] > 1_010:
                raise LeaseLost("another worker has it")

        with pytest.raises(LeaseLost):
            patiently(call, Outage(), "end", meanwhile=meanwhile)

    def test_other_errors_are_not_waited_out(self) -> None:
        def call() -> None:
            raise LeaseLost("another worker has it")

        with pytest.raises(LeaseLost):
            patiently(call, Outage(), "end")


def test_several_threads_may_tell_of_one_outage() -> None:
    outage = Outage()

    def trouble(what: str) -> None:
        for _ in range(500):
            outage.failed(what, LOCKED)
            assert outage.fails(what)
            outage.mended(what)

    threads = [Thread(target=trouble, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: not any(thread.is_alive() for thread in threads))
    assert outage.note is not None
    assert outage.note.startswith("the database answers again")
