"""A real Redis server for tests: on its own Unix socket, keeping nothing, wiped and killed at will."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from tests.fakes.processes import eventually, stopped


def find_redis() -> Path | None:
    """Return the server's program, or None where there is none."""
    found = shutil.which("redis-server")
    return Path(found) if found else None


class RedisServer:
    """One server below a temporary folder; it forgets all that it held when it is killed."""

    def __init__(self, program: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="trad-redis-", dir="/tmp"))  # a socket's path is short
        self._program = program
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL, as `TRAD_REDIS_URL` takes it."""
        return f"unix://{self.folder / 'socket'}?db=0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        if self._server is not None and self._server.poll() is None:
            return
        socket = self.folder / "socket"
        command: list[str | Path] = [
            self._program,
            "--port",
            "0",
            "--unixsocket",
            socket,
            "--dir",
            self.folder,
        ]
        command += ["--dir", self.folder, "--save", "", "--appendonly", "no", "--daemonize", "no"]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        eventually(self._answers, "Redis to answer", 60)

    def wipe(self) -> None:
        """Delete all that it holds."""
        with Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """Kill the server with -9."""
        if self._server is not None:
            self._server.kill()
            stopped(self._server)
            self._server = None

    def restart(self) -> None:
        """Kill the server and start it again, empty."""
        self.kill()
        self.start()

    def close(self) -> None:
        """End the server and remove its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, (self.folder / "log").read_text()
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False
