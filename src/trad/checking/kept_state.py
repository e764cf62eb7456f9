"""What a strategy keeps outside its instances: attributes of its classes, and data of its module."""

import random
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from inspect import isroutine, unwrap
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from trad.strategies.parameters import Parameter
from trad.strategies.strategy import Strategy

_DEEPEST = 6
_ABSENT = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    owner: Any
    name: str

    @property
    def value(self) -> Any:
        return vars(self.owner).get(self.name, _ABSENT)

    def __str__(self) -> str:
        kind = "the class attribute" if isinstance(self.owner, type) else "the module's"
        return f"{kind} {self.name}"


class KeptState:
    """Notices what a run left behind, and puts back what was there before.

    Seen are the attributes of the strategy's classes, and the data of their modules that their methods
    name. Other places (files, closures, other modules) are not.
    """

    def __init__(self, strategy: type[Strategy]) -> None:
        self._owners = list(_owners(strategy))
        self._first = {(id(p.owner), p.name): _copied(p.value) for p in self._places()}
        self._marks = self._marked()

    def changed(self) -> tuple[str, ...]:
        """Name what is not as it was when this object was made or `restore` was called."""
        now = self._marked()
        places = {(id(place.owner), place.name): place for place in self._places()}
        different = [key for key in {**self._marks, **now} if self._marks.get(key) != now.get(key)]
        return tuple(sorted(str(places[key]) if key in places else key[1] for key in different))

    def restore(self) -> None:
        """Put everything back as it was when this object was made."""
        if not self.changed():
            return
        for place in self._places():
            if (id(place.owner), place.name) not in self._first:
                delattr(place.owner, place.name)
        for owner, _ in self._owners:
            for (identity, name), value in self._first.items():
                if identity == id(owner):
                    setattr(owner, name, _copied(value))
        self._marks = self._marked()

    def _places(self) -> Iterator[_Place]:
        for owner, names in self._owners:
            for name, value in list(vars(owner).items()):
                if (names is None or name in names) and _is_data(name, value):
                    yield _Place(owner=owner, name=name)

    def _marked(self) -> dict[tuple[int, str], Any]:
        return {(id(place.owner), place.name): _mark(place.value) for place in self._places()}


def _owners(strategy: type[Strategy]) -> Iterator[tuple[Any, set[str] | None]]:
    """Yield the classes below `Strategy`, whose every name counts, and their modules with the names used."""
    for base in strategy.__mro__:
        if not issubclass(base, Strategy) or base is Strategy:
            continue
        yield base, None
        module = sys.modules.get(base.__module__)
        if module is not None:
            codes = (
                getattr(unwrap(part), "__code__", None) for part in vars(base).values() if callable(part)
            )
            yield module, {name for code in codes if code is not None for name in _names(code)}


def _names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _is_data(name: str, value: object) -> bool:
    if name.startswith(("__", "_abc_")) or name == "parameters":
        return False
    kinds = (Parameter, ModuleType, type, classmethod, staticmethod, property)
    return not isinstance(value, kinds) and not isroutine(value)


def _defined(kind: type) -> set[str]:
    """Return what a class defines beyond `object`."""
    return {name for base in kind.__mro__ if base is not object for name in vars(base)}


def _copied(value: Any) -> Any:
    try:
        return deepcopy(value)
    except Exception:  # noqa: BLE001 - an author's object may refuse in any way; it then stays what it is
        return value


def _mark(value: Any, depth: int = _DEEPEST) -> Any:
    """Make something of a value that is equal while the value is, and keeps nothing of it alive."""
    if depth == 0:
        return None
    if isinstance(value, np.ndarray):
        content = repr(value.tolist()) if value.dtype.hasobject else value.tobytes()
        return value.dtype.str, value.shape, hash(content)
    if isinstance(value, np.random.Generator):
        return repr(value.bit_generator.state)
    if isinstance(value, random.Random):
        return hash(value.getstate())
    if isinstance(value, Mapping):
        return [(repr(key), _mark(part, depth - 1)) for key, part in value.items()]
    if isinstance(value, (list, tuple, deque)):
        return [_mark(part, depth - 1) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    if hasattr(value, "to_numpy"):
        return _mark(value.to_numpy(), depth - 1)
    said = repr(value) if "__repr__" in _defined(type(value)) else type(value).__name__
    inside = getattr(value, "__dict__", None)
    # What an object says of itself may leave out what it has learned, as a scaler's does.
    return said if inside is None else (said, _mark(inside, depth - 1))
