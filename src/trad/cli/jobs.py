"""`trad jobs`: look at jobs, and stop, resume or delete them."""

import json
from typing import Annotated

import typer

from trad.cli.options import AsJson, JobId, Quiet, Workers

app = typer.Typer(help="Jobs: look at them, stop them, resume them.", no_args_is_help=True)

# Every command below loads the ledger when it runs (SQLAlchemy: most of a second).


@app.command("list")
def list_(
    as_json: AsJson = False,
    state: Annotated[list[str] | None, typer.Option(help="Only jobs in this state; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")] = 50,
) -> None:
    """List jobs, newest first."""
    from trad.cli.jobs_report import print_jobs
    from trad.cli.ledgers import checked_states
    from trad.cli.surroundings import Surroundings, storage
    from trad.service.documents import job_document

    with storage() as open_:
        found = open_.ledger.jobs(states=checked_states(state or []), limit=limit)
        conditions = Surroundings(open_).conditions(found)
    if as_json:
        rows = [job_document(job, conditions.get(job.id)) for job in found]
        typer.echo(json.dumps(rows, indent=2, allow_nan=False))
    elif found:
        print_jobs(found, conditions)
    else:
        typer.echo("No jobs yet. Start one: trad train sma_cross --data sample:minute")


@app.command()
def show(job_id: JobId, as_json: AsJson = False) -> None:
    """Show one job: its state, its best configuration, and what to do next."""
    from rich.console import Console

    from trad.cli.report import job_report
    from trad.cli.surroundings import Surroundings, storage
    from trad.service.documents import job_document, result_document

    with storage() as open_:
        job = open_.ledger.job(job_id)
        condition = Surroundings(open_).condition(job)
        if as_json:
            document = {**job_document(job, condition), **result_document(open_.ledger, job)}
            typer.echo(json.dumps(document, indent=2, allow_nan=False))
        else:
            job_report(Console(), open_.ledger, job, condition)


@app.command()
def watch(job_id: JobId, as_json: AsJson = False) -> None:
    """Show the progress of a job that another process runs, until it ends."""
    from trad.cli.edges import interruptible
    from trad.cli.surroundings import storage
    from trad.cli.watching import watch_job

    with interruptible(), storage() as open_:
        watch_job(open_, job_id, as_json=as_json)


@app.command()
def cancel(job_id: JobId, as_json: AsJson = False) -> None:
    """Ask a job to stop for good; what it recorded stays."""
    from trad.cli.ledgers import answer, ledger

    with ledger() as open_:
        answer(open_.request(open_.job(job_id).id, "cancel"), as_json=as_json)


@app.command()
def pause(job_id: JobId, as_json: AsJson = False) -> None:
    """Ask a job to stop for now."""
    from trad.cli.ledgers import answer, ledger

    with ledger() as open_:
        answer(open_.request(open_.job(job_id).id, "pause"), as_json=as_json)


@app.command()
def resume(
    job_id: JobId,
    workers: Workers = None,
    detach: Annotated[bool, typer.Option("--detach", help="Leave it in the queue for a worker.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a stopped job here to its end; its fingerprint is that of a run without a stop."""
    if detach:
        _detach(job_id, as_json=as_json)
        return
    # What they load `trad jobs --help` should not, see `trad train`.
    from trad.cli.early_workers import early_workers

    with early_workers(workers) as executor:
        from trad.cli.session import Session

        with Session(quiet=quiet, as_json=as_json) as session:
            session.finish(session.resume(job_id, executor))


def _detach(job_id: str, *, as_json: bool) -> None:
    from contextlib import closing

    from trad.cli.ledgers import answer
    from trad.cli.surroundings import storage
    from trad.service.hints import open_hints
    from trad.service.submitting import resume
    from trad.settings import read_settings

    with storage() as open_, closing(open_hints(read_settings())) as hints:
        answer(resume(open_, open_.ledger.job(job_id).id, hints), as_json=as_json)


@app.command()
def delete(job_id: JobId, as_json: AsJson = False) -> None:
    """Delete a job and its episodes."""
    from trad.cli.ledgers import ledger

    with ledger() as open_:
        found = open_.job(job_id)
        open_.delete(found.id)
    typer.echo(json.dumps({"job_id": found.id, "deleted": True}) if as_json else f"deleted {found.id}")
