"""Strategies in a Python file of the user's."""

import importlib.machinery
import importlib.util
import inspect
import itertools
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from trad.errors import InputError, StrategyNotFound
from trad.strategies.faults import described
from trad.strategies.strategy import Strategy

_PREFIX = "_trad_strategy_file"
_numbers = itertools.count(1)
_loading = threading.RLock()
_at_hand: ContextVar[Path | None] = ContextVar("trad_strategy_file", default=None)
"""The file that this thread is executing at the moment, to find a strategy in it."""


class _UncachedSource(importlib.machinery.SourceFileLoader):
    """Compiles the file as it stands: kept bytecode would hide a change within a second, of one size."""

    def path_stats(self, path: str) -> NoReturn:
        """Keep the import system from looking for bytecode, and from writing any."""
        raise OSError(path)


def load_class(path: Path, name: str | None = None) -> type[Strategy]:
    """Execute the file as a fresh module and return its strategy `name`, or the only one it holds.

    Every load makes a new module under a private name in `sys.modules`, so that a changed file takes
    effect and two files may have the same name. Modules beside the file can be imported while it loads;
    those are shared, as Python's imports are.

    Raises:
        StrategyNotFound: The file cannot be read, fails to import, or holds no such strategy.
    """
    module = _load_module(path)
    if name is None:
        classes = _strategies_of(module, path)
        if len(classes) > 1:
            named = ", ".join(f"{path.name}:{name}" for name in classes)
            raise StrategyNotFound(f"{path} holds {len(classes)} strategies; say which one: {named}")
        return next(iter(classes.values()))
    if name not in vars(module):
        classes = _strategies_of(module, path)
        hint = " or ".join(get_close_matches(name, classes, n=1) or classes)
        raise StrategyNotFound(f"{path} has no class {name}; did you mean {hint}?")
    return checked_class(vars(module)[name], f"{path}:{name}")


def load_classes(path: Path) -> dict[str, type[Strategy]]:
    """Execute the file as `load_class` does and return its strategies by name, in the order they stand.

    Raises:
        StrategyNotFound: The file cannot be read, fails to import, or holds no strategy.
    """
    return _strategies_of(_load_module(path), path)


def _load_module(path: Path) -> ModuleType:
    name = f"{_PREFIX}_{next(_numbers)}_{re.sub(r'[^0-9A-Za-z]', '_', path.stem)}"
    loader = _UncachedSource(name, str(path))
    spec = importlib.machinery.ModuleSpec(name, loader, origin=str(path))
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    with _importable(path.parent):
        sys.modules[name] = module
        outer = _at_hand.set(path)
        try:
            loader.exec_module(module)
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise _unloadable(path, error) from error
        finally:
            _at_hand.reset(outer)
    return module


def refuse_while_loading(call: str) -> None:
    """Refuse what a script does when it is run, while its file is only loaded for a strategy in it.

    A worker that loads the script that started it would otherwise start it over, and so on for ever.

    Args:
        call: What the script called, such as `trad.train`.

    Raises:
        InputError: A strategy file is being loaded in this thread.
    """
    if _at_hand.get() is not None:
        raise InputError(
            f"{call} was called while the file was loaded to find a strategy in it; put the call under "
            f'`if __name__ == "__main__":`, so that it happens when the file is run and not when it is loaded'
        )


def checked_class(found: object, reference: str) -> type[Strategy]:
    """Return `found` if it is a strategy that can run.

    Raises:
        StrategyNotFound: It is something else, or has no `generate_signals`.
    """
    if not isinstance(found, type):
        kind = type(found).__name__
        raise StrategyNotFound(f"{reference} is a {kind}; a strategy is a class that extends trad.Strategy")
    if not issubclass(found, Strategy):
        raise StrategyNotFound(
            f"{reference} does not extend trad.Strategy; write class {found.__name__}(Strategy)"
        )
    if inspect.isabstract(found) or not callable(found.generate_signals):
        raise StrategyNotFound(
            f"{reference} has no generate_signals; a strategy defines generate_signals(self, candles)"
        )
    return found


def _strategies_of(module: ModuleType, path: Path) -> dict[str, type[Strategy]]:
    """Return the strategies that a module defines itself and that can run; one at least."""
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    strategies = [value for value in own if issubclass(value, Strategy)]
    able = {value.__name__: value for value in strategies if not inspect.isabstract(value)}
    if able:
        return able
    for value in strategies or own:
        checked_class(value, f"{path}:{value.__name__}")  # says what the first one lacks
    raise StrategyNotFound(f"{path} holds no strategy; define a class that extends trad.Strategy")


def _unloadable(path: Path, error: BaseException) -> StrategyNotFound:
    if isinstance(error, OSError) and error.filename == str(path):
        return StrategyNotFound(f"{path} cannot be read: {error.strerror}; give a file that can be")
    return StrategyNotFound(
        f"{path} fails to load: {described(error, {str(path)})}; mend the file and try again"
    )


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let modules in `folder` be imported, one load at a time."""
    with _loading:
        sys.path.insert(0, str(folder))
        try:
            yield
        finally:
            sys.path.remove(str(folder))
