"""What ends a worker: Ctrl-C, SIGTERM, or the end of whoever started it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from types import FrameType


class Ended(KeyboardInterrupt):
    """SIGTERM: an interrupt that somebody else than the one at the keyboard wants."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt and SIGTERM `Ended`, once; the rest is left to clean up in peace."""

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's shape
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Ended if number == signal.SIGTERM else KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_with(lifeline: int) -> None:
    """End this process at once when the pipe's other end is gone; its own processes end with it.

    Args:
        lifeline: The descriptor of the pipe's reading end, to which nothing is ever written.
    """
    os.set_inheritable(lifeline, False)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    Thread(target=watch, name="trad-lifeline", daemon=True).start()
