"""What ends a run early: a request, a lost lease, an error; and what it leaves behind."""

from dataclasses import replace

import pytest
from tests.fakes.training import (
    Album,
    FakeExecutor,
    HashingOptimizer,
    RecordingLedger,
    by_params,
    claimed,
    outcome,
    plan,
    spec,
)
from tests.unit.training.runs import EPISODES, numbers, reference, resumed, train, wait_for

from trad.errors import ChangedSince, ExecutorError, InputError, JobBusy, LeaseLost, LedgerError, SpaceError
from trad.progress import JobProgress
from trad.storage.memory import MemoryLedger
from trad.training.episode import EpisodeOutcome, EpisodeSpec
from trad.training.job import Claim, Episode, Job, JobState, Request
from trad.training.trainer import Trainer


class TestRequests:
    @pytest.mark.parametrize(("request_", "state"), [("pause", "paused"), ("cancel", "cancelled")])
    def test_it_stops_keeps_what_ended_and_can_be_resumed(self, request_: Request, state: JobState) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor(most=3)

        def ask(ended: int) -> None:
            if ended == 7:
                ledger.request(claim.job_id, request_)
                wait_for(lambda: executor.board.slot(1).stop_asked)

        executor.before = ask
        album = Album()
        job = train(ledger, claim, executor, None, [album])
        assert (job.state, job.error, job.request) == (state, None, None)
        assert len(numbers(ledger, job.id)) in (7, 8), "the one that ended while the request came may count"
        assert album.shown[-1].state == state
        again = train(ledger, resumed(ledger, job.id), FakeExecutor())
        assert again.fingerprint == reference().fingerprint
        assert sorted(episode.number for episode in ledger.recorded) == list(range(1, EPISODES + 1))

    def test_episodes_that_were_stopped_are_not_recorded(self) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor(most=3)

        def end(episode: EpisodeSpec) -> EpisodeOutcome:
            if not executor.board.slot(0).stop_asked and executor.ended > 5:
                ledger.request(claim.job_id, "pause")
                wait_for(lambda: executor.board.slot(0).stop_asked)
            return by_params(episode) if executor.ended <= 5 else outcome(episode, "stopped")

        executor.end = end
        train(ledger, claim, executor)
        assert len(ledger.recorded) == 5

    def test_a_request_that_comes_when_all_is_done_changes_nothing(self) -> None:
        ledger = MemoryLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor(most=1)

        def end(episode: EpisodeSpec) -> EpisodeOutcome:
            if episode.number == EPISODES:
                ledger.request(claim.job_id, "cancel")
                wait_for(lambda: executor.board.slot(0).stop_asked)
            return by_params(episode)

        executor.end = end
        assert train(ledger, claim, executor).fingerprint == reference().fingerprint


class TestLostLease:
    def lose(self, ledger: MemoryLedger, claim: Claim) -> Claim:
        """Let another worker take the job, as if this one had been silent too long."""
        ledger.kept.jobs[claim.job_id] = replace(ledger.kept.jobs[claim.job_id], lease_until=0.0)
        return resumed(ledger, claim.job_id)

    def test_it_stops_and_writes_nothing_more(self) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        rows: list[Job] = []

        def lose(ended: int) -> None:
            if ended == 5 and not rows:
                self.lose(ledger, claim)
                rows.append(ledger.job(claim.job_id))

        with pytest.raises(LeaseLost):
            train(ledger, claim, FakeExecutor(before=lose))
        assert ledger.job(claim.job_id) == rows[0]
        assert ledger.recorded == [] or ledger.recorded[-1].number <= 5

    def test_once_it_has_heard_it_does_not_even_try_to_write(self) -> None:
        class Refusing(MemoryLedger):
            refused = 0

            def _held(self, claim: Claim) -> Job:
                try:
                    return super()._held(claim)
                except LeaseLost:
                    self.refused += 1
                    raise

        ledger = Refusing()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor(end=lambda episode: outcome(episode, "stopped"))

        def lose(ended: int) -> None:
            if not executor.board.slot(0).stop_asked:
                self.lose(ledger, claim)
                wait_for(lambda: executor.board.slot(0).stop_asked)

        executor.before = lose
        with pytest.raises(LeaseLost):
            train(ledger, claim, executor)
        assert ledger.refused == 1

    def test_it_notices_while_no_episode_ends(self) -> None:
        """The heartbeat is what tells it: a long episode gives the trainer nothing to record."""
        ledger = MemoryLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor()

        def hang(ended: int) -> None:
            if ended == 2:
                self.lose(ledger, claim)
                wait_for(lambda: executor.board.slot(0).stop_asked)

        executor.before = hang
        with pytest.raises(LeaseLost):
            train(ledger, claim, executor)
        assert ledger.job(claim.job_id).worker == "w2"

    def test_the_new_owner_ends_in_the_same_result(self) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        new: list[Claim] = []

        def lose(ended: int) -> None:
            if ended == 9 and not new:
                new.append(self.lose(ledger, claim))

        with pytest.raises(LeaseLost):
            train(ledger, claim, FakeExecutor(before=lose))
        assert train(ledger, new[0], FakeExecutor()).fingerprint == reference().fingerprint
        assert sorted(episode.number for episode in ledger.recorded) == list(range(1, EPISODES + 1))


