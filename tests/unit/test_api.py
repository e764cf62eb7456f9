"""Training from Python, as users of the package do it."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.faulty import Faulty
from tests.fakes.plodding import Plodding

import trad
from trad.errors import InputError, StrategyNotFound
from trad.market.samples import read_sample
from trad.progress import JobProgress, StageReporter
from trad.settings import read_settings
from trad.storage.ledger import open_ledger
from trad.strategies.loading import load_strategy
from trad.strategies.source_file import refuse_while_loading
from trad.training.job import Job

CANDLES = "sample:minute?candles=1500"

SCRIPT = """
import trad
from trad import Int, Signals, Strategy

class Mine(Strategy):
    every = Int(5, low=2, high=50)

    def generate_signals(self, candles, progress):
        signals = Signals.empty(len(candles))
        for i in progress.track(range(len(candles))):
            if i % self.every == 0:
                signals.entry[i] = 1 if i % 2 else -1
        return signals

def main():
    job = trad.train("sample:minute?candles=1500", Mine, optimizer="random", episodes=6, workers=2, seed=3)
    print(job.fingerprint, job.failed_episodes)
"""
UNGUARDED = SCRIPT + "\nmain()\n"
GUARDED = SCRIPT + '\nif __name__ == "__main__":\n    main()\n'


def jobs() -> list[Job]:
    with open_ledger(read_settings().database) as ledger:
        return ledger.jobs()


def run(script: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in a folder that knows nothing of Trad's own."""
    return subprocess.run(
        [sys.executable, script.name],
        cwd=script.parent,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
    )


class TestResult:
    def test_a_class_of_a_file_is_trained_in_worker_processes(self) -> None:
        job = trad.train(CANDLES, Plodding, optimizer="random", episodes=8, seed=7, workers=2, progress=False)
        assert (job.state, job.failed_episodes, len(job.recorded)) == ("completed", 0, 8)
        assert {episode.worker for episode in job.recorded} <= {"worker 1", "worker 2"}
        assert job.best is not None
        best = max(job.recorded, key=lambda episode: (episode.score or -math.inf, -episode.number))
        assert (job.best.number, job.best.score) == (best.number, best.score)
        assert (job.best.params, job.best.metrics) == (best.params, best.metrics)
        assert job.best.score == job.best.metrics["sharpe"]
        assert job.fingerprint is not None
        (row,) = jobs()
        assert (row.id, row.state, row.fingerprint) == (job.id, "completed", job.fingerprint)
        assert row.spec == job.spec

    def test_the_table_of_episodes_has_parameters_and_metrics_by_name(self) -> None:
        job = trad.train(
            CANDLES, Faulty, optimizer="grid", params={"wrong": ["nothing", "raises"], "every": [5, 9]},
            workers=0, progress=False,
        )  # fmt: skip
        table = job.episodes
        assert table["number"].tolist() == [1, 2, 3, 4]
        assert {"state", "score", "error", "wrong", "every", "sharpe", "trades"} <= set(table.columns)
        assert table["state"].value_counts().to_dict() == {"completed": 2, "failed": 2}
        failed = table[table["state"] == "failed"]
        assert failed["error"].str.startswith("ZeroDivisionError").all()
        assert failed["sharpe"].isna().all()
        assert job.failed_episodes == 2

    def test_candles_a_frame_and_a_reference_give_the_same_result(self) -> None:
        candles = read_sample(CANDLES)
        prints = {
            trad.train(data, Plodding, optimizer="random", episodes=3, workers=0, progress=False).fingerprint
            for data in (candles, candles.frame, CANDLES)
        }
        assert len(prints) == 1

    def test_without_a_score_there_is_no_best(self) -> None:
        job = trad.train(
            CANDLES,
            Faulty,
            optimizer="random",
            params={"wrong": "raises"},
            episodes=3,
            workers=0,
            progress=False,
        )
        assert (job.best, job.state, job.failed_episodes) == (None, "completed", 3)


