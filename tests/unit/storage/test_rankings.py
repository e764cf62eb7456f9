"""Rankings: the same as sorting everything, however they grew; and bounded."""

from collections.abc import Sequence
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trad.storage import rankings
from trad.storage.ranking import STATES, Placed, Ranking
from trad.storage.rankings import Rankings
from trad.training.browsing import EpisodeSort
from trad.training.job import EpisodeState

VALUES = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 1.0, -1e300, 5e-324]), st.floats(-3, 3))
TOLD = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(STATES), VALUES), unique_by=lambda one: one[0])
TRADES = EpisodeSort(by="metric", name="trades")
EVERY = {"behind": None, "states": (), "limit": 10**9}


def placed(*told: tuple[int, EpisodeState, float | None]) -> list[Placed]:
    return [(place, *one) for place, one in enumerate(told, 1)]


def in_order(told: Sequence[Placed], *, descending: bool) -> list[Placed]:
    """Sort the slow and obvious way."""

    def rank(one: Placed) -> tuple[bool, float, int]:
        _, number, _, value = one
        return value is None, -(value or 0.0) if descending else value or 0.0, number

    return sorted(told, key=rank)


@given(TOLD, st.integers(1, 7), st.booleans(), st.sets(st.sampled_from(STATES)), st.integers(1, 5))
def test_a_ranking_is_what_sorting_gives(
    told: list[tuple[int, EpisodeState, float | None]],
    step: int,
    descending: bool,
    states: set[EpisodeState],
    limit: int,
) -> None:
    whole = placed(*told)
    ranking = Ranking(descending=descending)
    for start in range(0, len(whole), step):
        ranking.add(whole[start : start + step])
    assert ranking.last_place == len(whole)
    expected = [
        number
        for _, number, state, _ in in_order(whole, descending=descending)
        if not states or state in states
    ]
    assert ranking.numbers(behind=None, states=states, limit=100) == expected
    for place, number in enumerate(expected, 1):
        page = ranking.numbers(behind=number, states=states, limit=limit)
        assert page == expected[place : place + limit]


def test_a_number_that_is_not_in_it_has_no_successor() -> None:
    ranking = Ranking(descending=False)
    with pytest.raises(LookupError):
        ranking.numbers(behind=1, states=(), limit=1)


class Recording:
    """Episodes that were recorded, and how often they were read."""

    def __init__(self, count: int) -> None:
        self.told: list[Placed] = [
            (place, place, "completed", float(place % 10)) for place in range(1, count + 1)
        ]
        self.asked: list[int] = []

    def read(self, after: int) -> Sequence[Placed]:
        self.asked.append(after)
        return self.told[after : after + rankings.BATCH]


def test_only_what_was_recorded_since_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rankings, "BATCH", 40)
    kept, recording = Rankings(), Recording(100)
    assert len(kept.numbers("a", TRADES, recording.read, **EVERY)) == 100  # type: ignore[arg-type]
    assert recording.asked == [0, 40, 80]
    recording.told.append((101, 101, "completed", -1.0))
    assert kept.numbers("a", TRADES, recording.read, **EVERY)[:2] == [101, 10]  # type: ignore[arg-type]
    assert recording.asked[3:] == [100]


def test_what_was_not_asked_for_lately_makes_room() -> None:
    kept = Rankings(most_bytes=50_000)
    jobs = {name: Recording(1_000) for name in ("a", "b", "c")}
    for name in ("a", "b", "a", "c"):
        kept.numbers(name, TRADES, jobs[name].read, **EVERY)  # type: ignore[arg-type]
    assert kept.size <= 50_000
    for name in ("a", "c", "b"):
        kept.numbers(name, TRADES, jobs[name].read, **EVERY)  # type: ignore[arg-type]
    assert [jobs[name].asked for name in ("a", "b", "c")] == [[0, 1000, 1000], [0, 0], [0, 1000]]


def test_the_one_in_use_stays_though_it_is_too_large() -> None:
    kept, recording = Rankings(most_bytes=10), Recording(50)
    for _ in range(2):
        assert len(kept.numbers("a", TRADES, recording.read, **EVERY)) == 50  # type: ignore[arg-type]
    assert recording.asked == [0, 50]


def test_what_a_reading_raises_leaves_what_was_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rankings, "BATCH", 10)
    kept, recording = Rankings(), Recording(25)

    def read(after: int) -> Sequence[Placed]:
        if after == 20:
            raise ConnectionError
        return recording.read(after)

    with pytest.raises(ConnectionError):
        kept.numbers("a", TRADES, read, **EVERY)  # type: ignore[arg-type]
    assert len(kept.numbers("a", TRADES, recording.read, **EVERY)) == 25  # type: ignore[arg-type]
    assert recording.asked == [0, 10, 20]


def test_several_threads_make_one_ranking_together() -> None:
    kept, recording, together = Rankings(), Recording(5_000), Barrier(4)
    found: list[list[int]] = []

    def look() -> None:
        together.wait()
        found.append(kept.numbers("a", TRADES, recording.read, **EVERY))  # type: ignore[arg-type]

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == found[2] == found[3]
    assert sorted(recording.asked) == [0, 5_000, 5_000, 5_000]
