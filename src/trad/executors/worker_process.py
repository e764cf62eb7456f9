"""One worker process, seen from the trainer: started, spoken to, watched, killed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from trad.errors import ExecutorError
from trad.executors import messages
from trad.training.board import ProgressBoard
from trad.training.episode import EpisodePlan, EpisodeSpec


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class WorkerProcess:
    """A process of its own, not a fork: it inherits four descriptors and nothing else.

    The user's script is not imported a second time, and no lock of this process is copied in a locked
    state. What strategies print goes to `output`, not between the bars.

    Raises:
        ExecutorError: The system starts no process, or `output` cannot be written to.
    """

    def __init__(self, slot: int, board: ProgressBoard, output: Path | None) -> None:
        self.slot = slot
        self.ready = False
        self.warming = False
        self.outstanding: dict[int, EpisodeSpec] = {}
        ours, theirs = socket.socketpair()
        their_lifeline, our_lifeline = os.pipe()
        fds = (theirs.fileno(), their_lifeline, board.fd)
        arguments = [*map(str, fds), str(slot), str(board.slots)]
        try:
            with open(output or os.devnull, "ab", opener=_private) as stream:
                # -P keeps the folder that the user happens to be in from hiding modules that Trad needs.
                self.process = subprocess.Popen(  # noqa: S603 - this interpreter, and numbers of descriptors
                    [sys.executable, "-P", "-m", "trad.executors.episode_worker", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=stream,
                    pass_fds=fds,
                )
        except OSError as error:
            os.close(our_lifeline)
            ours.close()
            raise ExecutorError(f"worker process {slot + 1} cannot be started: {error}") from error
        finally:
            theirs.close()
            os.close(their_lifeline)
        self._lifeline: int | None = our_lifeline
        self.link: Connection[Any, Any] = Connection(ours.detach())

    def load(self, plan: EpisodePlan) -> bool:
        """Send the plan; False when the process is gone."""
        return self._send(messages.load_message(plan))

    def give(self, episodes: Sequence[EpisodeSpec]) -> bool:
        """Send episodes to run; False when the process is gone, and nothing was given."""
        if not self._send(messages.episodes_message(list(episodes))):
            return False
        self.outstanding.update((episode.number, episode) for episode in episodes)
        return True

    def take_back(self, running: int) -> list[EpisodeSpec]:
        """Take back every episode but the one that runs; the process may have begun one of them already.

        Its outcome then comes though nobody waits for it any more.
        """
        behind = [episode for episode in self.outstanding.values() if episode.number != running]
        if not behind or not self._send(messages.forget_message([episode.number for episode in behind])):
            return []
        for episode in behind:
            del self.outstanding[episode.number]
        return behind

    def _send(self, message: messages.Message) -> bool:
        try:
            messages.send(self.link, message)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def receive(self) -> messages.Message | None:
        """Read one message; None when the process is gone, even in the middle of one."""
        try:
            return messages.receive(self.link)
        except (EOFError, OSError):
            return None

    def settle(self, number: int) -> bool:
        """Strike an episode off what is outstanding; False where it was not."""
        return self.outstanding.pop(number, None) is not None

    @property
    def was_killed(self) -> bool:
        """Whether it ended by SIGKILL, which no program does to itself by mistake."""
        return self.process.returncode == -signal.SIGKILL

    def kill(self) -> None:
        """End the process now, whatever it does."""
        self.process.kill()

    def close(self) -> str:
        """Wait for the process's end and free what it held; say how it ended. May be called again."""
        self.link.close()
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        code = self.process.wait()
        if code >= 0:
            return f"its process ended with exit code {code}"
        return f"its process was killed by {signal.Signals(-code).name}"
