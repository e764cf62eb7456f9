"""Finds strategies by what users call them, and says what others can find a class again by."""

import hashlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from inspect import cleandoc, unwrap
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trad.errors import StrategyNotFound
from trad.strategies.built_in import BUILT_IN, built_in_hash, load_built_in, name_of_built_in
from trad.strategies.faults import described
from trad.strategies.parameters import Parameter
from trad.strategies.source_file import checked_class, load_class, load_classes
from trad.strategies.strategy import Strategy

ENTRY_POINTS = "trad.strategies"
"""The group under which an installed package names its strategies."""

_FILE = re.compile(r"(?P<path>.+\.py)(?::(?P<cls>[A-Za-z_]\w*))?")
_NAME = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,63})(?::(?P<cls>[A-Za-z_]\w*))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class StrategyReference:
    """What finds a strategy again in another process, and tells whether it is still the same.

    Attributes:
        reference: A built-in's name, `/absolute/file.py:Class`, a name in the strategies folder, or an
            entry point's name: `load_strategy` takes it.
        code_hash: sha256 of the source file's bytes; modules that it imports are not counted.
    """

    reference: str
    code_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StrategyInfo:
    """One line of the list of strategies.

    Attributes:
        name: What `load_strategy` takes.
        source: `built-in`, the file's path, or `package NAME`.
        doc: The first line of its docstring; empty without one.
        docstring: All of it, without the indentation.
        parameters: The declared parameters by name.
        error: Why it cannot be used; None when it can.
    """

    name: str
    source: str
    doc: str = ""
    docstring: str = ""
    parameters: Mapping[str, Parameter[Any]] = field(default_factory=lambda: MappingProxyType({}))
    error: str | None = None


def load_strategy(reference: str, folder: Path | None = None) -> type[Strategy]:
    """Find a strategy's class.

    Args:
        reference: `file.py:Class`, or `file.py` where the file holds one strategy; else a built-in's
            name; a name in the strategies folder (`NAME` for `folder/NAME.py`, or `NAME:Class`); or the
            name of an entry point in the group `trad.strategies`; in this order.
        folder: The strategies folder; None for none.

    Raises:
        StrategyNotFound: Nothing has the name, or what has it is no strategy that can run.
    """
    if match := _FILE.fullmatch(reference):
        return load_class(_existing(match["path"]), match["cls"])
    if reference in BUILT_IN:
        return load_built_in(reference)
    if (found := _in_folder(reference, folder)) is not None:
        return load_class(*found)
    if (entry := _entry_point(reference)) is not None:
        return _load_entry_point(entry)
    raise _unknown(reference, folder)


def identify(strategy: str | type[Strategy], folder: Path | None = None) -> StrategyReference | None:
    """Say what finds a strategy again in another process.

    Args:
        strategy: What `load_strategy` takes, or a class.
        folder: The strategies folder; None for none.

    Returns:
        None for a class that no other process can find: of a notebook, or made inside a function.

    Raises:
        StrategyNotFound: As `load_strategy`.
    """
    if isinstance(strategy, type):
        return _identify_class(strategy)
    if match := _FILE.fullmatch(strategy):
        path = _existing(match["path"])
        name = match["cls"] or load_class(path).__name__
        return StrategyReference(reference=f"{path}:{name}", code_hash=_file_hash(path))
    if strategy in BUILT_IN:
        return StrategyReference(reference=strategy, code_hash=built_in_hash(strategy))
    if (found := _in_folder(strategy, folder)) is not None:
        return StrategyReference(reference=strategy, code_hash=_file_hash(found[0]))
    if (entry := _entry_point(strategy)) is not None:
        source = _file_of(_load_entry_point(entry))
        return None if source is None else StrategyReference(reference=strategy, code_hash=_file_hash(source))
    raise _unknown(strategy, folder)


def strategy_names(folder: Path | None = None) -> list[StrategyInfo]:
    """List every strategy that a name leads to, with its error where it cannot be used."""
    files = [info for path in strategy_files(folder) for info in file_strategies(path)]
    return [*built_in_strategies(), *files, *installed_strategies()]


def built_in_strategies() -> list[StrategyInfo]:
    """List the strategies that come with Trad."""
    return [_info(name, "built-in", load_built_in(name)) for name in BUILT_IN]


def installed_strategies() -> list[StrategyInfo]:
    """List the strategies of installed packages, with an error where one cannot be used."""
    infos = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        source = f"package {entry.dist.name if entry.dist else entry.module}"
        try:
            infos.append(_info(entry.name, source, _load_entry_point(entry)))
        except StrategyNotFound as error:
            infos.append(StrategyInfo(name=entry.name, source=source, error=str(error)))
    return infos


