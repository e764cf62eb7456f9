"""Where the program meets the shell: exit codes, messages, signals."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from trad.errors import InputError, JobBusy, TradError, TransitionError
from trad.service.visible import visible

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130


def exit_code(error: TradError) -> int:
    """Return 2 for what the user can put right by asking differently, 1 for what went wrong."""
    return WRONG if isinstance(error, (InputError, JobBusy, TransitionError)) else FAILED


def complain(message: str) -> None:
    """Write an error to stderr, with control characters made visible."""
    sys.stderr.write(f"error: {visible(message)}\n")


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt once; what follows is left to clean up in peace."""

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's shape
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def forget(stream: TextIO) -> None:
    """Point a stream whose reader went away nowhere, so that nothing written to it fails from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
