"""One client's place: from nothing, from an id, from the end of the ring; and any mixture of these."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.event_clients import EventParser, Received

from trad.server.events.hub import Event, EventHub
from trad.server.events.reader import MOST_AT_ONCE, RETRY_MILLISECONDS, EventReader


def log(n: int, size: int = 0) -> Event:
    return Event(kind="log", data=json.dumps({"n": n, "x": "x" * size}))


def drained(reader: EventReader, parser: EventParser) -> list[Received]:
    """Receive everything that there is."""
    events: list[Received] = []
    while data := reader.next():
        events += parser.feed(data)
    return events


def test_a_new_client_gets_the_running_jobs_and_then_what_follows() -> None:
    hub, parser = EventHub(), EventParser()
    hub.publish([log(1)], {"a": '{"id":"a"}', "b": '{"id":"b"}'})
    reader = EventReader(hub)
    events = drained(reader, parser)
    assert [(event.kind, event.data["id"], event.id) for event in events] == [
        ("job", "a", ""),
        ("job", "b", ""),
    ]
    assert parser.retry == RETRY_MILLISECONDS
    assert parser.last_id == hub.event_id(1), "the snapshots are as of this event"
    hub.publish([log(2)])
    assert [event.data["n"] for event in drained(reader, parser)] == [2]
    assert parser.last_id == hub.event_id(2)


def test_a_client_that_comes_back_gets_exactly_what_it_missed() -> None:
    hub = EventHub()
    hub.publish([log(n) for n in range(1, 6)], {"a": '{"id":"a"}'})
    parser = EventParser(hub.event_id(2))
    events = drained(EventReader(hub, parser.last_id), parser)
    assert [event.data["n"] for event in events] == [3, 4, 5], "and no snapshot"


def test_a_client_that_comes_back_and_missed_nothing_gets_nothing() -> None:
    hub = EventHub()
    hub.publish([log(1)], {"a": '{"id":"a"}'})
    assert drained(EventReader(hub, hub.event_id(1)), EventParser()) == []


def test_an_unknown_id_gives_a_reset_and_snapshots() -> None:
    hub = EventHub()
    hub.publish([log(1)], {"a": '{"id":"a"}'})
    for last_id in (EventHub().event_id(1), "nonsense", hub.event_id(7)):
        parser = EventParser(last_id)
        events = drained(EventReader(hub, last_id), parser)
        assert [event.kind for event in events] == ["reset", "job"]
        assert events[0].data["job_id"] is None
        assert "not kept" in events[0].data["reason"]
        assert parser.last_id == hub.event_id(1)


def test_a_connection_lost_between_reset_and_snapshots_begins_again() -> None:
    hub = EventHub()
    hub.publish([log(1)], {str(n): json.dumps({"id": str(n), "x": "x" * MOST_AT_ONCE}) for n in range(3)})
    parser = EventParser("nonsense")
    reader = EventReader(hub, parser.last_id)
    assert [event.kind for event in parser.feed(reader.next())] == ["reset"]
    parser.feed(reader.next())
    assert parser.last_id == "nonsense"
    events = drained(EventReader(hub, parser.last_id), parser)
    assert [event.kind for event in events] == ["reset", "job", "job", "job"]


def test_a_slow_client_is_told_that_it_missed_something() -> None:
    hub, parser = EventHub(most_events=3), EventParser()
    reader = EventReader(hub)
    assert drained(reader, parser) == []
    hub.publish([log(n) for n in range(1, 6)], {"a": '{"id":"a"}'})
    events = drained(reader, parser)
    assert [event.kind for event in events] == ["reset", "job"]
    assert "slowly" in events[0].data["reason"]
    hub.publish([log(6)])
    assert [event.data["n"] for event in drained(reader, parser)] == [6]


def test_no_piece_is_longer_than_a_client_may_leave_behind() -> None:
    hub = EventHub()
    hub.publish(
        [log(n, 1_000) for n in range(300)],
        {str(n): json.dumps({"id": n, "x": "x" * 999}) for n in range(300)},
    )
    for reader in (EventReader(hub), EventReader(hub, hub.event_id(1))):
        pieces = []
        while data := reader.next():
            pieces.append(len(data))
        assert max(pieces) <= MOST_AT_ONCE
        assert sum(pieces) > 300_000


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Things that happen: events published, pieces received by a client, connections lost."""
    step = st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 12)),
        st.tuples(st.just("receive"), st.integers(0, 2)),
        st.tuples(st.just("cut"), st.integers(0, 2)),
    )
    return draw(st.lists(step, max_size=60))


class Page:
    """A page that reconnects with what it saw last, and keeps what it was told.

    Attributes:
        runs: Numbers that came one behind the other; the first of each is a snapshot's, which holds
            what was published up to it.
    """

    def __init__(self, hub: EventHub) -> None:
        self._hub = hub
        self._warned = True
        self.parser = EventParser()
        self.reader = EventReader(hub)
        self.runs: list[list[int]] = []

    def receive(self, *, cut: bool) -> None:
        data = self.reader.next()
        self._take(data[: len(data) // 2] if cut else data)
        if cut:
            # The connection is lost, and with it the rest of what was under way.
            self.parser = EventParser(self.parser.last_id)
            self.reader = EventReader(self._hub, self.parser.last_id)
            self._warned = self._warned or not self.parser.last_id

    def _take(self, data: bytes) -> None:
        for event in self.parser.feed(data):
            if event.kind == "reset":
                self._warned = True
            elif event.kind == "log":
                self.runs[-1].append(event.data["n"])
            else:
                assert self._warned, "a client that was told nothing of a gap got a snapshot"
                self._warned = False
                self.runs.append([event.data["upto"]])


@settings(max_examples=300, deadline=None)
@given(stories(), st.integers(1, 30))
def test_each_client_gets_every_event_once_and_in_order_or_a_reset(
    story: list[tuple[str, int]], most: int
) -> None:
    hub = EventHub(most_events=most)
    hub.publish([], {"a": '{"upto":0}'})
    pages = [Page(hub) for _ in range(3)]
    n = 0
    for what, value in story:
        if what == "publish":
            events = [log(n + k) for k in range(1, value + 1)]
            n += value
            hub.publish(events, {"a": json.dumps({"upto": n})})
        else:
            pages[value].receive(cut=what == "cut")
    for page in pages:
        while page.reader.has_more or page.reader.number != n:
            page.receive(cut=False)
        for run in page.runs:
            assert run == list(range(run[0], run[0] + len(run)))
        assert page.runs[-1][-1] == n
