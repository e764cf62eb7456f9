"""One inspector's process, seen from the server: started, asked, given up."""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from multiprocessing.connection import Connection
from typing import Any

from trad.errors import InspectionFailed
from trad.executors import messages
from trad.executors.messages import Message
from trad.service.inspector_messages import read_error, settings_message
from trad.settings import Settings

_MOST_KNOWN = 16


class InspectorProcess:
    """A process of its own, not a fork: it inherits two descriptors and nothing else.

    Used by one thread at a time, but for `kill`. That thread must outlive the process: the system ends it
    together with the thread that started it.

    Raises:
        InspectionFailed: The system starts no process.
    """

    def __init__(self, settings: Settings) -> None:
        self._ready = False
        self.answered = 0
        self._known: deque[str] = deque(maxlen=_MOST_KNOWN)
        ours, theirs = socket.socketpair()
        their_lifeline, our_lifeline = os.pipe()
        fds = (theirs.fileno(), their_lifeline)
        try:
            # -P keeps the folder that the user happens to be in from hiding modules that Trad needs.
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and numbers of descriptors
                [sys.executable, "-P", "-m", "trad.service.inspector_worker", *map(str, fds)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=fds,
            )
        except OSError as error:
            os.close(our_lifeline)
            ours.close()
            raise InspectionFailed(f"the process that reads strategies cannot be started: {error}") from error
        finally:
            theirs.close()
            os.close(their_lifeline)
        self._lifeline: int | None = our_lifeline
        self._link: Connection[Any, Any] = Connection(ours.detach())
        self._tell(settings_message(settings))

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def knows(self, about: str) -> bool:
        """Whether it was asked about this not long ago, and is likely to have it at hand."""
        return about in self._known

    def get_ready(self, seconds: float) -> None:
        """Wait until the process has loaded its libraries.

        Raises:
            InspectionFailed: It is gone, or not ready after so many seconds.
        """
        if not self._ready:
            self._hear(seconds, "was not ready")
            self._ready = True

    def ask(self, question: Message, seconds: float, about: str = "") -> Any:
        """Put a question and return its answer.

        Args:
            question: As `inspector_messages` writes it.
            seconds: How long it may take.
            about: Names what the process keeps at hand for the next question of the same name, such as a
                run; empty for nothing.

        Raises:
            InspectionFailed: The process is gone, or has not answered after so many seconds.
            TradError: The answer is an error.
        """
        self._tell(question)
        reply = self._hear(seconds, "gave no answer")
        if not self.knows(about):
            self.answered += 1
            if about:
                self._known.append(about)
        if "error" in reply:
            raise read_error(reply)
        return reply["answer"]

    def _tell(self, message: Message) -> None:
        try:
            messages.send(self._link, message)
        except OSError:
            raise InspectionFailed(f"the process that reads strategies is gone: {self._end()}") from None

    def _hear(self, seconds: float, missed: str) -> Message:
        try:
            if self._link.poll(seconds):
                return messages.receive(self._link)
        except (EOFError, OSError):
            raise InspectionFailed(f"the process that reads strategies ended: {self._end()}") from None
        raise InspectionFailed(f"the process that reads strategies {missed} within {seconds:g} s")

    def kill(self) -> None:
        """End the process now, whatever it does; callable from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process and free what it held. May be called again."""
        self.kill()
        self._link.close()
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        self._process.wait()

    def _end(self) -> str:
        """Say how the process ended."""
        code = self._process.wait(timeout=5)
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
