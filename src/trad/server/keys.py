"""Requests that carry the same idempotency key, one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class KeysUnderWay:
    """Lets requests with the same key through one after the other; safe for threads."""

    def __init__(self) -> None:
        self._freed = Condition()
        self._keys: set[str] = set()

    @contextmanager
    def held(self, key: str | None) -> Iterator[None]:
        """Hold a key for the time of a block; None: nothing to hold."""
        if key is None:
            yield
            return
        with self._freed:
            self._freed.wait_for(lambda: key not in self._keys)
            self._keys.add(key)
        try:
            yield
        finally:
            with self._freed:
                self._keys.discard(key)
                self._freed.notify_all()
