"""Lines on stderr: for whoever reads them, and for nobody."""

import os
import sys

import pytest
from tests.fakes.training import FakeExecutor, claimed, spec
from tests.unit.training.runs import train

from trad.cli.lines import StderrLines
from trad.storage.memory import MemoryLedger


def test_a_reader_that_went_away_does_not_stop_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ledger = MemoryLedger()
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        job = train(ledger, claimed(ledger, spec()), FakeExecutor(), None, [StderrLines()])
        stream.write("and nothing written afterwards fails\n")
    assert job.state == "completed"
