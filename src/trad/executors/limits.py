"""What the operating system is asked to hold a worker to."""

import ctypes
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to kill this process when the one that started it is gone.

    Works even inside a C loop that lets no Python thread run; elsewhere the lifeline has to do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_memory(extra: int) -> None:
    """Let this process's own data grow by at most `extra` bytes; more raises MemoryError.

    Candles are mapped from a file and do not count. On systems without `/proc` nothing is limited.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmData:"))
    used = int(line.split()[1]) * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (used + extra, hard))
