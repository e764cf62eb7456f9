"""What a worker asks of the system."""

import subprocess
import sys

import pytest

_TOUCH = """
import resource, sys
import numpy as np
from trad.executors.limits import keep_freed_memory

if sys.argv[1] == "kept":
    keep_freed_memory()


def touch() -> None:
    np.empty(1 << 20).fill(1.0)


touch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    touch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _faults(how: str) -> int:
    command = [sys.executable, "-c", _TOUCH, how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked")
def test_memory_that_was_freed_is_not_asked_for_anew() -> None:
    # 8 MB are 2,048 pages, fewer where the system hands out huge ones.
    assert _faults("kept") * 10 < _faults("given back")
