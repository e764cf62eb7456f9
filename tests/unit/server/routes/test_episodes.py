"""Episodes over the API: pages, backtests run again, importances."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.fakes.plans import FAKES
from tests.fakes.routed import Routed, routed, spec
from tests.unit.storage.ledgers import episode

from trad.errors import InspectionFailed
from trad.service.inspector import RecomputedBacktest, ScoredParams
from trad.service.inspector_direct import DirectInspector
from trad.settings import read_settings
from trad.strategies.parameters import Params
from trad.training.job import Episode, JobSpec

UNKNOWN = "0123456789abcdef"


class CountingInspector(DirectInspector):
    """Counts what it is asked."""

    asked = 0

    def backtest(self, spec: JobSpec, params: Params, points: int) -> RecomputedBacktest:
        self.asked += 1
        return super().backtest(spec, params, points)

    def importances(self, spec: JobSpec, episodes: Sequence[ScoredParams]) -> dict[str, float]:
        self.asked += 1
        return super().importances(spec, episodes)


class SilentInspector(DirectInspector):
    """Knows no backtest."""

    def backtest(self, spec: JobSpec, params: Params, points: int) -> RecomputedBacktest:
        raise InspectionFailed("it gave no answer within 30 s")


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Routed]:
    """A service whose inspector counts."""
    with routed(tmp_path, CountingInspector(read_settings())) as given:
        yield given


def asked(service: Routed) -> int:
    assert isinstance(service.state.inspector, CountingInspector)
    return service.state.inspector.asked


@pytest.fixture
def job_id(service: Routed) -> str:
    """A job with a few ended episodes."""
    job = service.storage.ledger.create(spec())
    service.recorded(
        job.id,
        episode(1, 0.5),
        episode(2, state="failed", error="ZeroDivisionError: division by zero"),
        episode(3, 2.5),
        episode(4, 0.5),
    )
    return job.id


def tried(service: Routed, **params: int) -> str:
    """Make a job with one ended episode; return where its backtest is."""
    job_id = service.created()
    service.recorded(job_id, Episode(number=1, state="completed", params={"fast": 5, "slow": 60, **params}))
    return f"/api/jobs/{job_id}/episodes/1/backtest"


class TestLists:
    def test_by_number(self, service: Routed, job_id: str) -> None:
        episodes = service.get(f"/api/jobs/{job_id}/episodes").json()["episodes"]
        assert [one["number"] for one in episodes] == [1, 2, 3, 4]
        assert episodes[1]["error"] == "ZeroDivisionError: division by zero"
        assert {one["job_id"] for one in episodes} == {job_id}

    def test_the_best_first_in_pages(self, service: Routed, job_id: str) -> None:
        path = f"/api/jobs/{job_id}/episodes?sort=score&limit=3"
        first = service.get(path).json()
        assert [one["number"] for one in first["episodes"]] == [3, 1, 4]
        second = service.get(f"{path}&cursor={first['cursor']}").json()
        assert [one["number"] for one in second["episodes"]] == [2]
        assert second["cursor"] is None

    @pytest.mark.parametrize(
        ("asked", "numbers"),
        [
            ("sort=score", [3, 1, 4, 2]),
            ("sort=score&order=asc", [1, 4, 3, 2]),
            ("sort=number&order=desc", [4, 3, 2, 1]),
            ("sort=metric&metric=sharpe", [3, 1, 4, 2]),
            ("sort=metric&metric=sharpe&order=asc&state=completed", [1, 4, 3]),
            ("sort=metric&metric=win_rate", [1, 2, 3, 4]),
            ("sort=param&param=fast&order=desc", [4, 3, 2, 1]),
        ],
    )
    def test_in_any_order(self, service: Routed, job_id: str, asked: str, numbers: list[int]) -> None:
        path = f"/api/jobs/{job_id}/episodes?{asked}&limit=2"
        page = service.get(path).json()
        found = page["episodes"]
        while page["cursor"] is not None:
            page = service.get(f"{path}&cursor={page['cursor']}").json()
            found += page["episodes"]
        assert [one["number"] for one in found] == numbers

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("sort=metric", "the metric to sort by was None; it is one of total_return, "),
            ("sort=metric&metric=profit", "the metric to sort by was 'profit'"),
            ("sort=param&param=sharpe", "the param to sort by was 'sharpe'; it is one of fast, slow"),
            ("sort=score&metric=sharpe", "`metric` was given with sort=score; it goes with sort=metric"),
            ("sort=metric&metric=sharpe&param=fast", "`param` was given with sort=metric"),
        ],
    )
    def test_an_order_that_there_is_not_is_refused(
        self, service: Routed, job_id: str, asked: str, said: str
    ) -> None:
        assert said in service.get(f"/api/jobs/{job_id}/episodes?{asked}", 422).json()["detail"]

    def test_states_may_be_chosen(self, service: Routed, job_id: str) -> None:
        episodes = service.get(f"/api/jobs/{job_id}/episodes?state=failed&state=pruned").json()["episodes"]
        assert [one["number"] for one in episodes] == [2]

    def test_one(self, service: Routed, job_id: str) -> None:
        shown = service.get(f"/api/jobs/{job_id}/episodes/3").json()
        assert (shown["score"], shown["metrics"]["trades"]) == (2.5, 12)
        assert shown["finished_at"] == "2026-09-21T14:13:20.500Z"

    @pytest.mark.parametrize("path", ["episodes", "episodes/1", "episodes/1/backtest", "importances"])
    def test_an_unknown_job_is_not_found(self, service: Routed, path: str) -> None:
        service.get(f"/api/jobs/{UNKNOWN}/{path}", 404)

    def test_an_episode_that_has_not_ended_is_not_found(self, service: Routed, job_id: str) -> None:
        assert (
            "no episode 5 that has ended"
            in service.get(f"/api/jobs/{job_id}/episodes/5", 404).json()["detail"]
        )
        service.get(f"/api/jobs/{job_id}/episodes/5/backtest", 404)

    @pytest.mark.parametrize("number", ["0", "-1", "x", "10000001", "9" * 400])
    def test_a_number_outside_its_range_is_refused(self, service: Routed, job_id: str, number: str) -> None:
        problem = service.get(f"/api/jobs/{job_id}/episodes/{number}", 422).json()
        assert problem["errors"][0]["field"] == "path.number"


class TestBacktests:
    def test_it_is_run_again(self, service: Routed) -> None:
        found = service.get(tried(service)).json()
        assert found["total_candles"] == 500
        assert found["total_trades"] == len(found["trades"]) > 0
        assert len(found["equity"]["equity"]) == len(found["equity"]["timestamp"]) == 500
        assert found["metrics"]["trades"] == found["total_trades"]
        assert found["metrics"]["final_equity"] == pytest.approx(found["equity"]["equity"][-1])

    def test_it_is_thinned_to_the_points_asked_for(self, service: Routed) -> None:
        whole = service.get(path := tried(service)).json()
        thin = service.get(f"{path}?points=40").json()
        assert len(thin["equity"]["equity"]) <= 40
        assert len(thin["candles"]["close"]) == 40
        assert max(thin["equity"]["equity"]) == max(whole["equity"]["equity"])
        assert min(thin["candles"]["low"]) == min(whole["candles"]["low"])
        assert thin["metrics"] == whole["metrics"]

    def test_one_that_was_asked_for_just_now_is_not_run_again(self, counted: Routed) -> None:
        path = tried(counted)
        first = counted.get(path).json()
        assert counted.get(path).json() == first
        counted.get(f"{path}?points=50")
        assert asked(counted) == 2

    def test_a_strategy_that_changed_is_a_conflict_with_a_remedy(self, service: Routed) -> None:
        folder = service.settings.strategies
        folder.mkdir()
        file = folder / "mine.py"
        file.write_text((FAKES / "plodding.py").read_text())
        job_id = service.created(strategy="mine", optimizer="random", episodes=1)
        service.recorded(job_id, Episode(number=1, state="completed", params={}))
        file.write_text(file.read_text() + "\n# changed\n")
        problem = service.get(f"/api/jobs/{job_id}/episodes/1/backtest", 409).json()
        assert problem["type"].endswith(":changed-since")
        assert "put the old code back" in problem["detail"]
        file.unlink()
        assert service.get(f"/api/jobs/{job_id}/episodes/1/backtest", 409).json()["detail"]

    @pytest.mark.parametrize("points", ["9", "20001", "many"])
    def test_points_have_limits(self, service: Routed, points: str) -> None:
        problem = service.get(f"{tried(service)}?points={points}", 422).json()
        assert problem["errors"][0]["field"] == "query.points"

    def test_an_inspector_without_an_answer_is_a_reason_to_ask_again(self, tmp_path: Path) -> None:
        with routed(tmp_path, SilentInspector(read_settings())) as service:
            answer = service.get(tried(service), 503)
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["type"].endswith(":unavailable")


class TestWindows:
    def test_real_candles_with_equity_drawdown_and_trades(self, service: Routed) -> None:
        whole = service.get(path := tried(service)).json()
        found = service.get(f"{path}/window?start=100&stop=300").json()
        assert (found["start"], found["stop"], found["total_candles"], found["width"]) == (100, 300, 500, 1)
        assert found["candles"]["close"] == whole["candles"]["close"][100:300]
        assert found["equity"] == whole["equity"]["equity"][100:300]
        peak = max(whole["equity"]["equity"][:101])
        assert found["drawdown"][0] == pytest.approx(found["equity"][0] / peak - 1)
        assert found["touching"] == len(found["trades"]) < found["total_trades"] == whole["total_trades"]
        first = found["trades"][0]
        known = whole["trades"][first["number"] - 1]
        assert first == {**known, "number": first["number"], "stop_loss": None, "take_profit": None}

    def test_the_whole_is_the_widest_window(self, service: Routed) -> None:
        found = service.get(f"{tried(service)}/window?points=100").json()
        assert (found["start"], found["stop"], found["width"]) == (0, 500, 8)
        assert min(found["drawdown"]) == pytest.approx(
            service.get(f"{tried(service)}?points=10").json()["metrics"]["max_drawdown"]
        )

    @pytest.mark.parametrize("query", ["start=500", "start=7&stop=7", "start=9&stop=3", "stop=501"])
    def test_a_window_that_reaches_out_is_refused_with_the_rule(self, service: Routed, query: str) -> None:
        problem = service.get(f"{tried(service)}/window?{query}", 422).json()
        assert "stops at 500, the number of candles" in problem["detail"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [("start=-1", "start"), ("stop=0", "stop"), ("points=9", "points"), ("start=x", "start")],
    )
    def test_nonsense_is_told_by_its_field(self, service: Routed, query: str, field: str) -> None:
        problem = service.get(f"{tried(service)}/window?{query}", 422).json()
        assert problem["errors"][0]["field"] == f"query.{field}"

    def test_trades_come_in_pages(self, service: Routed) -> None:
        whole = service.get(path := tried(service)).json()["trades"]
        page = service.get(f"{path}/trades?start=2&limit=3").json()
        assert [one["number"] for one in page["trades"]] == [3, 4, 5]
        assert [one["pnl"] for one in page["trades"]] == [one["pnl"] for one in whole[2:5]]
        assert (page["start"], page["total_trades"]) == (2, len(whole))
        assert service.get(f"{path}/trades?start=100000").json()["trades"] == []

    @pytest.mark.parametrize("kind", ["window", "trades"])
    def test_an_episode_that_has_not_ended_has_none(self, service: Routed, job_id: str, kind: str) -> None:
        service.get(f"/api/jobs/{job_id}/episodes/5/backtest/{kind}", 404)


class TestImportances:
    def test_they_are_shares_the_largest_first(self, service: Routed) -> None:
        job_id = service.storage.ledger.create(spec(episodes=40)).id
        service.recorded(job_id, *(episode(n, -abs(n - 20.0), fast=5 + n, slow=90) for n in range(1, 41)))
        found = service.get(f"/api/jobs/{job_id}/importances").json()
        assert found == {
            "job_id": job_id,
            "episodes": 40,
            "importances": [{"name": "fast", "importance": 1.0}],
            "reason": None,
        }

    def test_a_few_episodes_are_not_enough(self, service: Routed, job_id: str) -> None:
        found = service.get(f"/api/jobs/{job_id}/importances").json()
        assert (found["importances"], found["episodes"]) == (None, 3)
        assert "at least 10" in found["reason"]

    def test_where_nothing_is_searched_nothing_is_important(self, service: Routed) -> None:
        job_id = service.storage.ledger.create(spec(space={"fast": {"fixed": 5}})).id
        assert "all are fixed" in service.get(f"/api/jobs/{job_id}/importances").json()["reason"]

    def test_they_are_worked_out_again_when_more_episodes_ended(self, counted: Routed) -> None:
        service = counted
        job_id = service.storage.ledger.create(spec(episodes=40)).id
        service.recorded(job_id, *(episode(n, float(n), fast=5 + n, slow=90) for n in range(1, 21)))
        service.get(f"/api/jobs/{job_id}/importances")
        service.get(f"/api/jobs/{job_id}/importances")
        assert asked(service) == 1
        service.recorded(job_id, episode(21, 21.0, fast=26, slow=90))
        assert service.get(f"/api/jobs/{job_id}/importances").json()["episodes"] == 21
        assert asked(service) == 2
