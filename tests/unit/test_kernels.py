"""Kernels: what they load, and what they leave alone."""

import subprocess
import sys
from pathlib import Path

OURS = """
import sys
import numpy as np
from trad import Candles, backtest
from trad.strategies.sma_cross import SmaCross
walk = np.linspace(100.0, 110.0, 500)
times = np.arange(500) * np.timedelta64(60_000, "ms") + np.datetime64(0, "ms")
backtest(Candles(times, walk, walk + 1, walk - 1, walk, walk), SmaCross())
sys.exit("scipy.linalg" in sys.modules)
"""

THEIRS = """
import sys
import numba, numpy as np
import trad.kernels
assert "scipy.linalg" not in sys.modules

@numba.njit(cache=True)
def turned(matrix, vector):
    return np.dot(matrix, vector)

print(turned(np.eye(3)[::-1].copy(), np.array([1.0, 2.0, 3.0])))
"""


def test_a_backtest_does_not_load_linear_algebra() -> None:
    assert subprocess.run([sys.executable, "-c", OURS], check=False).returncode == 0


def test_a_kernel_of_the_user_s_multiplies_matrices_compiled_and_out_of_its_cache(tmp_path: Path) -> None:
    script = tmp_path / "theirs.py"
    script.write_text(THEIRS)
    for _ in range(2):
        run = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
        assert run.stdout == "[3. 2. 1.]\n"
    assert list(tmp_path.rglob("*.nbi")), "the second run found it compiled"
