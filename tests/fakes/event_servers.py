"""Servers of the event stream: the stream alone in this process, and the whole program in its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI
from tests.fakes.event_clients import PATIENCE, EventClient, wait_until
from uvicorn.protocols.http.h11_impl import H11Protocol

from trad.server.events.connection import StreamingProtocol
from trad.server.events.hub import EventHub
from trad.server.events.limits import StreamLimits
from trad.server.events.stream import router


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamState:
    """What the route of the stream reads of a `ServerState`."""

    hub: EventHub
    streams: StreamLimits


class EventServer:
    """A real server on a port of its own, in a thread of this process, with the stream and nothing else.

    Args:
        protocol: How it speaks HTTP.
        routes: Another stream than the program's, for tests of its times.

    Attributes:
        port: On 127.0.0.1.
    """

    def __init__(
        self,
        hub: EventHub,
        *,
        limits: StreamLimits | None = None,
        protocol: type[H11Protocol] = StreamingProtocol,
        routes: APIRouter = router,
    ) -> None:
        app = FastAPI()
        app.state.trad = StreamState(hub=hub, streams=limits or StreamLimits())
        app.include_router(routes)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listening.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, http=protocol, ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})

    def __enter__(self) -> "EventServer":
        self._thread.start()
        wait_until(lambda: self._server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> float:
        """Stop as at a signal; return the seconds that took."""
        began = time.monotonic()
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._server.server_state.connections)


class ServiceProcess:
    """`trad serve`, in a process of its own.

    Args:
        home: Its TRAD_HOME.
        arguments: More of its command line.

    Attributes:
        port: On 127.0.0.1.
    """

    def __init__(self, home: Path, *arguments: str) -> None:
        self.port = 0
        self._home = home
        self._command = [sys.executable, "-m", "trad", "serve", "--port", "0", *arguments]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "ServiceProcess":
        environment = {**os.environ, "TRAD_HOME": str(self._home)}
        self._process = subprocess.Popen(
            self._command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "Trad serves http://127.0.0.1:" not in line:
            self._process.terminate()
            raise AssertionError(line + self._process.communicate()[0])
        self.port = int(line.rpartition(":")[2])
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> float:
        """Ask it to stop, as a service manager does; return the seconds that took."""
        assert self._process is not None
        began = time.monotonic()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.communicate(timeout=PATIENCE)
        finally:
            self._process.kill()
        return time.monotonic() - began

    def listen(self, last_id: str = "") -> EventClient:
        """Open its stream."""
        return EventClient(self.port, last_id=last_id, token=self.token).open()

    @property
    def token(self) -> str:
        """What opens its doors."""
        return (self._home / "token").read_text().strip()
