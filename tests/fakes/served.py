"""`trad serve` as a process of its own, asked over its socket."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil
from tests.fakes.processes import PATIENCE, eventually

_LINK = re.compile(r"(https?://[\w.\[\]:]+:(\d+))/login\?code=(\S+)")


class Served:
    """A server on a free port; the block ends when it answers, and kills it in the end.

    Args:
        home: Its TRAD_HOME.
        options: Further options of `trad serve`.
    """

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self._options = options
        self._lines: list[str] = []

    def __enter__(self) -> Self:
        # Tests that run under nohup would hand on that a hang-up is to be ignored.
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "trad", "serve", "--port", "0", *self._options],
                env={**os.environ, "TRAD_HOME": str(self.home)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        finally:
            signal.signal(signal.SIGHUP, before)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        eventually(lambda: "stop     Ctrl-C" in self.output or self.ended, "the server")
        link = _LINK.search(self.output)
        assert link is not None, self.output
        self.link, self.url, self.port = link[0], link[1], int(link[2])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.ended:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def output(self) -> str:
        """What it has written so far."""
        return "".join(self._lines)

    @property
    def ended(self) -> bool:
        """Whether its process is gone."""
        return self.process.poll() is not None

    @property
    def token(self) -> str:
        """The token of its home."""
        return (self.home / "token").read_text().strip()

    @property
    def bearer(self) -> dict[str, str]:
        """The header of a program that may come in."""
        return {"Authorization": f"Bearer {self.token}"}

    def children(self) -> list[psutil.Process]:
        """Every process below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker(self) -> psutil.Process:
        """Its worker, once there is one."""
        found: list[psutil.Process] = []

        def runs() -> bool:
            found[:] = [child for child in self.children() if "--lifeline" in child.cmdline()]
            return bool(found)

        eventually(runs, "a worker")
        return found[0]

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, json: object = None
    ) -> httpx.Response:
        """Ask for something, as the holder of the token where `headers` are not given."""
        return httpx.request(
            method,
            self.url + path,
            headers=self.bearer if headers is None else headers,
            json=json,
            timeout=PATIENCE,
            verify=False,
        )

    def raw(self, request: bytes) -> bytes:
        """Send bytes, and read until the server hangs up or has answered and is silent for a second."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            answer = b""
            # A server that has heard enough hangs up while more is on its way: what it said still counts.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
                connection.sendall(request)
            with contextlib.suppress(ConnectionResetError, TimeoutError):
                while part := connection.recv(65_536):
                    answer += part
                    connection.settimeout(1)
        return answer

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)
