"""A ledger that does not answer: episodes run on, nothing is lost or told twice, Ctrl-C gets out."""

import time
from collections.abc import Callable

import pytest
from tests.fakes.outages import UnavailableLedger
from tests.fakes.training import Album, FakeExecutor, HashingOptimizer, claimed, spec
from tests.unit.training.runs import EPISODES, numbers, reference, resumed, train

from trad.errors import ExecutorError, LeaseLost
from trad.training import recorder
from trad.training.job import Claim, Job


@pytest.fixture
def ledger() -> UnavailableLedger:
    return UnavailableLedger()


@pytest.fixture
def claim(ledger: UnavailableLedger) -> Claim:
    return claimed(ledger, spec(episodes=EPISODES))


def down_from(ledger: UnavailableLedger, first: int, refusals: int) -> Callable[[int], None]:
    """Let the ledger go down when so many episodes have ended, until it has refused so many calls."""

    def look(ended: int) -> None:
        if ended == first and not ledger.refused:
            ledger.down = True
            ledger.refused_until = refusals

    return look


class TestOutage:
    @pytest.mark.parametrize("first", [0, 1, 7, EPISODES - 1])
    @pytest.mark.parametrize("forgetful", [False, True], ids=["refused", "answer lost"])
    def test_whenever_it_comes_the_job_ends_in_the_same_result(
        self, ledger: UnavailableLedger, claim: Claim, first: int, forgetful: bool
    ) -> None:
        ledger.forgetful = forgetful
        job = train(ledger, claim, FakeExecutor(before=down_from(ledger, first, 3)))
        assert ledger.refused == 3
        assert (job.state, job.fingerprint) == ("completed", reference().fingerprint)
        assert numbers(ledger, job.id) == list(range(1, EPISODES + 1))
        assert (job.completed_episodes + job.failed_episodes, job.recorded_episodes) == (EPISODES, EPISODES)

    def test_one_before_the_first_episode_is_waited_out(
        self, ledger: UnavailableLedger, claim: Claim
    ) -> None:
        ledger.down, ledger.refused_until = True, 2
        album = Album()
        job = train(ledger, claim, FakeExecutor(), None, [album])
        assert job.fingerprint == reference().fingerprint
        notes = [progress.note for progress in album.shown if progress.note]
        assert notes[0] == "the database is locked; what ended is kept, trying again"

    def test_episodes_run_on_meanwhile(self, ledger: UnavailableLedger, claim: Claim) -> None:
        """It comes back only when all have ended."""
        executor = FakeExecutor()

        def look(ended: int) -> None:
            if ended == 2:
                ledger.down = True

        def back() -> bool:
            return executor.ended == EPISODES

        executor.before = look
        ledger.back = back
        assert train(ledger, claim, executor).state == "completed"
        assert len(ledger.recorded) == EPISODES

    def test_with_too_much_unrecorded_no_new_episode_begins(
        self, ledger: UnavailableLedger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recorder, "MOST_KEPT", 50)
        claim = claimed(ledger, spec(episodes=500))
        executor, full_since = FakeExecutor(most=10), [0.0]

        def look(ended: int) -> None:
            ledger.down = ledger.down or (ended == 20 and not ledger.refused)
            if not executor.held and ledger.down:
                full_since[0] = full_since[0] or time.monotonic()

        def back() -> bool:
            return bool(full_since[0]) and time.monotonic() - full_since[0] > 0.5

        executor.before, ledger.back = look, back
        most: list[int] = []
        ledger.refusing = lambda: most.append(executor.ended)
        job = train(ledger, claim, executor, HashingOptimizer(window=None))
        assert job.state == "completed"
        assert 51 <= max(most) <= 20 + 51 + 10

    def test_a_lost_lease_ends_it_at_once(self, ledger: UnavailableLedger, claim: Claim) -> None:
        """Another worker could reach the ledger sooner."""

        def look(ended: int) -> None:
            if ended == 5 and not ledger.refused:
                ledger.down = True

        def back() -> bool:
            if ledger.refused < 4:
                return False
            ledger.down = False
            ledger.lose(claim.job_id)
            return True

        ledger.back = back
        with pytest.raises(LeaseLost):
            train(ledger, claim, FakeExecutor(before=look))
        assert ledger.job(claim.job_id).worker == "w2"


class TestEnd:
    def test_a_word_that_was_written_though_no_answer_came_is_not_written_again(
        self, ledger: UnavailableLedger, claim: Claim
    ) -> None:
        ledger.lose_word_of_end = True
        job = train(ledger, claim, FakeExecutor())
        assert (job.state, job.fingerprint) == ("completed", reference().fingerprint)
        assert ledger.ends == 1

    def test_an_error_waits_for_the_ledger_to_be_told(self, ledger: UnavailableLedger, claim: Claim) -> None:
        def look(ended: int) -> None:
            if ended == 5:
                ledger.down, ledger.refused_until = True, ledger.refused + 3
                raise ExecutorError("no worker starts")

        with pytest.raises(ExecutorError):
            train(ledger, claim, FakeExecutor(before=look))
        job = ledger.job(claim.job_id)
        assert (job.state, job.error) == ("paused", "no worker starts")
        assert numbers(ledger, job.id) == [1, 2, 3, 4, 5]

    def test_an_interrupt_gets_out_and_leaves_the_job_to_its_lease(self, ledger: UnavailableLedger) -> None:
        claim = claimed(ledger, spec(episodes=EPISODES), lease=0.0)

        def look(ended: int) -> None:
            if ended == 5:
                ledger.down = True
                raise KeyboardInterrupt

        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            train(ledger, claim, FakeExecutor(before=look))
        assert time.monotonic() - began < 30
        ledger.down = False
        assert ledger.job(claim.job_id).state == "running"
        job = train(ledger, resumed(ledger, claim.job_id), FakeExecutor())
        assert job.fingerprint == reference().fingerprint

    def test_a_second_thought_of_the_ledger_is_used_by_an_interrupt(
        self, ledger: UnavailableLedger, claim: Claim
    ) -> None:
        def look(ended: int) -> None:
            if ended == 5:
                ledger.down, ledger.refused_until = True, ledger.refused + 1
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train(ledger, claim, FakeExecutor(before=look))
        job: Job = ledger.job(claim.job_id)
        assert (job.state, numbers(ledger, job.id)) == ("paused", [1, 2, 3, 4, 5])

    def test_an_interrupt_while_it_waits_for_the_ledger_gets_out(
        self, ledger: UnavailableLedger, claim: Claim
    ) -> None:
        def refusing() -> None:
            if ledger.refused > 3:
                raise KeyboardInterrupt

        ledger.down, ledger.refusing = True, refusing
        with pytest.raises(KeyboardInterrupt):
            train(ledger, claim, FakeExecutor())
