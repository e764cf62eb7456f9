"""A real Postgres server for tests: its own folder, its own Unix socket, stopped and killed at will."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Literal

import psycopg
from tests.fakes.processes import as_user, eventually, stopped

Stop = Literal["smart", "fast", "immediate"]
_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum_naptime": "10s",
    "logging_collector": "off",
}
_USER = "trad"


def find_postgres() -> Path | None:
    """Return the folder of Postgres's programs: the newest of Debian's, or the PATH's; None without."""
    ours = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = sorted(ours, key=lambda path: float(path.parents[1].name))
    found = newest[-1] if newest else shutil.which("postgres")
    folder = Path(found).resolve().parent if found else None
    return folder if folder is not None and (folder / "initdb").exists() else None


class PostgresServer:
    """One server below a temporary folder; root runs it as the user `postgres`, since it refuses root.

    Its databases outlive `stop`, `kill` and `restart`, as they would on a disk.
    """

    def __init__(self, programs: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="trad-pg-", dir="/tmp"))  # a socket's path is short
        self._programs = programs
        self._owner = _unprivileged() if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        if self._owner is not None:
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        command: list[str | Path] = [programs / "initdb", "-D", self._data, "-U", _USER, "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            command, capture_output=True, text=True, cwd=self.folder, check=False, **as_user(self._owner)
        )
        assert made.returncode == 0, made.stderr

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        """What the server has said so far."""
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def url(self, database: str) -> str:
        """Return the URL of a database, as `TRAD_DATABASE_URL` takes it."""
        return f"postgresql://{_USER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start the server and wait until it answers; after a kill this includes its recovery."""
        if self._server is not None and self._server.poll() is None:
            return
        deadline = time.monotonic() + 60
        while True:
            self._launch()
            if self._answers(deadline):
                return
            # The children of a killed server need a moment to notice, and it does not start beside them.
            assert time.monotonic() < deadline, self.log[-2000:]
            time.sleep(0.1)

    def stop(self, how: Stop = "immediate") -> None:
        """Stop the server: `fast` ends its sessions in good order, `immediate` drops them."""
        if self._server is not None:
            self._server.send_signal(_SIGNALS[how])
            stopped(self._server)
            self._server = None

    def kill(self) -> None:
        """Kill the server with -9; its sessions end as soon as they notice."""
        if self._server is not None:
            self._server.kill()
            stopped(self._server)
            self._server = None

    def restart(self, how: Stop = "fast") -> None:
        """Stop the server and start it again."""
        self.stop(how)
        self.start()

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database for a block and yield its URL; it is dropped afterwards."""
        name = f"trad_{next(self._names)}"
        self._say(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.start()
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self) -> None:
        settings = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
        program = self._programs / "postgres"
        command: list[str | Path] = [program, "-D", self._data, "-k", self.folder, *settings]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C belongs to the tests
                **as_user(self._owner),
            )

    def _answers(self, deadline: float) -> bool:
        """Wait for an answer; return False when the server gave up instead."""
        server = self._server
        assert server is not None

        def answered() -> bool:
            try:
                self._say("SELECT 1")
            except psycopg.OperationalError:
                return server.poll() is not None
            return True

        eventually(answered, "Postgres to answer", deadline - time.monotonic())
        return server.poll() is None

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def _unprivileged() -> pwd.struct_passwd:
    """Return the user that Debian's package makes, or else the one that owns nothing."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
