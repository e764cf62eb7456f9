"""Answers that are kept for a while, because they may be asked for again at once."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Recent(Generic[Key, Answer]):
    """Keeps the answers that were used last; callable from any thread.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """Return the answer kept under a key; None where there is none."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer, and let go of the one that was not used for longest if there are too many."""
        with self._lock:
            self._kept[key] = answer
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


class RecentBytes(Generic[Key, Answer]):
    """Keeps the answers that were used last, as many as fit; for one thread.

    The newest stays however large it is: it had to fit into memory to be answered, and the next question is
    likely to be about it.

    Args:
        most_bytes: How many they may hold together.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._kept: OrderedDict[Key, tuple[Answer, int]] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """Return the answer kept under a key; None where there is none."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def keep(self, key: Key, answer: Answer, size: int) -> None:
        """Keep an answer of so many bytes, and let go of those that were not used for longest."""
        self._held -= self._kept.pop(key, (answer, 0))[1]
        self._kept[key] = (answer, size)
        self._held += size
        while self._held > self._most and len(self._kept) > 1:
            self._held -= self._kept.popitem(last=False)[1][1]
