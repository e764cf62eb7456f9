"""From what a user asks to a job's spec, or to a sentence that says why not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.plans import FAKES, FAULTY
from tests.fakes.plodding import Plodding

from trad.backtest.terms import Terms
from trad.errors import InputError, ParameterError, SpaceError, StrategyNotFound
from trad.market.cache import open_cached
from trad.market.samples import read_sample
from trad.service.planning import MOST_EPISODES, TrainRequest, plan_job
from trad.settings import Settings, read_settings
from trad.strategies.strategy import Strategy

ASKED = TrainRequest(strategy="sma_cross", data="sample:minute?candles=500", optimizer="random", episodes=9)


@pytest.fixture
def settings(trad_home: Path) -> Settings:
    return read_settings()


class TestSpec:
    def test_it_holds_all_that_the_result_depends_on(self, settings: Settings) -> None:
        asked = replace(ASKED, seed=4, objective="sqn", fee=0.002, slippage=0.0, position_size=0.5, window=3)
        spec = plan_job(asked, settings).spec
        assert (spec.strategy, spec.data, spec.candles) == ("sma_cross", "sample:minute?candles=500", 500)
        assert (spec.optimizer, spec.objective, spec.episodes, spec.seed) == ("random", "sqn", 9, 4)
        assert (spec.fee, spec.slippage, spec.position_size, spec.window) == (0.002, 0.0, 0.5, 3)
        assert len(spec.strategy_code) == len(spec.data_hash) == 64
        assert spec.synthetic

    def test_it_holds_the_terms_that_differ_from_the_usual(self, settings: Settings) -> None:
        assert plan_job(ASKED, settings).spec.terms == {}
        asked = replace(ASKED, terms=Terms(leverage=3.0, time_stop=5))
        assert plan_job(asked, settings).spec.terms == {"leverage": 3.0, "time_stop": 5}

    def test_equal_requests_give_equal_specs(self, settings: Settings) -> None:
        assert plan_job(ASKED, settings).spec == plan_job(ASKED, settings).spec

    def test_the_candles_are_put_where_workers_map_them(self, settings: Settings) -> None:
        planned = plan_job(ASKED, settings)
        mapped = open_cached(settings.cache, planned.spec.data_hash)
        assert (mapped.close == planned.candles.close).all()

    def test_a_files_path_becomes_absolute(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(FAKES)
        spec = plan_job(replace(ASKED, strategy="plodding.py:Plodding"), settings).spec
        assert spec.strategy == f"{FAKES / 'plodding.py'}:Plodding"

    def test_a_class_of_a_file_is_referred_to_by_it(self, settings: Settings) -> None:
        planned = plan_job(replace(ASKED, strategy=Plodding), settings)
        assert planned.spec.strategy == f"{FAKES / 'plodding.py'}:Plodding"
        assert planned.strategy is Plodding

    def test_a_class_without_a_file_says_so(self, settings: Settings) -> None:
        class Local(Plodding):
            pass

        planned = plan_job(replace(ASKED, strategy=Local), settings)
        assert (planned.spec.strategy, planned.spec.strategy_code) == ("class:Local", "")

    def test_candles_at_hand_keep_their_name(self, settings: Settings) -> None:
        candles = read_sample("sample:aapl-1d")
        spec = plan_job(replace(ASKED, data=candles), settings).spec
        assert (spec.data, spec.data_hash, spec.synthetic) == ("aapl-1d", candles.content_hash, False)

    def test_the_space_is_narrowed_by_texts_or_by_a_mapping(self, settings: Settings) -> None:
        texts = plan_job(replace(ASKED, params=["fast=5:10", "slow=90"]), settings).spec
        mapped = plan_job(replace(ASKED, params={"fast": (5, 10), "slow": 90}), settings).spec
        assert texts.space == mapped.space
        assert texts.space["slow"] == {"fixed": 90}

    def test_no_more_episodes_are_planned_than_there_are_configurations(self, settings: Settings) -> None:
        few = replace(ASKED, params=["fast=5:7", "slow=90"], episodes=100)
        assert plan_job(few, settings).spec.episodes == 3
        whole = replace(few, optimizer="grid", episodes=None)
        assert plan_job(whole, settings).spec.episodes == 3
        assert plan_job(replace(ASKED, episodes=None), settings).spec.episodes == 100

    def test_memory_is_given_in_megabytes(self, settings: Settings) -> None:
        spec = plan_job(replace(ASKED, episode_memory=1.5, episode_timeout=2.5), settings).spec
        assert (spec.episode_memory, spec.episode_timeout) == (1_572_864, 2.5)


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"episodes": 0}, InputError, r"episodes was 0; it is a whole number from 1 to"),
        ({"episodes": MOST_EPISODES + 1}, InputError, r"episodes was 10000001; .* to 10,000,000"),
        ({"objective": "profit"}, InputError, r"objective was 'profit'; it is one of sharpe"),
        ({"optimizer": "annealing"}, InputError, r"optimizer was 'annealing'; it is one of random, grid"),
        ({"fee": float("nan")}, InputError, r"fee was nan; a fee is a fraction"),
        ({"seed": -1}, InputError, r"seed was -1"),
        ({"window": 0}, InputError, r"window was 0"),
        (
            {"episode_timeout": 0.0},
            InputError,
            r"episode timeout was 0\.0; it is a number above 0, such as 30 s",
        ),
        ({"episode_memory": float("inf")}, InputError, r"episode memory was inf; .*such as 512 megabytes"),
        ({"strategy": "sma_crosss"}, StrategyNotFound, r"did you mean sma_cross\?"),
        ({"data": "sample:hour"}, InputError, r"there is no sample 'hour'"),
        ({"params": ["quick=1:2"]}, ParameterError, r"quick"),
        ({"params": ["fast=100", "slow=50"]}, SpaceError, r"valid"),
        (
            {"optimizer": "grid", "strategy": "liquidity_sweep", "episodes": None},
            SpaceError,
            r"million|1,000,000",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_job_exists(
    settings: Settings, change: dict[str, Any], kind: type[InputError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        plan_job(replace(ASKED, **change), settings)


def test_a_strategy_whose_file_is_run_to_find_it_is_run_once_for_its_class(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "counted.py"
    file.write_text(
        f"with open({str(tmp_path / 'runs')!r}, 'a') as runs:\n    runs.write('x')\n"
        + (FAKES / "plodding.py").read_text()
    )
    plan_job(replace(ASKED, strategy=f"{file}:Plodding"), settings)
    assert (tmp_path / "runs").read_text() == "x"


def test_a_strategy_of_the_folder_is_found_by_its_name(settings: Settings) -> None:
    settings.strategies.mkdir(parents=True)
    (settings.strategies / "mine.py").write_text((FAKES / "faulty.py").read_text())
    planned = plan_job(replace(ASKED, strategy="mine"), settings)
    assert planned.spec.strategy == "mine"
    assert issubclass(planned.strategy, Strategy)
    assert (
        planned.spec.strategy_code == plan_job(replace(ASKED, strategy=FAULTY), settings).spec.strategy_code
    )
