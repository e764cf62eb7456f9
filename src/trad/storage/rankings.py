"""The rankings that are kept in memory: as many as were asked for lately and fit."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from threading import Lock

from trad.storage.ranking import Placed, Ranking
from trad.training.browsing import EpisodeSort
from trad.training.job import EpisodeState

MOST_BYTES = 128_000_000
"""What all rankings together may take: seven of a million episodes. The one in use stays in any case."""

BATCH = 50_000
"""Episodes that are read at once."""

_OVERHEAD = 2_000

Reading = Callable[[int], Sequence[Placed]]
"""Reads at most `BATCH` episodes that were recorded behind a place, in the order of their places."""


@dataclass(kw_only=True, slots=True)
class _Entry:
    ranking: Ranking
    lock: Lock = field(default_factory=Lock)


class Rankings:
    """Ranks jobs' episodes by anything, and remembers it: an episode that was recorded does not change.

    A ranking is made by reading every episode once, and is brought up to date by reading those that were
    recorded since. Usable from any thread; who asks for a ranking that another one makes waits for it.

    Args:
        most_bytes: What they may take together.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._entries: OrderedDict[tuple[str, EpisodeSort], _Entry] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes that they take."""
        with self._lock:
            return sum(entry.ranking.size + _OVERHEAD for entry in self._entries.values())

    def numbers(
        self,
        job_id: str,
        sort: EpisodeSort,
        read: Reading,
        *,
        behind: int | None,
        states: Collection[EpisodeState],
        limit: int,
    ) -> list[int]:
        """Return the numbers of a page, see `Ranking.numbers`.

        Args:
            read: Reads the job's episodes; what it raises is passed on, and what it gave before is kept.
        """
        entry = self._entry(job_id, sort)
        with entry.lock:
            fresh = BATCH
            while fresh == BATCH:
                placed = read(entry.ranking.last_place)
                entry.ranking.add(placed)
                fresh = len(placed)
            found = entry.ranking.numbers(behind=behind, states=states, limit=limit)
        self._make_room()
        return found

    def _entry(self, job_id: str, sort: EpisodeSort) -> _Entry:
        with self._lock:
            key = (job_id, sort)
            entry = self._entries.get(key)
            if entry is None:
                entry = self._entries[key] = _Entry(ranking=Ranking(descending=sort.descending))
            self._entries.move_to_end(key)
            return entry

    def _make_room(self) -> None:
        while self.size > self._most_bytes:
            with self._lock:
                if len(self._entries) < 2:
                    return
                self._entries.popitem(last=False)
