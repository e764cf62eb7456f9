"""The inspector in its processes: the same answers, and no harm where a strategy hangs or dies."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.plans import FAKES

from trad.backtest.terms import Terms
from trad.errors import (
    ChangedSince,
    DataNotFound,
    InputError,
    InspectionFailed,
    StrategyError,
    StrategyNotFound,
)
from trad.service.inspector import Inspector, ScoredParams
from trad.service.inspector_direct import DirectInspector
from trad.service.inspector_pool import MOST_WAITING, ProcessInspector
from trad.service.planning import TrainRequest
from trad.service.windows import Window
from trad.settings import Settings, read_settings

ASKED = TrainRequest(strategy="sma_cross", data="sample:minute?candles=500", optimizer="random", episodes=9)
PATIENCE = 60.0

HANGS = "import time\nwhile True:\n    time.sleep(0.01)\n"
DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
PRINTS = "import sys\nprint('not for the link')\nprint('nor this', file=sys.stderr)\nsys.stdin.read()\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("inspected")
    (home / "strategies").mkdir()
    return home


@pytest.fixture(scope="module")
def settings(home: Path) -> Settings:
    return read_settings().model_copy(update={"home": home})


@pytest.fixture(scope="module")
def asked(settings: Settings) -> Iterator[ProcessInspector]:
    """Processes that stay for all tests of this module."""
    inspector = ProcessInspector(settings, listing_seconds=2.0)
    inspector.start()
    yield inspector
    inspector.stop()


@pytest.fixture(params=["direct", "process"])
def inspector(request: pytest.FixtureRequest, settings: Settings, asked: ProcessInspector) -> Inspector:
    """Each implementation of the contract in turn."""
    return asked if request.param == "process" else DirectInspector(settings)


def strategy_file(settings: Settings, name: str, source: str) -> Path:
    path = settings.strategies / f"{name}.py"
    path.write_text(source)
    return path


def process_ids(inspector: ProcessInspector) -> list[int]:
    return [process.pid for process in inspector._all]


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


class TestContract:
    """What every inspector keeps to."""

    def test_known_strategies_are_listed(self, inspector: Inspector) -> None:
        names = [listing.name for listing in inspector.known_strategies()]
        assert names[:2] == ["liquidity_sweep", "sma_cross"]

    def test_a_file_is_listed(self, inspector: Inspector, settings: Settings) -> None:
        strategy_file(settings, "mine", (FAKES / "plodding.py").read_text())
        (listing,) = inspector.strategies_in("mine")
        assert (listing.name, listing.kind, listing.source, listing.error) == (
            "mine",
            "folder",
            "mine.py",
            None,
        )

    def test_a_file_that_does_not_load_says_why(self, inspector: Inspector, settings: Settings) -> None:
        strategy_file(settings, "torn", "1 / 0\n")
        (listing,) = inspector.strategies_in("torn")
        assert "ZeroDivisionError" in (listing.error or "")

    def test_what_is_not_there_is_not_found(self, inspector: Inspector) -> None:
        with pytest.raises(StrategyNotFound):
            inspector.strategies_in("nothing")
        with pytest.raises(InputError, match="no data is called"):
            inspector.dataset("../nothing")

    def test_a_dataset_is_described(self, inspector: Inspector) -> None:
        found = inspector.dataset("sample:minute?candles=500")
        assert (found.candles, found.interval, found.sample, found.synthetic) == (500, "1m", True, True)
        assert found.first is not None
        assert found.last is not None
        assert found.last - found.first >= 499 * 60_000

    def test_a_job_is_planned(self, inspector: Inspector) -> None:
        spec = inspector.plan(ASKED)
        assert (spec.data, spec.candles, spec.episodes) == ("sample:minute?candles=500", 500, 9)

    def test_a_range_stays_a_range(self, inspector: Inspector) -> None:
        wishes: dict[str, object] = {"fast": (5, 9, 2), "slow": [40, 60]}
        space = inspector.plan(replace(ASKED, params=wishes)).space
        assert (space["fast"]["type"], space["fast"]["low"], space["fast"]["high"]) == ("int", 5, 9)
        assert space["fast"]["step"] == 2
        assert space["slow"]["options"] == [40, 60]

    def test_terms_of_trading_arrive(self, inspector: Inspector) -> None:
        spec = inspector.plan(replace(ASKED, terms=Terms(trailing_stop=0.02, sides="long")))
        assert spec.terms == {"trailing_stop": 0.02, "sides": "long"}

    def test_a_bad_request_raises_the_same_error(self, inspector: Inspector) -> None:
        bad = TrainRequest(strategy="nothing", data="sample:minute")
        with pytest.raises(StrategyNotFound, match="no strategy is called 'nothing'"):
            inspector.plan(bad)

    @pytest.mark.parametrize("reference", ["here.py", "./here.py", "here"])
    def test_paths_are_not_taken(
        self, inspector: Inspector, reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "here.py").write_text((FAKES / "plodding.py").read_text())
        (tmp_path / "here").write_text("time,open\n")
        monkeypatch.chdir(tmp_path)
        with pytest.raises(InputError):
            inspector.plan(TrainRequest(strategy=reference, data="sample:minute"))
        with pytest.raises(InputError, match="no data is called"):
            inspector.plan(TrainRequest(strategy="sma_cross", data=reference))

    def test_a_backtest_is_thinned(self, inspector: Inspector) -> None:
        spec = inspector.plan(ASKED)
        found = inspector.backtest(spec, {"fast": 5, "slow": 60}, 100)
        assert len(found.equity.index) <= 100
        assert len(found.bars.open) == 100
        assert found.total_trades == len(found.trades) > 0

    def test_a_window_of_a_backtest_and_its_trades(self, inspector: Inspector) -> None:
        spec = inspector.plan(ASKED)
        params: dict[str, int | float | str | bool] = {"fast": 5, "slow": 60}
        whole = inspector.backtest(spec, params, 500)
        found = inspector.backtest_window(spec, params, Window(start=100, stop=300, points=200))
        assert found.candles.bars.index == list(range(100, 300))
        assert found.equity == whole.equity.equity[100:300]
        page = inspector.backtest_trades(spec, params, 1, 2)
        assert [trade["entry_index"] for trade in page.trades] == [
            trade["entry_index"] for trade in whole.trades[1:3]
        ]
        assert page.total_trades == found.total_trades == whole.total_trades

    def test_a_window_that_reaches_out_is_refused(self, inspector: Inspector) -> None:
        window = Window(start=0, stop=501, points=100)
        with pytest.raises(InputError, match="the number of candles"):
            inspector.backtest_window(inspector.plan(ASKED), {"fast": 5, "slow": 60}, window)

    def test_candles_and_gaps_of_a_dataset(self, inspector: Inspector) -> None:
        found = inspector.candles("sample:aapl-1d", Window(start=10, stop=20, points=10))
        assert (found.total, found.width, len(found.bars.close)) == (3_270, 1, 10)
        gaps = inspector.gaps("sample:aapl-1d")
        assert (gaps.interval, len(gaps.longest)) == ("1d", 20)
        assert gaps.count > 600
        for name in ("nothing", "sample:nothing", "../nothing"):
            with pytest.raises(DataNotFound):
                inspector.gaps(name)

    def test_a_run_that_is_at_hand_needs_its_strategy_no_more(
        self, inspector: Inspector, settings: Settings
    ) -> None:
        source = (FAKES / "plodding.py").read_text()
        path = strategy_file(settings, "passing", source)
        spec = inspector.plan(
            TrainRequest(strategy="passing", data=ASKED.data, optimizer="random", episodes=1)
        )
        first = inspector.backtest_window(spec, {}, Window(points=100))
        path.write_text(f"{source}\n# changed\n")
        assert inspector.backtest_window(spec, {}, Window(points=100)) == first
        with pytest.raises(ChangedSince):
            inspector.backtest_window(replace(spec, fee=spec.fee / 2), {}, Window(points=100))

    def test_a_changed_strategy_is_told_from_a_failing_one(
        self, inspector: Inspector, settings: Settings
    ) -> None:
        source = (FAKES / "faulty.py").read_text()
        path = strategy_file(settings, "faulty", source)
        spec = inspector.plan(
            TrainRequest(strategy="faulty", data=ASKED.data, optimizer="random", episodes=1)
        )
        with pytest.raises(StrategyError):
            inspector.backtest(spec, {"wrong": "raises", "every": 10}, 100)
        path.write_text(f"{source}\n# changed\n")
        with pytest.raises(ChangedSince):
            inspector.backtest(spec, {"wrong": "raises", "every": 10}, 100)

    def test_importances_are_shares(self, inspector: Inspector) -> None:
        spec = inspector.plan(ASKED)
        scored = [
            ScoredParams(params={"fast": 5 + n % 40, "slow": 60 + n}, score=float(n)) for n in range(60)
        ]
        shares = inspector.importances(spec, scored)
        assert set(shares) == {"fast", "slow"}
        assert sum(shares.values()) == pytest.approx(1.0)


class TestProcesses:
    def test_a_file_that_hangs_is_given_up_and_the_next_question_answered(
        self, asked: ProcessInspector, settings: Settings
    ) -> None:
        path = strategy_file(settings, "hangs", HANGS)
        began = time.monotonic()
        with pytest.raises(InspectionFailed, match="gave no answer within 2 s"):
            asked.strategies_in("hangs")
        assert time.monotonic() - began < PATIENCE / 2
        path.unlink()
        assert asked.plan(ASKED).candles == 500

    def test_a_file_that_ends_its_process_is_given_up(
        self, asked: ProcessInspector, settings: Settings
    ) -> None:
        path = strategy_file(settings, "dies", DIES)
        with pytest.raises(InspectionFailed, match="killed by SIGKILL"):
            asked.strategies_in("dies")
        path.unlink()
        assert asked.known_strategies()

    def test_what_a_file_prints_goes_nowhere(self, asked: ProcessInspector, settings: Settings) -> None:
        path = strategy_file(settings, "prints", PRINTS + (FAKES / "plodding.py").read_text())
        assert asked.strategies_in("prints")[0].error is None
        path.unlink()

    def test_a_process_that_died_while_idle_is_replaced(self, asked: ProcessInspector) -> None:
        asked.known_strategies()
        processes = list(asked._all)
        for process in processes:
            process.kill()
        wait_until(lambda: not any(process.alive for process in processes))
        assert asked.known_strategies()

    def test_a_number_that_json_has_no_word_for_is_no_end(
        self, asked: ProcessInspector, settings: Settings
    ) -> None:
        source = (
            "from trad import Choice\nfrom trad.strategies.sma_cross import SmaCross\n\n"
            "class Odd(SmaCross):\n    odd = Choice([1.0, float('inf')])\n"
        )
        path = strategy_file(settings, "odd", source)
        with pytest.raises(InspectionFailed, match="JSON"):
            asked.strategies_in("odd")
        path.unlink()

    def test_questions_about_one_run_keep_to_one_process(self, settings: Settings) -> None:
        inspector = ProcessInspector(settings)
        try:
            spec = inspector.plan(ASKED)
            with ThreadPoolExecutor(4) as threads:
                asked = [
                    threads.submit(inspector.backtest_trades, spec, {"fast": 5, "slow": 60}, start, 5)
                    for start in range(8)
                ]
                assert len({each.result(PATIENCE).total_trades for each in asked}) == 1
            assert len(process_ids(inspector)) == 1
        finally:
            inspector.stop()

    def test_too_many_questions_about_one_thing_are_refused(self, settings: Settings) -> None:
        inspector = ProcessInspector(settings)
        for turn in inspector._turns:
            turn.acquire()
        try:
            with ThreadPoolExecutor(MOST_WAITING) as threads:
                asked = [threads.submit(inspector.gaps, "sample:aapl-1d") for _ in range(MOST_WAITING)]
                wait_until(lambda: inspector._in_line == MOST_WAITING)
                with pytest.raises(InspectionFailed, match="8 questions"):
                    inspector.gaps("sample:aapl-1d")
                for turn in inspector._turns:
                    turn.release()
                assert {each.result(PATIENCE).interval for each in asked} == {"1d"}
        finally:
            inspector.stop()

    def test_what_is_at_hand_does_not_wear_a_process_out(self, settings: Settings) -> None:
        inspector = ProcessInspector(settings)
        try:
            for start in range(5):
                inspector.candles("sample:aapl-1d", Window(start=start, points=10))
            (process,) = inspector._all
            assert (process.answered, process.knows("data sample:aapl-1d")) == (1, True)
        finally:
            inspector.stop()


class TestStopping:
    def test_starting_takes_no_time_and_nothing_is_left_behind(self, settings: Settings) -> None:
        inspector = ProcessInspector(settings)
        began = time.monotonic()
        inspector.start()
        assert time.monotonic() - began < 1.0
        inspector.known_strategies()
        pids = process_ids(inspector)
        assert pids
        inspector.stop()
        inspector.stop()
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        with pytest.raises(InspectionFailed, match="about to stop"):
            inspector.known_strategies()

    def test_a_question_under_way_ends_with_it(self, settings: Settings) -> None:
        path = strategy_file(settings, "hangs", HANGS)
        inspector = ProcessInspector(settings, listing_seconds=PATIENCE, answer_seconds=PATIENCE)
        inspector.known_strategies()
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(inspector.strategies_in, "hangs")
            wait_until(lambda: inspector._waiting == 1)
            inspector.stop()
            with pytest.raises(InspectionFailed):
                asked.result(PATIENCE)
        path.unlink()

    def test_too_many_questions_at_once_are_refused(self, settings: Settings) -> None:
        path = strategy_file(settings, "hangs", HANGS)
        inspector = ProcessInspector(settings, listing_seconds=PATIENCE, answer_seconds=PATIENCE)
        with ThreadPoolExecutor(MOST_WAITING) as threads:
            asked = [threads.submit(inspector.strategies_in, "hangs") for _ in range(MOST_WAITING)]
            wait_until(lambda: inspector._waiting == MOST_WAITING)
            with pytest.raises(InspectionFailed, match="8 questions"):
                inspector.strategies_in("hangs")
            inspector.stop()
            for each in asked:
                with pytest.raises(InspectionFailed):
                    each.result(PATIENCE)
        path.unlink()
