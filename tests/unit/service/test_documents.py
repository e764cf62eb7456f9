"""The documents that others parse: every key is a promise."""

import json
import math
from dataclasses import replace

import pytest
from tests.fakes.training import FakeExecutor, outcome, spec
from tests.unit.training.runs import train

from trad.progress import RunningEpisode
from trad.service.conditions import Condition
from trad.service.documents import best_episode, episode_document, job_document, moment, result_document
from trad.storage.memory import MemoryLedger
from trad.training.episode import EpisodeOutcome, EpisodeSpec
from trad.training.job import Job

COLUMNS = [
    "id",
    "state",
    "strategy",
    "optimizer",
    "objective",
    "spec",
    "seed",
    "priority",
    "progress",
    "current_episode",
    "total_episodes",
    "current_stage",
    "candles_processed",
    "total_candles",
    "backtest_stage",
    "current_reward",
    "current_loss",
    "best_score",
    "best_episode",
    "eta_seconds",
    "candles_per_second",
    "attempt",
    "worker",
    "lease_until",
    "error",
    "created_at",
    "started_at",
    "heartbeat_at",
    "finished_at",
]
RESULT = [
    "job_id",
    "state",
    "strategy",
    "optimizer",
    "seed",
    "objective",
    "total_episodes",
    "completed_episodes",
    "failed_episodes",
    "best",
    "fingerprint",
    "candles",
    "elapsed_seconds",
    "candles_per_second",
]


def scored(value: float | None) -> tuple[MemoryLedger, Job]:
    """Run a job of which every second episode fails and the others have this score."""

    def end(episode: EpisodeSpec) -> EpisodeOutcome:
        if episode.number % 2:
            return outcome(episode, "failed", error="ZeroDivisionError: division by zero")
        return outcome(episode, score=value)

    ledger = MemoryLedger(lambda: 1_790_000_000.25)
    claim = ledger.claim("w1", lease_seconds=60, job_id=ledger.create(spec(episodes=6)).id)
    assert claim is not None
    return ledger, train(ledger, claim, FakeExecutor(end=end))


class TestResult:
    def test_it_has_the_documented_keys(self) -> None:
        ledger, job = scored(-2.5)
        document = result_document(ledger, job)
        assert set(RESULT) <= set(document)
        assert document["best"] == {
            "number": 2,
            "params": ledger.episodes(job.id)[1].params,
            "score": -2.5,
            "metrics": {"sharpe": -2.5, "trades": 3},
        }
        assert (document["completed_episodes"], document["failed_episodes"], document["candles"]) == (
            3,
            3,
            1_000,
        )
        json.dumps(document, allow_nan=False)

    def test_without_a_score_there_is_no_best(self) -> None:
        ledger, job = scored(None)
        assert result_document(ledger, job)["best"] is None
        assert best_episode(ledger, job) is None


class TestJob:
    def test_it_has_the_tables_columns(self) -> None:
        document = job_document(scored(1.5)[1])
        assert set(COLUMNS) <= set(document)
        assert document["created_at"] == "2026-09-21T14:13:20.250Z"
        assert document["spec"]["episodes"] == 6
        json.dumps(document, allow_nan=False)

    def test_running_episodes_and_what_keeps_the_job_stand_in_it(self) -> None:
        job = replace(
            scored(1.5)[1],
            running=tuple(
                RunningEpisode(
                    number=number,
                    worker=worker,
                    stage="trade_simulation",
                    candles_processed=250,
                    total_candles=1_000,
                    fraction=0.625,
                    age_seconds=2.0,
                    idle_seconds=0.5,
                )
                for number, worker in ((7, "worker 2"), (8, "worker 1"), (9, "worker 2"))
            ),
        )
        document = job_document(job, Condition(kind="stalled", cause="why", remedy="what to do"))
        assert document["condition"] == {"kind": "stalled", "cause": "why", "remedy": "what to do"}
        assert document["workers"] == ["worker 2", "worker 1"]
        assert [episode["number"] for episode in document["running"]] == [7, 8, 9]
        assert document["running"][0]["percent"] == 25.0
        json.dumps(document, allow_nan=False)

    @pytest.mark.parametrize(
        ("score", "reward", "loss"), [(1.5, 1.5, 0.0), (-2.5, 0.0, 2.5), (0.0, 0.0, 0.0), (None, None, None)]
    )
    def test_reward_and_loss_are_the_best_scores_two_halves(
        self, score: float | None, reward: float | None, loss: float | None
    ) -> None:
        document = job_document(scored(score)[1])
        assert (document["current_reward"], document["current_loss"]) == (reward, loss)
        if loss is not None:
            assert math.copysign(1, loss) == 1


def test_an_episodes_document_has_the_tables_columns() -> None:
    ledger, job = scored(1.0)
    document = episode_document(ledger.episodes(job.id)[0])
    columns = (
        "number state params score metrics stage candles_processed total_candles worker started_at error"
    )
    assert set(columns.split()) <= set(document)
    assert document["error"] == "ZeroDivisionError: division by zero"
    assert document["started_at"] == "1970-01-01T00:00:01.000Z"


def test_moments_are_written_in_utc_to_the_millisecond() -> None:
    assert moment(None) is None
    assert moment(0.0004) == "1970-01-01T00:00:00.000Z"
    assert moment(1_790_000_000.5) == "2026-09-21T14:13:20.500Z"
