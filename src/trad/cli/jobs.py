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
    from trad.cli.ledgers import checked_states, ledger
    from trad.service.documents import job_document

    with ledger() as open_:
        found = open_.jobs(states=checked_states(state or []), limit=limit)
    if as_json:
        typer.echo(json.dumps([job_document(job) for job in found], indent=2, allow_nan=False))
    elif found:
        print_jobs(found)
    else:
        typer.echo("No jobs yet. Start one: trad train sma_cross --data sample:minute")


@app.command()
def show(job_id: JobId, as_json: AsJson = False) -> None:
    """Show one job: its state, its best configuration, and what to do next."""
    from rich.console import Console

    from trad.cli.ledgers import ledger
    from trad.cli.report import job_report
    from trad.service.documents import job_document, result_document

    with ledger() as open_:
        job = open_.job(job_id)
        if as_json:
            document = {**job_document(job), **result_document(open_, job)}
            typer.echo(json.dumps(document, indent=2, allow_nan=False))
        else:
            job_report(Console(), open_, job)


@app.command()
def watch(job_id: JobId, as_json: AsJson = False) -> None:
    """Show the progress of a job that another process runs, until it ends."""
    from trad.cli.edges import interruptible
    from trad.cli.ledgers import ledger
    from trad.cli.watching import watch_job

    with interruptible(), ledger() as open_:
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
    from trad.cli.ledgers import answer, ledger
    from trad.cli.session import Session

    if detach:
        with ledger() as open_:
            answer(open_.requeue(open_.job(job_id).id), as_json=as_json)
        return
    with Session(quiet=quiet, as_json=as_json) as session:
        session.finish(session.resume(job_id, workers))


@app.command()
def delete(job_id: JobId, as_json: AsJson = False) -> None:
    """Delete a job and its episodes."""
    from trad.cli.ledgers import ledger

    with ledger() as open_:
        found = open_.job(job_id)
        open_.delete(found.id)
    typer.echo(json.dumps({"job_id": found.id, "deleted": True}) if as_json else f"deleted {found.id}")
