"""The command line, run inside the test's own process."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from trad.cli.app import main
from trad.service.planning import TrainRequest, plan_job
from trad.settings import read_settings
from trad.storage.ledger import open_ledger
from trad.training.job import Job

SAMPLE = "sample:minute?candles=3000"


class Answer(NamedTuple):
    """What a command left behind."""

    code: int | str | None
    out: str
    err: str


Run = Callable[..., Answer]
Refused = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `trad` with the arguments given."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_trad(*args: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["trad", *(str(arg) for arg in args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Answer(ended.value.code, out, err)

    return run_trad


@pytest.fixture
def refused(run: Run) -> Refused:
    """Run a command that must be refused: exit code 2, one message on stderr, nothing else."""

    def run_refused(*args: object) -> str:
        code, out, err = run(*args)
        assert (code, out) == (2, ""), err
        assert "Traceback" not in err
        assert err.startswith("error: ")
        assert err.count("error: ") == 1
        return err.removeprefix("error: ").rstrip("\n")

    return run_refused


@pytest.fixture
def queued() -> Callable[..., Job]:
    """Add a job to the ledger that nobody has run yet."""

    def add(strategy: str = "sma_cross", data: str = SAMPLE, episodes: int = 3) -> Job:
        settings = read_settings()
        request = TrainRequest(strategy=strategy, data=data, optimizer="random", episodes=episodes)
        planned = plan_job(request, settings)
        with open_ledger(settings.database) as ledger:
            return ledger.create(planned.spec)

    return add


@pytest.fixture
def completed(run: Run) -> str:
    """Train a small job to its end and return its id."""
    code, out, _ = run("train", "sma_cross", "--data", SAMPLE, "-n", "3", "-w", "0", "--json", "--quiet")
    assert code == 0
    job_id = json.loads(out)["job_id"]
    assert isinstance(job_id, str)
    return job_id


@pytest.fixture
def source(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file of the test's own."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
