"""`trad serve`: the API, the dashboard and a worker, in one command."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from trad.server.listening import Listener
    from trad.server.serving import Certificate
    from trad.settings import Settings

PORT = 8400


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; other machines reach any but the default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes any free one.")] = PORT,
    workers: Annotated[
        int, typer.Option("--workers", "-w", min=0, max=64, help="Workers to run beside it; 0 for none.")
    ] = 1,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help="Episodes that each worker runs at once [default: one per core].",
            show_default=False,
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A further name that browsers may reach it by; may be repeated.",
            show_default=False,
        ),
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate for TLS, PEM.", show_default=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate's key, PEM.", show_default=False)
    ] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Print a new login link for the server that runs, and leave.")
    ] = False,
) -> None:
    """Serve the API and the dashboard, and run jobs.

    Prints a link that logs a browser in, once. Programs send the token in $TRAD_HOME/token instead:
    `Authorization: Bearer TOKEN`. Whoever is in may run the strategies that lie in the strategies folder,
    with the rights of the user who started the server.
    """
    # Loads FastAPI, SQLAlchemy and the rest: about a second that `trad --help` should not take.
    from trad.server.listening import listen
    from trad.settings import read_settings

    settings = read_settings()
    if link:
        typer.echo(_new_link(settings))
        return
    certificate = _certificate(tls_cert, tls_key)
    listener = listen(host, port, secure=certificate is not None)
    with listener.socket:
        _serve(settings, listener, certificate, allow_host or [], workers, processes)


def _new_link(settings: "Settings") -> str:
    from trad.server.gate import new_link
    from trad.server.listening import AddressNote
    from trad.server.token_file import read_token

    token = read_token(settings.home)
    return new_link(AddressNote(settings.home).read(), token)


def _certificate(chain: Path | None, key: Path | None) -> "Certificate | None":
    from trad.errors import InputError
    from trad.server.serving import Certificate

    if chain is None and key is None:
        return None
    if chain is None or key is None:
        given, missing = ("--tls-cert", "--tls-key") if key is None else ("--tls-key", "--tls-cert")
        raise InputError(f"{given} was given without {missing}; TLS needs both")
    return Certificate(chain=chain, key=key)


def _serve(
    settings: "Settings",
    listener: "Listener",
    certificate: "Certificate | None",
    names: list[str],
    workers: int,
    processes: int | None,
) -> None:
    from trad.cli.edges import DONE, INTERRUPTED
    from trad.cli.serve_report import Report
    from trad.server.gate import Gate, allowed_hosts
    from trad.server.listening import AddressNote
    from trad.server.serving import Announcements, WorkerPlan, serve
    from trad.server.token_file import read_or_make_token
    from trad.service.logs import configure_logging

    gate = Gate(
        read_or_make_token(settings.home),
        hosts=allowed_hosts(listener.address, listener.port, names, secure=listener.secure),
        secure=listener.secure,
        proxied=names,
    )
    configure_logging(settings)
    plan = WorkerPlan(count=workers, processes=processes)
    report = Report(settings, listener, gate, plan, names)
    note = AddressNote(settings.home)

    def ready() -> None:
        try:
            note.write(listener.url)
        except OSError as error:  # a full disk, perhaps: the server can do without
            report.trouble(f"`trad serve --link` will not find this server: {error}")
        report.ready()

    try:
        ended_by = serve(
            listener,
            gate,
            settings,
            workers=plan,
            certificate=certificate,
            announcements=Announcements(ready=ready, trouble=report.trouble, stopping=report.stopping),
        )
    finally:
        note.remove(listener.url)
    raise typer.Exit(INTERRUPTED if ended_by == signal.SIGINT else DONE)
