from typing import Any

import numba
import numpy as np

from trad.kernels import kernel
from trad.strategies import cell_nb
from trad.strategies.arrays import Ints
from trad.strategies.cell_nb import stop_asked_nb, store_position_nb


@kernel
def walk_nb(cell: Ints, stop: int) -> int:
    for i in range(stop):
        store_position_nb(cell, i + 1)
        if stop_asked_nb(cell):
            return i + 1
    return stop


def test_a_kernel_leaves_its_position_in_the_cell() -> None:
    cell = np.zeros(2, np.int64)
    assert walk_nb(cell, 1_000) == 1_000
    assert cell.tolist() == [1_000, 0]


def test_a_kernel_sees_the_flag() -> None:
    cell = np.array([0, 1], dtype=np.int64)
    assert walk_nb(cell, 1_000) == 1
    assert cell.tolist() == [1, 1]


def test_a_cell_may_be_a_part_of_a_larger_board() -> None:
    board = np.zeros((3, 4), np.int64)
    store_position_nb(board[1, 1:3], 5)
    assert board.tolist() == [[0, 0, 0, 0], [0, 5, 0, 0], [0, 0, 0, 0]]


def test_the_machine_code_stores_atomically() -> None:
    # What comes from the cache cannot be looked at: compile it anew.
    fresh: Any = numba.njit(walk_nb.py_func)  # type: ignore[attr-defined]
    fresh(np.zeros(2, np.int64), 1)
    code = "".join(fresh.inspect_llvm().values())
    assert "store atomic i64" in code
    assert "load atomic i64" in code


def test_offers_the_interval_too() -> None:
    assert cell_nb.report_interval(10_000) == 156
