"""A run that is cut off anywhere goes on to the result that it would have had."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.training import (
    Album,
    FakeExecutor,
    HashingOptimizer,
    RecordingLedger,
    claimed,
    spec,
)
from tests.unit.training.runs import EPISODES, picks, reference, resumed, train, trained

from trad.progress import JobProgress
from trad.storage.memory import MemoryLedger
from trad.training.job import Claim, Episode, Job, JobState, Request


class Killed(BaseException):
    """Stands for the end of the process: nothing after it is written."""


class DyingLedger(RecordingLedger):
    """A ledger whose connection is cut after so many writes of episodes."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.writes = writes
        self.cut = False

    def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
        self._check()
        super().record_episodes(claim, episodes)
        self.writes -= 1
        self.cut = self.writes <= 0

    def save_progress(self, claim: Claim, progress: JobProgress) -> Request | None:
        self._check()
        return super().save_progress(claim, progress)

    def finish(
        self, claim: Claim, state: JobState, *, fingerprint: str | None = None, error: str | None = None
    ) -> Job:
        self._check()
        return super().finish(claim, state, fingerprint=fingerprint, error=error)

    def _check(self) -> None:
        if self.cut:
            raise Killed


class TestResume:
    @settings(max_examples=60, deadline=None)
    @given(
        order=st.lists(st.integers(0, 50), min_size=1, max_size=60),
        most=st.integers(1, 12),
        kept=st.integers(0, EPISODES),
        window=st.sampled_from((None, 1, 8)),
    )
    def test_it_goes_on_from_any_prefix_of_recorded_episodes_to_the_same_result(
        self, order: list[int], most: int, kept: int, window: int | None
    ) -> None:
        whole, job = trained(FakeExecutor(most=most, pick=picks(order)), HashingOptimizer(window=window))
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES), lease=0.0)
        ledger.record_episodes(claim, whole.recorded[:kept])
        executor = FakeExecutor(most=5)
        again = train(ledger, resumed(ledger, claim.job_id), executor, HashingOptimizer(window=window))
        assert again.fingerprint == job.fingerprint
        assert len(executor.submitted) == EPISODES - kept, "what was recorded is not run again"
        assert (again.best_episode, again.completed_episodes, again.failed_episodes) == (
            job.best_episode,
            job.completed_episodes,
            job.failed_episodes,
        )

    @settings(max_examples=25, deadline=None)
    @given(deaths=st.lists(st.integers(1, 6), max_size=6), most=st.integers(1, 9))
    def test_runs_that_are_cut_off_one_after_the_other_end_in_the_same_result(
        self, deaths: list[int], most: int
    ) -> None:
        ledger = DyingLedger(0)
        job_id = ledger.create(spec(episodes=EPISODES)).id
        percents = [0.0]
        for writes in [*deaths, 10_000]:
            ledger.writes, ledger.cut = writes, False
            claim = ledger.claim("w", lease_seconds=0.0, job_id=job_id)
            if claim is None:
                break
            try:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr("trad.training.recorder.RECORD_SECONDS", 0.0)
                    train(ledger, claim, FakeExecutor(most=most))
            except Killed:
                pass
            percents.append(ledger.job(job_id).progress)
        job = ledger.job(job_id)
        assert job.fingerprint == reference().fingerprint
        assert sorted(episode.number for episode in ledger.recorded) == list(range(1, EPISODES + 1))
        assert percents == sorted(percents)

    def test_a_job_whose_last_episode_was_recorded_needs_none_to_complete(self) -> None:
        whole, job = trained(FakeExecutor())
        ledger = MemoryLedger()
        claim = claimed(ledger, spec(episodes=EPISODES), lease=0.0)
        ledger.record_episodes(claim, whole.recorded)
        executor = FakeExecutor()
        again = train(ledger, resumed(ledger, claim.job_id), executor)
        assert (again.state, again.fingerprint, executor.submitted) == ("completed", job.fingerprint, [])

    def test_job_percent_and_time_go_on_from_where_they_were(self) -> None:
        ledger = MemoryLedger()
        claim = claimed(ledger, spec(episodes=EPISODES), lease=0.0)
        album = Album()

        def interrupt(ended: int) -> None:
            if ended == 11:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train(ledger, claim, FakeExecutor(before=interrupt), None, [album])
        before = ledger.job(claim.job_id)
        assert before.progress >= 55
        again = Album()
        train(ledger, resumed(ledger, claim.job_id), FakeExecutor(), None, [again])
        assert again.shown[0].percent >= before.progress
        assert again.shown[0].elapsed_seconds >= before.elapsed_seconds
        assert again.shown[0].finished >= 11
