"""What the operating system, and its memory allocator, are asked to hold a worker to."""

import ctypes
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1

# From glibc's malloc.h; the second value is the most that the first may be on a 64-bit machine.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_KEPT = 32 << 20
_MOST_KEPT = 512 << 20


def die_with_parent() -> None:
    """Ask Linux to kill this process when the one that started it is gone.

    Works even inside a C loop that lets no Python thread run; elsewhere the lifeline has to do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def keep_freed_memory() -> None:
    """Ask glibc to keep what is freed for the next request, instead of giving it back to the system.

    Every episode frees the columns of its signals, and the next asks for as many again. Memory that comes
    anew from the system is zeroed page by page as it is touched: of a short episode that was more than half.
    Other allocators decide for themselves.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT)
        libc.mallopt(_M_TRIM_THRESHOLD, _MOST_KEPT)


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
