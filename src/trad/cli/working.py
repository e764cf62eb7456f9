"""A worker from the command line: what it needs is opened, and what it does is said on stderr."""

from collections.abc import Sequence
from contextlib import ExitStack, closing

import typer
from sqlalchemy import make_url

from trad.cli.lines import StderrLines
from trad.progress import ProgressSink
from trad.service.hints import open_hints
from trad.service.logs import configure_logging
from trad.service.reconciler import Reconciler
from trad.service.running import worker_identity
from trad.service.starting import checked_workers
from trad.service.visible import visible
from trad.service.worker import ServiceWorker, unwatched
from trad.settings import Settings, read_settings
from trad.storage.failures import shown
from trad.storage.opening import Storage, open_storage
from trad.training.job import Claim
from trad.training.outage import Outage, patiently


def work(processes: int | None, *, quiet: bool) -> None:
    """Run the jobs that wait until an interrupt.

    Args:
        processes: How many episodes run at the same time; None is one for each core.
        quiet: Say nothing on stderr.
    """
    settings = read_settings()
    configure_logging(settings)
    count = checked_workers(processes)
    with ExitStack() as stack:
        hints = stack.enter_context(closing(open_hints(settings)))
        storage = _opened(stack, settings, quiet=quiet)
        _say(
            f"worker {worker_identity()}: database {shown(make_url(settings.database))}, "
            f"home {settings.home}, {count} {'process' if count == 1 else 'processes'}",
            quiet=quiet,
        )
        stack.enter_context(Reconciler(storage.browser, hints))
        watch = unwatched if quiet else _lines
        ServiceWorker(storage, settings, processes=count, hints=hints, watch=watch).run()


def _opened(stack: ExitStack, settings: Settings, *, quiet: bool) -> Storage:
    """Open the database, waiting for it where it does not answer yet."""
    outage = Outage()
    told: list[str] = []

    def say_why() -> None:
        if not told and outage.note is not None:
            told.append(outage.note)
            _say(f"waiting: {outage.note}", quiet=quiet)

    return patiently(
        lambda: stack.enter_context(open_storage(settings.database)), outage, "opening", meanwhile=say_why
    )


def _lines(claim: Claim) -> Sequence[ProgressSink]:
    typer.echo(visible(f"job {claim.job_id}: {claim.spec.strategy}, attempt {claim.attempt}"), err=True)
    return (StderrLines(),)


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(visible(text), err=True)