def _info(name: str, source: str, cls: type[Strategy]) -> StrategyInfo:
    # The class's own: `getdoc` would take that of the base class for a strategy without one.
    docstring = cleandoc(cls.__doc__ or "")
    return StrategyInfo(
        name=name,
        source=source,
        doc=docstring.partition("\n")[0],
        docstring=docstring,
        parameters=MappingProxyType(cls.parameters),
    )


def file_strategies(path: Path) -> list[StrategyInfo]:
    """List the strategies of one file of the strategies folder, with an error where it cannot be used."""
    name, source = path.stem, str(path)
    if error := _misnamed(path):
        return [StrategyInfo(name=name, source=source, error=error)]
    try:
        classes = load_classes(path)
    except StrategyNotFound as error:
        return [StrategyInfo(name=name, source=source, error=str(error))]
    names = [name] if len(classes) == 1 else [f"{name}:{cls}" for cls in classes]
    return [_info(name, source, cls) for name, cls in zip(names, classes.values(), strict=True)]


def _misnamed(path: Path) -> str | None:
    if path.stem in BUILT_IN:
        return f"{path.stem} is also the name of a built-in, which comes first; rename {path.name}"
    if _NAME.fullmatch(path.stem) is None:
        return (
            f"{path.stem!r} cannot be a strategy's name, which has up to 64 letters, digits, dots, dashes "
            f"and underscores; rename {path.name}"
        )
    return None


def strategy_files(folder: Path | None) -> list[Path]:
    """List the Python files of the strategies folder; links are not followed, hidden files passed over."""
    if folder is None or not folder.is_dir():
        return []
    found = (path for path in folder.glob("*.py") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if not path.name.startswith((".", "_")))


def _in_folder(reference: str, folder: Path | None) -> tuple[Path, str | None] | None:
    match = _NAME.fullmatch(reference)
    if match is None or folder is None:
        return None
    path = folder / f"{match['name']}.py"
    return (path.resolve(), match["cls"]) if path in strategy_files(folder) else None


def _existing(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        beside = [other.name for other in path.parent.glob("*.py")] if path.parent.is_dir() else []
        close = get_close_matches(path.name, beside, n=1)
        hint = f"did you mean {close[0]}?" if close else "give the path of one, such as mine.py:Mine"
        raise StrategyNotFound(f"the strategy file {path} does not exist; {hint}")
    return path


def _entry_point(name: str) -> EntryPoint | None:
    return next(iter(entry_points(group=ENTRY_POINTS, name=name)), None)


def _load_entry_point(entry: EntryPoint) -> type[Strategy]:
    try:
        found = entry.load()
    except (Exception, SystemExit) as error:
        raise StrategyNotFound(
            f"the installed strategy {entry.name} ({entry.value}) fails to load: {described(error)}; "
            f"mend or remove its package"
        ) from error
    return checked_class(found, f"the installed strategy {entry.name} ({entry.value})")


def _unknown(reference: str, folder: Path | None) -> StrategyNotFound:
    installed = [entry.name for entry in entry_points(group=ENTRY_POINTS)]
    known = [*BUILT_IN, *(path.stem for path in strategy_files(folder)), *installed]
    close = get_close_matches(reference, known, n=3)
    hint = (
        f"did you mean {' or '.join(close)}?"
        if close
        else f"there are {', '.join(known)}; or give file.py:Class"
    )
    return StrategyNotFound(f"no strategy is called {reference!r}; {hint}")


def _identify_class(cls: type[Strategy]) -> StrategyReference | None:
    if name := name_of_built_in(cls):
        return StrategyReference(reference=name, code_hash=built_in_hash(name))
    path = _file_of(cls)
    module = sys.modules.get(cls.__module__)
    if path is None or vars(module).get(cls.__name__) is not cls or not _written_in_file(cls):
        return None
    code_hash = _file_hash(path)
    value = f"{cls.__module__}:{cls.__qualname__}"
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.value == value:
            return StrategyReference(reference=entry.name, code_hash=code_hash)
    return StrategyReference(reference=f"{path}:{cls.__name__}", code_hash=code_hash)


def _file_of(cls: type[Strategy]) -> Path | None:
    """Return the source file of the module that made a class, if it has one."""
    name = getattr(sys.modules.get(cls.__module__), "__file__", None)
    path = None if name is None else Path(name).resolve()
    return path if path is not None and path.suffix == ".py" and path.is_file() else None


def _written_in_file(cls: type[Strategy]) -> bool:
    """Tell a class of a file from one that was typed in at the prompt after the file had run."""
    code = getattr(unwrap(cls.generate_signals), "__code__", None)
    return code is None or Path(code.co_filename).is_file()


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
