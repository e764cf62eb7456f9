"""The running server: the app and its parts, one event loop, and how it ends."""

import contextlib
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from types import FrameType

import structlog
import uvicorn

from trad.errors import InputError, LedgerUnavailable, TradError
from trad.server.app import create_app
from trad.server.events.connection import StreamingProtocol
from trad.server.events.feed import EventFeed
from trad.server.gate import Gate
from trad.server.listening import Listener
from trad.server.state import ServerState
from trad.service.hints import open_hints
from trad.service.inspector_pool import ProcessInspector
from trad.service.supervisor import Supervisor, worker_command
from trad.settings import Settings
from trad.storage.opening import Storage, open_storage
from trad.training.outage import Outage, patiently

_GRACE_SECONDS = 1
"""What requests under way are given to end; streams end by themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """The files that TLS needs, in PEM form."""

    chain: Path
    key: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerPlan:
    """The workers beside the server.

    Attributes:
        count: How many.
        processes: How many episodes each runs at once; None is one for each core.
    """

    count: int
    processes: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcements:
    """Told what happens.

    Attributes:
        ready: The server answers.
        trouble: A worker ended and is started again, or the database is waited for, in one sentence.
        stopping: The end has begun.
    """

    ready: Callable[[], None]
    trouble: Callable[[str], None]
    stopping: Callable[[], None]


class Server(uvicorn.Server):
    """uvicorn's server; a signal ends it in good order and is remembered, not raised again.

    Args:
        ready: Called when it answers.
        stopping: Called when it begins to stop.
    """

    def __init__(
        self, config: uvicorn.Config, *, ready: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping
        self.ended_by: int | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop, and let what stands beside the server stop meanwhile."""
        self._stopping()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's shape
        """Take a signal; a second Ctrl-C does not wait for requests any more."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.ended_by = self.ended_by or sig
        self.should_exit = True


def serve(
    listener: Listener,
    gate: Gate,
    settings: Settings,
    *,
    workers: WorkerPlan,
    certificate: Certificate | None,
    announcements: Announcements,
) -> int | None:
    """Run the service until a signal ends it; return the signal's number.

    Raises:
        InputError: The certificate or its key cannot be used.
        TradError: The database cannot be used, or the server does not start.
    """
    with contextlib.ExitStack() as closing:
        storage = _opened(closing, settings, announcements.trouble)
        hints = closing.enter_context(contextlib.closing(open_hints(settings)))
        state = ServerState(
            settings=settings,
            storage=storage,
            inspector=ProcessInspector(settings),
            hints=hints,
            gate=gate,
        )
        config = _config(state, certificate)
        closing.enter_context(EventFeed(storage.browser, state.outlook.surroundings, state.hub))
        supervisor = closing.enter_context(
            Supervisor(worker_command(workers.processes), workers.count, settings, announcements.trouble)
        )

        def stopping() -> None:
            supervisor.begin_stop()
            announcements.stopping()

        server = Server(config, ready=announcements.ready, stopping=stopping)
        _run(server, listener, settings)
        return server.ended_by


def _opened(closing: contextlib.ExitStack, settings: Settings, trouble: Callable[[str], None]) -> Storage:
    """Open the database, waiting for it where it does not answer yet."""
    told: list[str] = []

    def opened() -> Storage:
        try:
            return closing.enter_context(open_storage(settings.database))
        except LedgerUnavailable as error:
            if not told:
                told.append(str(error))
                trouble(f"waiting for the database: {error}")
            raise

    return patiently(opened, Outage(), "opening")


def _run(server: Server, listener: Listener, settings: Settings) -> None:
    log = settings.home / "logs" / "trad.log"
    before = signal.getsignal(signal.SIGHUP)
    if before is signal.SIG_DFL:  # under nohup it is ignored, and stays so
        signal.signal(signal.SIGHUP, server.handle_exit)
    try:
        server.run([listener.socket])
    except SystemExit:
        raise TradError(f"the server did not start; {log} says why") from None
    finally:
        signal.signal(signal.SIGHUP, before)


def _config(state: ServerState, certificate: Certificate | None) -> uvicorn.Config:
    config = uvicorn.Config(
        create_app(state),
        http=StreamingProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # addresses can hold a login code
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=None if certificate is None else certificate.chain,
        ssl_keyfile=None if certificate is None else certificate.key,
    )
    _log_to_file()
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        if certificate is None:
            raise
        raise InputError(
            f"the certificate {certificate.chain} and the key {certificate.key} cannot be used: "
            f"{error.strerror or error}; both are PEM files, and belong together"
        ) from None
    return config


class _InOurLog(logging.Handler):
    """Writes what a library logs as a line of the program's own log: escaped, and not to the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        structlog.stdlib.get_logger("trad.server").log(
            record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info
        )


def _log_to_file() -> None:
    # A log that cannot be written, on a full disk, would fill the terminal with tracebacks.
    logging.raiseExceptions = False
    for name in ("uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers = [_InOurLog()]
        logger.setLevel(logging.WARNING)
        logger.propagate = False
