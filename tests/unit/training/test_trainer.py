"""The trainer, over an executor that ends episodes in whatever order and way a test wants."""

import math
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
from tests.unit.training.runs import EPISODES, picks, reference, train, trained

from trad.storage.memory import MemoryLedger
from trad.strategies.parameters import Params
from trad.training.episode import EpisodeOutcome, EpisodeSpec
from trad.training.job import Claim, Episode
from trad.training.trainer import MOST_RETRIES


class TestOrder:
    @settings(max_examples=60, deadline=None)
    @given(
        order=st.lists(st.integers(0, 50), min_size=1, max_size=60),
        most=st.integers(1, 30),
        window=st.sampled_from((None, 1, 2, 8, 40)),
    )
    def test_the_result_does_not_depend_on_the_order_in_which_episodes_end(
        self, order: list[int], most: int, window: int | None
    ) -> None:
        plain, shuffled = HashingOptimizer(window=window), HashingOptimizer(window=window)
        _, first_job = trained(FakeExecutor(most=1), plain)
        ledger, job = trained(FakeExecutor(most=most, pick=picks(order)), shuffled)
        assert shuffled.proposed == plain.proposed
        assert job.fingerprint == first_job.fingerprint
        assert (job.best_episode, job.best_score) == (first_job.best_episode, first_job.best_score)
        assert sorted(episode.number for episode in ledger.recorded) == list(range(1, EPISODES + 1))

    def test_a_slow_episode_does_not_hold_the_others_up(self) -> None:
        """The first one ends only when nothing else is left to run."""
        executor = FakeExecutor(most=6, pick=lambda held: 1 if len(held) > 1 else 0)
        ledger, job = trained(executor, HashingOptimizer(window=None))
        assert ledger.recorded[-1].number == 1
        assert job.state == "completed"

    def test_it_submits_as_many_as_there_is_room_for_and_no_more(self) -> None:
        executor = FakeExecutor(most=5)
        executor.before = lambda ended: check_full(executor)
        trained(executor, HashingOptimizer(window=None))

    def test_it_submits_no_more_than_the_window_lets_it(self) -> None:
        executor = FakeExecutor(most=50)
        most = 0

        def look(ended: int) -> None:
            nonlocal most
            most = max(most, len(executor.held))

        executor.before = look
        trained(executor, HashingOptimizer(window=3))
        assert most == 3

    def test_the_executor_gets_the_plan_and_the_time_limit_before_any_episode(self) -> None:
        executor = FakeExecutor()
        trained(executor)
        assert executor.loaded == [(plan(), None)]


def check_full(executor: FakeExecutor) -> None:
    assert len(executor.held) == min(5, EPISODES - executor.ended)


class TestEpisodes:
    def test_each_is_recorded_once_with_what_it_ended_in(self) -> None:
        ledger, job = trained(FakeExecutor())
        kept = ledger.episodes(job.id)
        assert [episode.number for episode in kept] == list(range(1, EPISODES + 1))
        for episode in kept:
            told = by_params(EpisodeSpec(number=episode.number, params=episode.params))
            assert (episode.score, episode.metrics, episode.error) == (told.score, told.metrics, told.error)
            assert episode.state == told.ending
        assert job.completed_episodes + job.failed_episodes == EPISODES

    def test_a_failed_one_counts_and_does_not_rank(self) -> None:
        ledger, job = trained(FakeExecutor(end=lambda episode: outcome(episode, "failed", error="cause")))
        assert (job.state, job.failed_episodes, job.best_episode) == ("completed", EPISODES, None)
        assert {episode.error for episode in ledger.episodes(job.id)} == {"cause"}

    @pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf, None])
    def test_a_score_that_is_no_number_never_ranks(self, score: float | None) -> None:
        """Not even where it comes first, and it does not reach the optimizer."""
        told: list[float | None] = []

        class Listening(HashingOptimizer):
            def tell(self, number: int, params: Params, score: float | None) -> None:
                told.append(score)
                super().tell(number, params, score)

        def end(episode: EpisodeSpec) -> EpisodeOutcome:
            ended = outcome(episode, score=-5.0 if episode.number == 3 else score)
            return EpisodeOutcome(number=ended.number, ending="completed", score=ended.score)

        album = Album()
        ledger = MemoryLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        job = train(ledger, claim, FakeExecutor(end=end), Listening(window=1), [album])
        assert (job.best_episode, job.best_score) == (3, -5.0)
        assert (album.shown[-1].best_number, album.shown[-1].best_score) == (3, -5.0)
        assert set(told) == {None, -5.0}

    def test_of_equal_scores_the_lowest_number_is_the_best_whichever_ended_first(self) -> None:
        executor = FakeExecutor(most=8, end=lambda e: outcome(e, score=1.0), pick=lambda held: len(held) - 1)
        album = Album()
        ledger = MemoryLedger()
        job = train(ledger, claimed(ledger, spec(episodes=EPISODES)), executor, None, [album])
        assert job.best_episode == 1
        assert album.shown[-1].best_number == 1

    def test_a_failed_ones_score_does_not_rank_either(self) -> None:
        ledger, job = trained(FakeExecutor(end=lambda e: outcome(e, "failed", score=1.0, error="cause")))
        assert job.best_episode is None
        assert ledger.episodes(job.id)[0].score is None


