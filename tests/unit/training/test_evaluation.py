"""One episode, from plain data to plain data, whatever the strategy does."""

import re
import time
from pathlib import Path

import pytest
from tests.fakes.faulty import Faulty
from tests.fakes.plans import FAKES, FAULTY, market, plan_for

from trad.backtest.costs import Costs
from trad.backtest.engine import BacktestEngine
from trad.errors import InputError
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Int, ParameterValue, rounded
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy
from trad.training.board import ProgressBoard
from trad.training.episode import EpisodeOutcome, EpisodeSpec
from trad.training.evaluation import EpisodeSetup, evaluate


@pytest.fixture(scope="module")
def candles() -> Candles:
    return market()


def setup_for(strategy: type[Strategy], candles: Candles, objective: str = "total_return") -> EpisodeSetup:
    return EpisodeSetup(candles=candles, strategy=strategy, costs=Costs(), objective=objective)


def run(
    strategy: type[Strategy], candles: Candles, *, stop: bool = False, **params: ParameterValue
) -> tuple[EpisodeOutcome, ProgressBoard]:
    board = ProgressBoard(1)
    if stop:
        board.ask_stop()
    episode = EpisodeSpec(number=5, params=params)
    return evaluate(episode, setup_for(strategy, candles), board.slot(0), "worker 1"), board


class TestCompleted:
    def test_score_and_metrics_are_those_of_the_same_backtest(self, candles: Candles) -> None:
        before = time.time()
        outcome, _ = run(Faulty, candles, every=7)
        result = BacktestEngine().run_backtest(candles, Faulty(every=7))
        assert (outcome.number, outcome.ending, outcome.error) == (5, "completed", None)
        assert outcome.metrics == result.metrics.as_json()
        assert result.metrics.total_return is not None
        assert outcome.score == rounded(result.metrics.total_return)
        assert (outcome.stage, outcome.candles, outcome.worker) == (
            "trade_simulation",
            len(candles),
            "worker 1",
        )
        assert before <= outcome.started_at <= outcome.finished_at <= time.time()

    def test_without_trades_it_completes_without_a_score(self, candles: Candles) -> None:
        board = ProgressBoard(1)
        episode = EpisodeSpec(number=1, params={"wrong": "no trades"})
        outcome = evaluate(episode, setup_for(Faulty, candles, "profit_factor"), board.slot(0), "w")
        assert (outcome.ending, outcome.score) == ("completed", None)
        assert outcome.metrics is not None
        assert outcome.metrics["trades"] == 0

    def test_the_row_is_idle_when_it_is_over(self, candles: Candles) -> None:
        for wrong in ("nothing", "raises"):
            assert run(Faulty, candles, wrong=wrong)[1].read(0) is None

    def test_while_it_runs_the_row_shows_the_episode_and_the_candle(self, candles: Candles) -> None:
        board = ProgressBoard(1)
        seen: list[tuple[int, int, str, int]] = []

        class Looking(Strategy):
            def generate_signals(self, candles: Candles, progress: StageReporter) -> Signals:
                for _ in progress.chunks(len(candles)):
                    row = board.read(0)
                    assert row is not None
                    seen.append((row.episode, row.attempt, row.stage, row.candles_processed))
                return Signals.empty(len(candles))

        episode = EpisodeSpec(number=9, params={}, tries=2)
        evaluate(episode, setup_for(Looking, candles), board.slot(0), "w")
        assert seen[0] == (9, 2, "signal_generation", 0)
        assert seen[-1][3] > 0


