"""Says in one line what went wrong in a file of the user's, and where."""

import textwrap
from collections.abc import Collection
from inspect import unwrap
from pathlib import Path
from types import TracebackType

_LONGEST = 500


def described(error: BaseException, files: Collection[str] = ()) -> str:
    """Describe an error with its place: `ZeroDivisionError: division by zero (mine.py, line 12, in rate)`.

    Args:
        error: What was raised.
        files: The user's own files, as tracebacks name them: the place is the innermost one in them.
            Without such a place the error stands alone.
    """
    name = type(error).__name__
    said: str
    place: str | None
    if isinstance(error, SyntaxError) and error.lineno is not None:
        said, place = error.msg, f"{Path(error.filename or '').name}, line {error.lineno}"
    else:
        said, place = str(error), _place(error.__traceback__, files)
    said = textwrap.shorten(said, _LONGEST, placeholder=" ...")
    return (f"{name}: {said}" if said else name) + (f" ({place})" if place else "")


def _place(trace: TracebackType | None, files: Collection[str]) -> str | None:
    place = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in files:
            place = f"{Path(code.co_filename).name}, line {trace.tb_lineno}, in {code.co_name}"
        trace = trace.tb_next
    return place


def files_of(cls: type, above: type) -> set[str]:
    """Return the files that hold the methods of `cls` and of its bases below `above`.

    Taken from the compiled code, so that it holds for notebooks and for files that have moved, too.
    """
    bases = (base for base in cls.__mro__ if issubclass(base, above) and base is not above)
    methods = (part for base in bases for part in vars(base).values() if callable(part))
    codes = (getattr(unwrap(method), "__code__", None) for method in methods)
    return {code.co_filename for code in codes if code is not None}