class TestClassWithoutAFile:
    def test_it_is_trained_in_this_process(self) -> None:
        threads: set[int] = set()

        class Local(Plodding):
            def generate_signals(self, candles: trad.Candles, progress: StageReporter) -> trad.Signals:
                threads.add(os.getpid())
                return super().generate_signals(candles, progress)

        job = trad.train(CANDLES, Local, optimizer="random", episodes=3, workers=2, progress=False)
        assert threads == {os.getpid()}
        assert {episode.worker for episode in job.recorded} == {"inline"}
        assert job.spec.strategy == "class:Local"

    def test_limits_that_only_a_worker_process_can_keep_are_refused(self) -> None:
        class Local(Plodding):
            pass

        with pytest.raises(InputError, match="move Local into a file of its own, at its top level"):
            trad.train(CANDLES, Local, optimizer="random", episodes=3, episode_timeout=5, progress=False)


class TestProgress:
    def test_a_function_gets_every_snapshot_up_to_the_last(self) -> None:
        heard: list[JobProgress] = []
        job = trad.train(CANDLES, Plodding, optimizer="random", episodes=12, workers=0, progress=heard.append)
        percents = [progress.percent for progress in heard]
        assert percents == sorted(percents)
        assert (heard[-1].state, heard[-1].percent, heard[-1].finished) == ("completed", 100, 12)
        assert max(percents[:-1], default=0) < 100
        assert {progress.job_id for progress in heard} == {job.id}
        assert job.best is not None
        assert heard[-1].best_number == job.best.number

    def test_without_a_terminal_it_shows_lines(self, capsys: pytest.CaptureFixture[str]) -> None:
        trad.train(CANDLES, Plodding, optimizer="random", episodes=3, workers=0)
        lines = capsys.readouterr().err.splitlines()
        assert lines[-1] == "Progress: 100.0% (Episode 3/3) - completed"

    def test_false_shows_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        trad.train(CANDLES, Plodding, optimizer="random", episodes=3, workers=0, progress=False)
        assert capfd.readouterr() == ("", "")

    def test_a_function_that_raises_ends_the_run_and_leaves_the_job_resumable(self) -> None:
        def refuse(progress: JobProgress) -> None:
            raise RuntimeError("my own fault")

        with pytest.raises(RuntimeError, match="my own fault"):
            trad.train(
                "sample:minute?candles=20000",
                Plodding,
                optimizer="random",
                episodes=50,
                workers=0,
                progress=refuse,
            )
        (job,) = jobs()
        assert (job.state, job.error) == ("paused", "RuntimeError: my own fault")


def test_what_makes_no_sense_is_refused_before_there_is_a_job() -> None:
    with pytest.raises(InputError, match="optimizer was 'best'"):
        trad.train(CANDLES, Plodding, optimizer="best", progress=False)
    assert jobs() == []


class TestScripts:
    def test_a_script_that_guards_its_call_trains_itself(self, tmp_path: Path) -> None:
        script = tmp_path / "mine.py"
        script.write_text(GUARDED)
        done = run(script)
        assert done.returncode == 0, done.stderr
        (job,) = jobs()
        assert (job.state, job.completed_episodes) == ("completed", 6)
        assert done.stdout.split() == [job.fingerprint, "0"], "and its workers print nothing"

    def test_a_script_that_does_not_is_told_how_and_trains_nothing_over_and_over(
        self, tmp_path: Path
    ) -> None:
        script = tmp_path / "mine.py"
        script.write_text(UNGUARDED)
        done = run(script)
        assert done.returncode == 1
        said = done.stderr.splitlines()[-1]
        assert "trad.train was called while the file was loaded to find a strategy in it" in said
        assert 'put the call under `if __name__ == "__main__":`' in said
        assert "(mine.py, line " in said
        (job,) = jobs()
        assert (job.state, job.attempt, job.completed_episodes) == ("failed", 1, 0)
        assert job.error is not None
        assert "__main__" in job.error

    def test_the_same_holds_wherever_the_file_is_loaded(self, tmp_path: Path) -> None:
        script = tmp_path / "mine.py"
        script.write_text(UNGUARDED)
        with pytest.raises(StrategyNotFound, match="__main__"):
            load_strategy(f"{script}:Mine")
        refuse_while_loading("trad.train")  # allowed again once the file was loaded, or was not
        assert jobs() == []
