"""`trad jobs`: what can be asked of a job in each state, and what becomes of it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from trad.settings import read_settings
from trad.training.job import Job

Run = Callable[..., tuple[int, str, str]]
Refused = Callable[..., str]
Queued = Callable[..., Job]
Source = Callable[[str, str], Path]
COLUMNS = {
    "id", "state", "strategy", "optimizer", "objective", "spec", "seed", "priority", "progress",
    "current_episode", "total_episodes", "current_stage", "candles_processed", "total_candles",
    "backtest_stage", "current_reward", "current_loss", "best_score", "best_episode", "eta_seconds",
    "candles_per_second", "attempt", "worker", "lease_until", "error", "created_at", "started_at",
    "heartbeat_at", "finished_at",
}  # fmt: skip
QUIET = '''
from trad import Int, Signals, Strategy

class Quiet(Strategy):
    """Does nothing."""
    n = Int(3, low=1, high=50)

    def generate_signals(self, candles):
        return Signals.empty(len(candles))
'''


@pytest.mark.parametrize("command", ["show", "watch", "cancel", "pause", "resume", "delete"])
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_an_unknown_id_is_refused(refused: Refused, command: str, as_json: tuple[str, ...]) -> None:
    assert refused("jobs", command, "zzzz", *as_json) == (
        "no job has the id 'zzzz'; `trad jobs list` shows the ids there are"
    )


def test_a_beginning_that_is_too_short_is_refused(refused: Refused) -> None:
    assert refused("jobs", "show", "z") == "the job id 'z' is too short; give at least its first 4 characters"


def test_an_unknown_state_is_refused(refused: Refused) -> None:
    assert refused("jobs", "list", "--state", "nope") == (
        "state was 'nope'; it is one of queued, running, paused, completed, failed, cancelled"
    )


def test_a_completed_job_cannot_be_stopped_or_resumed(refused: Refused, completed: str) -> None:
    for request in ("cancel", "pause"):
        assert refused("jobs", request, completed) == (
            f"job {completed} is completed already; only a job that has not ended can be asked to {request}"
        )
    assert refused("jobs", "resume", completed, "-w", "0") == (
        f"job {completed} is completed; there is nothing left to resume"
    )
    assert refused("jobs", "resume", completed, "--detach") == (
        f"job {completed} is completed; start a new one to run it again"
    )


def test_a_queued_job_is_paused_resumed_and_completed(run: Run, queued: Queued) -> None:
    job = queued()
    assert run("jobs", "pause", job.id) == (0, f"job {job.id} is paused\n", "")
    code, out, err = run("jobs", "resume", job.id, "-w", "0", "--json", "--quiet")
    assert (code, err) == (0, "")
    assert json.loads(out)["state"] == "completed"
    assert json.loads(out)["completed_episodes"] == 3


def test_a_queued_job_is_cancelled(run: Run, refused: Refused, queued: Queued) -> None:
    job = queued()
    code, out, _ = run("jobs", "cancel", job.id, "--json")
    assert (code, json.loads(out)["state"]) == (0, "cancelled")
    assert "is cancelled already" in refused("jobs", "cancel", job.id)


def test_detach_puts_a_job_back_into_the_queue(run: Run, queued: Queued) -> None:
    job = queued()
    run("jobs", "pause", job.id)
    assert run("jobs", "resume", job.id, "--detach") == (0, f"job {job.id} is queued\n", "")


def test_a_changed_strategy_is_not_resumed(refused: Refused, queued: Queued, source: Source) -> None:
    path = source("quiet.py", QUIET)
    job = queued(strategy=f"{path}:Quiet")
    source("quiet.py", QUIET.replace("high=50", "high=60"))
    assert refused("jobs", "resume", job.id, "-w", "0") == (
        f"the strategy {path}:Quiet changed since the job was made, so its episodes would not belong "
        "together; put the old code back, or start a new job with `trad train`"
    )
    path.unlink()
    assert refused("jobs", "resume", job.id, "-w", "0").startswith(f"the strategy file {path} does not exist")


def _csv(first: float) -> str:
    rows = "".join(
        f"{1_704_067_200 + 60 * i},{first},{first + 1},{first - 1},{first},1\n" for i in range(300)
    )
    return "timestamp,open,high,low,close,volume\n" + rows


def test_changed_data_are_not_resumed(refused: Refused, run: Run, queued: Queued, source: Source) -> None:
    path = source("mine.csv", _csv(10))
    job = queued(data=str(path))
    source("mine.csv", _csv(20))
    shutil.rmtree(read_settings().cache)
    assert refused("jobs", "resume", job.id, "-w", "0") == (
        f"the data {path} changed since the job was made; bring back the old file, or start a new job with "
        "`trad train`"
    )
    path.unlink()
    assert refused("jobs", "resume", job.id, "-w", "0").startswith(f"there is no file {path}")
    source("mine.csv", _csv(10))
    assert run("jobs", "resume", job.id, "-w", "0", "--quiet")[0] == 0


def test_cached_data_are_enough_to_resume(run: Run, queued: Queued, source: Source) -> None:
    path = source("mine.csv", _csv(10))
    job = queued(data=str(path))
    path.unlink()
    assert run("jobs", "resume", job.id, "-w", "0", "--quiet")[0] == 0


def test_list_prints_an_array_of_rows(run: Run, completed: str, queued: Queued) -> None:
    other = queued()
    code, out, err = run("jobs", "list", "--json")
    rows = json.loads(out, parse_constant=lambda constant: 1 / 0)
    assert (code, err) == (0, "")
    assert [row["id"] for row in rows] == [other.id, completed]
    assert all(set(row) >= COLUMNS for row in rows)
    assert rows[1]["progress"] == 100
    assert rows[1]["current_reward"] == max(0, rows[1]["best_score"])
    assert rows[1]["current_loss"] == max(0, -rows[1]["best_score"])
    assert rows[1]["finished_at"].endswith("Z")
    only = run("jobs", "list", "--json", "--state", "completed")[1]
    assert [row["id"] for row in json.loads(only)] == [completed]
    assert len(json.loads(run("jobs", "list", "--json", "--limit", "1")[1])) == 1


def test_list_for_people(run: Run, completed: str) -> None:
    code, out, _ = run("jobs", "list")
    header, row = out.splitlines()
    assert code == 0
    assert header.split() == ["id", "state", "progress", "episodes", "strategy", "optimizer", "best", "age"]
    assert row.split()[:5] == [completed, "completed", "100.0%", "3/3", "sma_cross"]


def test_an_empty_list_says_how_to_begin(run: Run) -> None:
    code, out, _ = run("jobs", "list")
    assert code == 0
    assert out == "No jobs yet. Start one: trad train sma_cross --data sample:minute\n"
    assert json.loads(run("jobs", "list", "--json")[1]) == []


def test_show_by_a_beginning_of_the_id(run: Run, completed: str) -> None:
    code, out, _ = run("jobs", "show", completed[:12])
    assert code == 0
    assert out.startswith(f"Job {completed} completed\n")
    assert "Best: episode " in out
    document = json.loads(run("jobs", "show", completed, "--json")[1])
    assert set(document) >= COLUMNS
    assert document["best"]["number"] == document["best_episode"]


def test_show_says_how_to_go_on(run: Run, queued: Queued) -> None:
    job = queued()
    run("jobs", "pause", job.id)
    out = run("jobs", "show", job.id)[1]
    assert "No episode has ended yet." in out
    assert "cause: it was paused\n" in out
    assert f"next: go on with `trad jobs resume {job.id}`, or `--detach` to leave it to a worker\n" in out


def test_watching_an_ended_job_shows_its_end(run: Run, completed: str) -> None:
    code, out, err = run("jobs", "watch", completed)
    assert (code, err) == (0, "Progress: 100.0% (Episode 3/3) - completed\n")
    assert out.startswith(f"Job {completed} completed\n")
    code, out, err = run("jobs", "watch", completed, "--json")
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    assert json.loads(line)["state"] == "completed"


def test_delete(run: Run, refused: Refused, completed: str) -> None:
    assert json.loads(run("jobs", "delete", completed, "--json")[1]) == {"job_id": completed, "deleted": True}
    assert refused("jobs", "show", completed).startswith(f"no job has the id '{completed}'")
