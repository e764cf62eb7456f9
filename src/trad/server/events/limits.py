"""How many streams there may be."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

PER_SESSION = 32
IN_TOTAL = 1_000


class StreamLimits:
    """Counts the open streams, in total and of each session; used on one event loop."""

    def __init__(self, *, per_session: int = PER_SESSION, in_total: int = IN_TOTAL) -> None:
        self._per_session = per_session
        self._in_total = in_total
        self._open: Counter[str] = Counter()

    @property
    def open(self) -> int:
        """How many streams are open."""
        return self._open.total()

    def refusal(self, session: str) -> str | None:
        """Say why the session may open no further stream; None where it may."""
        if self._open[session] >= self._per_session:
            return (
                f"this session has {self._open[session]} event streams open; the most is "
                f"{self._per_session}; close a page that is not needed"
            )
        if self.open >= self._in_total:
            return (
                f"the server has {self.open} event streams open; the most is {self._in_total}; "
                f"try again later"
            )
        return None

    @contextmanager
    def held(self, session: str) -> Iterator[None]:
        """Count a stream of the session for the time of a block."""
        self._open[session] += 1
        try:
            yield
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]
