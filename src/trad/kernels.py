"""The one way in which Trad's own kernels are compiled and kept."""

import hashlib
import importlib
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numba.core.config as numba_config
import platformdirs

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent


def _cache_folder() -> str:
    """Name a folder after what all kernels say together.

    Numba looks at a kernel's own file alone to see whether its compiled form is out of date; a change in
    a kernel that it calls, or in a constant, would go unnoticed and give yesterday's results.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(_PACKAGE.rglob("*_nb.py")):
        digest.update(source.read_bytes())
    base = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("trad", appauthor=False)
    return str(Path(base) / f"kernels-{digest.hexdigest()[:16]}")


CACHE_FOLDER = _cache_folder()


def _load_array_functions() -> None:
    """Load Numba's functions of arrays, as the first kernel would, without SciPy's linear algebra.

    They load it, a third of a second in every process, only to know whether it is there. No kernel of
    ours multiplies matrices; one of a strategy that does loads it when it is compiled or called. A Numba
    that goes about it in another way loads what it likes.
    """
    linalg = importlib.import_module("numba.np.linalg")
    ensure = getattr(linalg, "ensure_blas", None)
    if ensure is None or find_spec("scipy") is None:
        return
    linalg.ensure_blas = lambda: None  # type: ignore[attr-defined]  # not known to be one of Numba's names
    try:
        arrays = importlib.import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = ensure  # type: ignore[attr-defined]
    arrays.ensure_blas = ensure  # type: ignore[attr-defined]


_load_array_functions()


def kernel(function: Kernel) -> Kernel:
    """Compile `function` on its first call and keep the result on disk for the next process.

    Without the GIL, with NumPy's rules for division, without fastmath: the last bit is the same on
    every CPU.
    """
    before = numba_config.CACHE_DIR  # type: ignore[attr-defined]  # Numba sets its names at run time
    numba_config.CACHE_DIR = CACHE_FOLDER  # type: ignore[attr-defined]
    try:
        return cast("Kernel", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    finally:
        numba_config.CACHE_DIR = before  # type: ignore[attr-defined]


def borrowing(function: Kernel) -> Kernel:
    """Compile a kernel that other kernels call, and that counts no references to its arrays.

    Numba counts one up and down, atomically, wherever an array gets another name, as each argument of
    an inlined function does: for a trade, more than all else that is done for it. Whoever calls holds
    the arrays meanwhile, so nothing needs counting. Such a kernel must make no array and return none;
    a slice within it is fine.
    """
    # Numba's types do not know the last one.
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
    return cast("Kernel", numba.njit(**options)(function))


def inlined(function: Kernel) -> Kernel:
    """Have `function` written out in whatever kernel calls it.

    A call between kernels hands over each array as seven numbers and counts a reference: half a
    microsecond for the fills of one trade, more than all else that is done for it.
    """
    return cast("Kernel", numba.njit(nogil=True, error_model="numpy", inline="always")(function))
