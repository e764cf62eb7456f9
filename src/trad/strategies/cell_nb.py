"""How a compiled kernel says where it is, and learns that it should stop.

A reporter's cell (`StageReporter.cell`) may lie in memory that another process reads. Both accesses are
atomic, so that a reader never sees half a number and the compiler neither drops nor delays them.
"""

from typing import TYPE_CHECKING, Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from trad.kernels import kernel
from trad.progress import DONE, STOP
from trad.strategies.arrays import Ints
from trad.strategies.stepping import report_interval

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["report_interval", "stop_asked_nb", "store_position_nb"]

_BYTES = 8


def _pointer(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
    """Point to the place of an array that an index names."""
    array_type = signature.args[0]
    array = context.make_array(array_type)(context, builder, arguments[0])
    place: ir.Value = cgutils.get_item_pointer(  # type: ignore[no-untyped-call]
        context, builder, array_type, array, [arguments[1]], wraparound=False
    )
    return place


def _build_store(_typing: Any, array: Any, _index: Any, _value: Any) -> Any:
    """Compile to one atomic store of an int64."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        builder.store_atomic(
            arguments[2], _pointer(context, builder, signature, arguments), "monotonic", _BYTES
        )
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), build


def _build_load(_typing: Any, array: Any, _index: Any) -> Any:
    """Compile to one atomic load of an int64."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        return builder.load_atomic(_pointer(context, builder, signature, arguments), "monotonic", _BYTES)

    return types.int64(array, types.intp), build


_atomic_store = cast("Callable[[Ints, int, int], None]", intrinsic(_build_store))
_atomic_load = cast("Callable[[Ints, int], int]", intrinsic(_build_load))


@kernel
def store_position_nb(cell: Ints, done: int) -> None:
    """Store how many candles of the stage are done."""
    _atomic_store(cell, DONE, done)


@kernel
def stop_asked_nb(cell: Ints) -> bool:
    """Say whether the stage is asked to stop."""
    return _atomic_load(cell, STOP) != 0