class Refusing(Album):
    """A sink that breaks at its third snapshot."""

    def show(self, progress: JobProgress, *, final: bool = False) -> None:
        super().show(progress, final=final)
        if len(self.shown) >= 3:
            raise OSError("the disk is full")


class TestErrors:
    def stopping(self, error: BaseException, at: int = 6) -> FakeExecutor:
        def stop(ended: int) -> None:
            if ended == at:
                raise error

        return FakeExecutor(before=stop)

    @pytest.mark.parametrize(
        ("error", "state", "cause"),
        [
            (InputError("no such file"), "failed", "no such file"),
            (SpaceError("nothing left"), "failed", "nothing left"),
            (ChangedSince("the strategy changed"), "paused", "the strategy changed"),
            (ExecutorError("no worker starts"), "paused", "no worker starts"),
            (LedgerError("the database is locked"), "paused", "the database is locked"),
            (OSError("disk full"), "paused", "OSError: disk full"),
            (KeyboardInterrupt(), "paused", None),
        ],
    )
    def test_the_job_is_left_with_the_cause_and_what_had_ended(
        self, error: BaseException, state: JobState, cause: str | None
    ) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        album = Album()
        with pytest.raises(type(error)):
            train(ledger, claim, self.stopping(error), None, [album])
        job = ledger.job(claim.job_id)
        assert (job.state, job.error) == (state, cause)
        assert numbers(ledger, job.id) == [1, 2, 3, 4, 5, 6]
        assert album.shown[-1].state == state
        again = train(ledger, resumed(ledger, job.id), FakeExecutor())
        assert (again.state, again.error) == ("completed", None)
        assert again.fingerprint == reference().fingerprint

    def test_an_interrupt_can_hand_the_job_back(self) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        trainer = Trainer(
            ledger=ledger,
            claim=claim,
            executor=self.stopping(KeyboardInterrupt()),
            optimizer=HashingOptimizer(),
            plan=plan(),
            leaving="queued",
        )
        with pytest.raises(KeyboardInterrupt):
            trainer.run()
        job = ledger.job(claim.job_id)
        assert (job.state, job.worker, job.error, job.recorded_episodes) == ("queued", None, None, 6)

    def test_a_plan_that_cannot_be_loaded_fails_the_job(self) -> None:
        class Refusing(FakeExecutor):
            def load(self, plan: object, *, timeout: float | None = None) -> None:
                raise InputError("no candles with this hash")

        ledger = MemoryLedger()
        claim = claimed(ledger, spec())
        with pytest.raises(InputError):
            train(ledger, claim, Refusing())
        job = ledger.job(claim.job_id)
        assert (job.state, job.error) == ("failed", "no candles with this hash")

    def test_a_ledger_that_cannot_be_read_leaves_the_job_paused(self) -> None:
        class Unreadable(MemoryLedger):
            def episodes(self, *args: object, **more: object) -> list[Episode]:
                raise LedgerError("the database is locked")

        ledger = Unreadable()
        claim = claimed(ledger, spec())
        with pytest.raises(LedgerError):
            train(ledger, claim, FakeExecutor())
        assert ledger.job(claim.job_id).state == "paused"

    def test_a_sink_that_breaks_ends_the_job_even_while_an_episode_runs(self) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor()
        executor.before = lambda ended: (
            wait_for(lambda: executor.board.slot(0).stop_asked) if ended == 2 else None
        )
        with pytest.raises(OSError, match="disk is full"):
            train(ledger, claim, executor, None, [Refusing()])
        job = ledger.job(claim.job_id)
        assert (job.state, job.error) == ("paused", "OSError: the disk is full")

    def test_a_job_that_is_run_already_is_not_taken_twice(self) -> None:
        ledger = MemoryLedger()
        claim = claimed(ledger, spec())
        with pytest.raises(JobBusy):
            ledger.claim("w2", lease_seconds=60, job_id=claim.job_id)