class TestDeaths:
    def dying(self, deaths: dict[int, int]) -> FakeExecutor:
        """Let episodes die so many times before they end well."""

        def end(episode: EpisodeSpec) -> EpisodeOutcome:
            if episode.tries < deaths.get(episode.number, 0):
                return outcome(episode, "died", error="its process was killed by SIGKILL")
            return by_params(episode)

        return FakeExecutor(end=end)

    @settings(max_examples=30, deadline=None)
    @given(deaths=st.dictionaries(st.integers(1, EPISODES), st.integers(1, MOST_RETRIES)))
    def test_one_that_died_up_to_three_times_leaves_no_trace_in_the_result(
        self, deaths: dict[int, int]
    ) -> None:
        executor = self.dying(deaths)
        ledger, job = trained(executor)
        assert job.fingerprint == reference().fingerprint
        assert sorted(episode.number for episode in ledger.recorded) == list(range(1, EPISODES + 1))
        assert len(executor.submitted) == EPISODES + sum(deaths.values())

    def test_one_that_dies_again_and_again_fails_with_its_cause(self) -> None:
        executor = self.dying({4: 99})
        ledger, job = trained(executor)
        (failed,) = (episode for episode in ledger.episodes(job.id) if episode.number == 4)
        assert (job.state, failed.state) == ("completed", "failed")
        assert failed.error == "its process was killed by SIGKILL (4 times)"
        tries = [episode.tries for episode in executor.submitted if episode.number == 4]
        assert tries == [0, 1, 2, 3]

    def test_one_that_failed_is_not_tried_again(self) -> None:
        executor = FakeExecutor(end=lambda episode: outcome(episode, "failed", error="cause"))
        trained(executor)
        assert [episode.number for episode in executor.submitted] == list(range(1, EPISODES + 1))


class TestRecording:
    def test_ended_episodes_are_recorded_within_a_moment_though_others_run_on(self) -> None:
        """The last one ends only once all before it stand in the ledger."""
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        waits = 0

        class Waiting(FakeExecutor):
            def collect(self, timeout: float) -> list[EpisodeOutcome]:
                nonlocal waits
                if self.ended == EPISODES - 1 and len(ledger.recorded) < EPISODES - 1:
                    waits += 1
                    assert waits < 3_000, "nothing was recorded in 30 seconds"
                    time.sleep(0.01)
                    return []
                return super().collect(timeout)

        assert train(ledger, claim, Waiting(most=1)).state == "completed"
        assert waits > 0

    def test_many_short_episodes_are_recorded_together(self) -> None:
        writes: list[int] = []

        class Counting(MemoryLedger):
            def record_episodes(self, claim: Claim, episodes: Sequence[Episode]) -> None:
                writes.append(len(episodes))
                super().record_episodes(claim, episodes)

        ledger = Counting()
        claim = claimed(ledger, spec(episodes=2_000))
        train(ledger, claim, FakeExecutor(most=100), HashingOptimizer(window=None))
        assert sum(writes) == 2_000
        assert max(writes) <= 500
        assert len(writes) < 200
