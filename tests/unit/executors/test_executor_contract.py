"""What every executor promises, sentence by sentence."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.faulty import Faulty
from tests.fakes.plans import FAULTY, market, plan_for
from tests.unit.executors.driving import gathered, run

from trad.backtest.engine import BacktestEngine
from trad.errors import ChangedSince, InputError
from trad.executors.inline import InlineExecutor
from trad.executors.processes import ProcessExecutor
from trad.strategies.parameters import rounded
from trad.training.episode import EpisodePlan, EpisodeSpec
from trad.training.executor import Executor

MAKERS: dict[str, Callable[[int], Executor]] = {
    "inline": lambda workers: InlineExecutor(),
    "processes": ProcessExecutor,
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> EpisodePlan:
    return plan_for(FAULTY, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module", params=MAKERS)
def make(request: pytest.FixtureRequest) -> Callable[[int], Executor]:
    return MAKERS[request.param]


@pytest.fixture(scope="module")
def shared(make: Callable[[int], Executor], plan: EpisodePlan) -> Iterator[Executor]:
    """An executor at work for the whole module: a test leaves nothing in it."""
    executor = make(2)
    try:
        executor.load(plan)
        yield executor
    finally:
        executor.stop()


@pytest.fixture
def executor(shared: Executor) -> Iterator[Executor]:
    yield shared
    assert shared.collect(0.0) == []
    assert shared.board.running() == []


@pytest.fixture
def fresh(make: Callable[[int], Executor]) -> Iterator[Executor]:
    """An executor of one worker that a test may ruin."""
    made = make(1)
    try:
        yield made
    finally:
        made.stop()


def harmless(count: int, start: int = 1) -> list[EpisodeSpec]:
    return [EpisodeSpec(number=start + i, params={"every": 2 + i}) for i in range(count)]


class TestEpisodes:
    def test_every_one_submitted_comes_back_exactly_once(self, executor: Executor) -> None:
        outcomes = run(executor, harmless(60))
        assert [outcome.number for outcome in outcomes] == list(range(1, 61))
        assert {outcome.ending for outcome in outcomes} == {"completed"}

    def test_more_may_be_submitted_while_others_run(self, executor: Executor) -> None:
        seen: list[int] = []
        for part in range(10):
            executor.submit(harmless(3, start=1 + 3 * part))
            seen += [outcome.number for outcome in executor.collect(0.0)]
        seen += [outcome.number for outcome in gathered(executor, 30 - len(seen))]
        assert sorted(seen) == list(range(1, 31))

    def test_their_results_are_those_of_the_same_backtest(self, executor: Executor) -> None:
        """To the last bit, wherever they ran."""
        for outcome in run(executor, harmless(5)):
            result = BacktestEngine().run_backtest(market(), Faulty(every=1 + outcome.number))
            assert outcome.metrics == result.metrics.as_json()
            assert result.metrics.total_return is not None
            assert outcome.score == rounded(result.metrics.total_return)

    def test_they_name_their_worker_and_their_time(self, executor: Executor) -> None:
        before = time.time()
        names = {executor.worker_name(slot) for slot in range(executor.workers)}
        assert len(names) == executor.workers
        for outcome in run(executor, harmless(8)):
            assert outcome.worker in names
            assert before <= outcome.started_at <= outcome.finished_at <= time.time()

    @pytest.mark.parametrize(
        "wrong", ["raises", "exits", "raises stopped", "too short", "wrong type", "nan stops"]
    )
    def test_one_that_fails_says_why_and_harms_no_other(self, executor: Executor, wrong: str) -> None:
        bad = EpisodeSpec(number=4, params={"wrong": wrong})
        outcomes = run(executor, [*harmless(3), bad, *harmless(3, start=5)])
        assert [outcome.ending for outcome in outcomes] == ["completed"] * 3 + ["failed"] + ["completed"] * 3
        assert outcomes[3].error
        assert (outcomes[3].score, outcomes[3].metrics) == (None, None)

    def test_the_cause_is_told_the_same_everywhere(self, executor: Executor) -> None:
        (outcome,) = run(executor, [EpisodeSpec(number=1, params={"wrong": "raises"})])
        assert outcome.error is not None
        assert outcome.error.startswith("ZeroDivisionError: the wrong that was asked for (faulty.py, line ")
        assert outcome.stage == "signal_generation"
        assert 0 < outcome.candles <= 1_000

    def test_one_without_trades_completes_without_a_score_that_ranks(self, executor: Executor) -> None:
        (outcome,) = run(executor, [EpisodeSpec(number=1, params={"wrong": "no trades"})])
        assert outcome.ending == "completed"
        assert outcome.metrics is not None
        assert (outcome.metrics["trades"], outcome.metrics["win_rate"], outcome.metrics["sharpe"]) == (
            0,
            None,
            None,
        )


class TestWaiting:
    def test_collect_returns_nothing_when_nothing_runs(self, executor: Executor) -> None:
        assert executor.collect(0.0) == []
        assert executor.collect(0.05) == []

    def test_what_it_takes_takes_room_until_it_has_ended(self, executor: Executor) -> None:
        room = executor.room
        assert room >= executor.workers
        executor.submit(harmless(room))
        assert executor.room < room
        gathered(executor, room)
        assert executor.room >= executor.workers

    def test_nothing_is_said_once_episodes_have_run(self, executor: Executor) -> None:
        run(executor, harmless(2))
        assert executor.note is None


class TestBoard:
    def test_any_thread_sees_what_runs(self, executor: Executor) -> None:
        seen: set[tuple[int, int]] = set()
        over = threading.Event()

        def look() -> None:
            while not over.is_set():
                seen.update((row.episode, row.total_candles) for row in executor.board.running())

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            for part in range(100):
                run(executor, harmless(10, start=1 + 10 * part))
                if seen:
                    break
        finally:
            over.set()
            watcher.join()
        assert seen
        assert {total for _, total in seen} == {2_000}
        assert min(number for number, _ in seen) >= 1

    def test_the_stop_flag_ends_what_runs_and_what_waits(self, fresh: Executor, plan: EpisodePlan) -> None:
        fresh.load(plan)
        run(fresh, harmless(1))
        fresh.board.ask_stop()
        outcomes = run(fresh, harmless(2))
        assert [outcome.ending for outcome in outcomes] == ["stopped", "stopped"]
        assert [outcome.score for outcome in outcomes] == [None, None]


class TestLoad:
    def first_outcome(self, executor: Executor, plan: EpisodePlan) -> None:
        """Load a plan and run an episode of it: an executor may learn of a fault as late as that."""
        executor.load(plan)
        run(executor, harmless(1))

    def test_a_strategy_that_does_not_load_is_refused(
        self, fresh: Executor, plan: EpisodePlan, tmp_path: Path
    ) -> None:
        file = tmp_path / "broken.py"
        file.write_text("class Broken(\n")
        broken = plan_for(f"{file}:Broken", tmp_path)
        with pytest.raises(
            InputError, match=r"broken\.py fails to load: SyntaxError: .*\(broken\.py, line 1\)"
        ):
            self.first_outcome(fresh, broken)

    def test_candles_that_are_not_there_are_refused(self, fresh: Executor, plan: EpisodePlan) -> None:
        with pytest.raises(InputError, match="no candles with the hash 0000"):
            self.first_outcome(fresh, replace(plan, data_hash="0" * 64))

    def test_code_that_changed_is_refused(self, fresh: Executor, plan: EpisodePlan) -> None:
        with pytest.raises(ChangedSince, match="changed since the job was made"):
            self.first_outcome(fresh, replace(plan, strategy_code="0" * 64))


class TestStop:
    def test_what_waits_and_runs_is_forgotten_and_stop_may_be_called_again(
        self, fresh: Executor, plan: EpisodePlan
    ) -> None:
        fresh.load(plan)
        fresh.submit(harmless(5))
        began = time.monotonic()
        fresh.stop()
        assert time.monotonic() - began < 1.0
        assert fresh.collect(0.01) == []
        fresh.stop()

    def test_an_executor_that_loaded_nothing_can_be_stopped(self, make: Callable[[int], Executor]) -> None:
        make(1).stop()