class TestFailed:
    @pytest.mark.parametrize(
        ("wrong", "cause"),
        [
            (
                "raises",
                r"^ZeroDivisionError: the wrong that was asked for \(faulty\.py, line \d+, in go_wrong\)$",
            ),
            ("exits", r"^SystemExit: 3 \(faulty\.py, line \d+, in go_wrong\)$"),
            ("raises stopped", "the strategy raised Stopped, though nobody asked it to stop"),
            ("too short", "Faulty.*1,?999.*2,?000"),
            ("wrong type", "Faulty.*list"),
            ("nan stops", "Faulty.*stop_loss"),
        ],
    )
    def test_the_cause_is_told(self, candles: Candles, wrong: str, cause: str) -> None:
        outcome, _ = run(Faulty, candles, wrong=wrong)
        assert (outcome.ending, outcome.score, outcome.metrics) == ("failed", None, None)
        assert outcome.error is not None
        assert re.search(cause, outcome.error), outcome.error

    def test_where_it_was_is_told_too(self, candles: Candles) -> None:
        outcome, _ = run(Faulty, candles, wrong="raises")
        assert outcome.stage == "signal_generation"
        assert 0 < outcome.candles <= len(candles) // 2

    def test_a_constructor_that_raises_is_the_strategys_failure(self, candles: Candles) -> None:
        class Fussy(Faulty):
            level = Int(1, low=1, high=9)

            def __init__(self, **params: ParameterValue) -> None:
                super().__init__(**params)
                if self.level > 5:
                    raise LookupError("too high")

        outcome, _ = run(Fussy, candles, level=9)
        assert outcome.ending == "failed"
        assert outcome.error is not None
        assert outcome.error.startswith("LookupError: too high (test_evaluation.py, line ")

    def test_parameters_that_the_strategy_does_not_take_are_named(self, candles: Candles) -> None:
        outcome, _ = run(Faulty, candles, lookback=3)
        assert outcome.error == "Faulty has no parameter 'lookback'; it has wrong, every"

    def test_memory_that_runs_out_is_said_so(self, candles: Candles) -> None:
        class Hungry(Strategy):
            def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
                raise MemoryError

        outcome, _ = run(Hungry, candles)
        assert (
            outcome.error == "it ran out of memory; give more with --episode-memory, or keep less per candle"
        )

    def test_ctrl_c_passes_through(self, candles: Candles) -> None:
        class Interrupted(Strategy):
            def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(Interrupted, candles)


class TestStopped:
    def test_the_flag_ends_it_without_a_result(self, candles: Candles) -> None:
        outcome, board = run(Faulty, candles, stop=True)
        assert (outcome.ending, outcome.score, outcome.error) == ("stopped", None, None)
        assert board.read(0) is None

    def test_a_strategy_that_is_one_vectorised_call_stops_at_its_end(self, candles: Candles) -> None:
        class Vectorised(Strategy):
            def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
                return Signals.empty(len(candles))

        assert run(Vectorised, candles, stop=True)[0].ending == "stopped"


class TestSetup:
    def test_it_loads_what_the_plan_names(self, tmp_path: Path, candles: Candles) -> None:
        setup = EpisodeSetup.load(plan_for(FAULTY, tmp_path, candles))
        assert setup.strategy.__name__ == "Faulty"
        assert setup.candles.content_hash == candles.content_hash
        assert (setup.costs, setup.objective) == (Costs(), "total_return")

    def test_a_class_at_hand_is_not_loaded(self, tmp_path: Path, candles: Candles) -> None:
        plan = plan_for("class:Gone", tmp_path, candles, code="")
        assert EpisodeSetup.load(plan, Faulty).strategy is Faulty

    def test_code_that_changed_since_the_job_was_made_is_refused(
        self, tmp_path: Path, candles: Candles
    ) -> None:
        """A worker that is started again in the middle of a job must not run other code than the first."""
        file = tmp_path / "mine.py"
        file.write_text((FAKES / "faulty.py").read_text())
        plan = plan_for(f"{file}:Faulty", tmp_path, candles)
        file.write_text(file.read_text() + "\n# mended\n")
        with pytest.raises(InputError, match=r"mine\.py:Faulty changed since the job was made"):
            EpisodeSetup.load(plan)

    def test_candles_that_are_gone_are_refused(self, tmp_path: Path, candles: Candles) -> None:
        plan = plan_for(FAULTY, tmp_path, candles)
        (tmp_path / f"{candles.content_hash}.arrow").unlink()
        with pytest.raises(InputError, match="no candles with the hash"):
            EpisodeSetup.load(plan)
