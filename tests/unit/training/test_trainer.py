"""The trainer, over an executor that ends episodes in whatever order and way a test wants."""

import math
import time
from collections.abc import Callable, Sequence

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

from trad.errors import ExecutorError, InputError, JobBusy, LeaseLost, LedgerError, SpaceError
from trad.optimizers.optimizer import Optimizer
from trad.progress import JobProgress, ProgressSink
from trad.storage.memory import MemoryLedger
from trad.strategies.parameters import Params
from trad.training.episode import EpisodeOutcome, EpisodeSpec
from trad.training.job import Claim, Episode, Job, JobState, Request
from trad.training.ledger import JobLedger
from trad.training.trainer import MOST_RETRIES, Trainer

EPISODES = 20


def train(
    ledger: JobLedger,
    claim: Claim,
    executor: FakeExecutor,
    optimizer: Optimizer | None = None,
    sinks: Sequence[ProgressSink] = (),
) -> Job:
    trainer = Trainer(
        ledger=ledger,
        claim=claim,
        executor=executor,
        optimizer=optimizer or HashingOptimizer(),
        plan=plan(),
        sinks=sinks,
        interval=0.05,
    )
    return trainer.run()


def trained(executor: FakeExecutor, optimizer: Optimizer | None = None) -> tuple[RecordingLedger, Job]:
    ledger = RecordingLedger()
    return ledger, train(ledger, claimed(ledger, spec(episodes=EPISODES)), executor, optimizer)


def reference() -> Job:
    return trained(FakeExecutor(most=1))[1]


def picks(numbers: list[int]) -> Callable[[Sequence[EpisodeSpec]], int]:
    """Let episodes end in the order of these numbers, over and over."""
    left = iter(numbers * 100)
    return lambda held: next(left)


def resumed(ledger: JobLedger, job_id: str) -> Claim:
    claim = ledger.claim("w2", lease_seconds=60, job_id=job_id)
    assert claim is not None
    return claim


def numbers(ledger: JobLedger, job_id: str) -> list[int]:
    return [episode.number for episode in ledger.episodes(job_id)]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "what the test waits for did not happen in 30 seconds"
        time.sleep(0.002)


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
                    patch.setattr("trad.training.trainer._RECORD_SECONDS", 0.0)
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
        ledger._clock = lambda: time.time() + 1_000_000
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
            def episodes(self, *args: object, **more: object) -> list[Episode]:  # type: ignore[override]
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


class TestRecording:
    def test_ended_episodes_are_recorded_within_a_moment_though_others_run_on(self) -> None:
        ledger = RecordingLedger()
        claim = claimed(ledger, spec(episodes=EPISODES))
        executor = FakeExecutor(most=1)
        waits = 0

        def stay(ended: int) -> None:
            nonlocal waits
            if ended == 3 and len(ledger.recorded) < 3:
                waits += 1
                time.sleep(0.01)
                assert waits < 3_000

        executor.before = stay
        executor.pick = lambda held: 0
        original = executor.collect

        def collect(timeout: float) -> list[EpisodeOutcome]:
            if executor.ended == 3 and len(ledger.recorded) < 3:
                stay(3)
                return []
            return original(timeout)

        executor.collect = collect  # type: ignore[method-assign]
        assert train(ledger, claim, executor).state == "completed"
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
