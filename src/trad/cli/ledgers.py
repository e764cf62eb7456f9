"""The ledger, opened for one command."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from trad.errors import InputError
from trad.service.documents import job_document
from trad.settings import read_settings
from trad.storage.ledger import open_ledger
from trad.training.job import JOB_STATES, Job, JobState
from trad.training.ledger import JobLedger


@contextmanager
def ledger() -> Iterator[JobLedger]:
    """Open the ledger of the settings for the time of a block."""
    with open_ledger(read_settings().database) as opened:
        yield opened


def checked_states(given: Sequence[str]) -> list[JobState]:
    """Return the states named.

    Raises:
        InputError: One is no state.
    """
    known = {state: state for state in JOB_STATES}
    for name in given:
        if name not in known:
            raise InputError(f"state was {name!r}; it is one of {', '.join(JOB_STATES)}")
    return [state for state in JOB_STATES if state in given]


def answer(job: Job, *, as_json: bool) -> None:
    """Say how the job stands after what was asked of it."""
    if as_json:
        typer.echo(json.dumps(job_document(job), indent=2, allow_nan=False))
        return
    if job.request is not None:
        typer.echo(f"asked job {job.id} to {job.request}; its worker hears of it within a second")
    else:
        typer.echo(f"job {job.id} is {job.state}")
