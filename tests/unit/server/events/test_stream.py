"""The route over a real server and bare sockets: what a browser's EventSource would see."""

import json
import logging
import threading
from collections.abc import Callable
from itertools import pairwise

import psutil
import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response
from tests.fakes.event_clients import EventClient, Received, wait_until
from tests.fakes.event_servers import EventServer
from uvicorn.protocols.http.h11_impl import H11Protocol

from trad.server.events.connection import StreamingProtocol
from trad.server.events.hub import Event, EventHub
from trad.server.events.limits import StreamLimits
from trad.server.events.reader import MOST_AT_ONCE, EventReader
from trad.server.events.response import EventStreamResponse
from trad.server.events.stream import router


def log(n: int, size: int = 0) -> Event:
    return Event(kind="log", data=json.dumps({"n": n, "x": "x" * size}))


def comes(n: int) -> Callable[[Received], bool]:
    return lambda event: event.kind == "log" and event.data["n"] == n


def numbers(events: list[Received]) -> list[int]:
    return [event.data["n"] for event in events if event.kind == "log"]


def brisk(*, ping: float = 60.0, patience: float = 60.0) -> APIRouter:
    """The stream with times of its own."""
    routes = APIRouter()

    @routes.get("/api/events")
    async def listen(request: Request) -> Response:
        state = request.app.state.trad
        reader = EventReader(state.hub)
        return EventStreamResponse(
            state.hub, reader, state.streams, "local", ping_seconds=ping, patience_seconds=patience
        )

    return routes


def test_a_stream_as_a_browser_reads_it() -> None:
    hub = EventHub()
    hub.publish([log(1)], {"a": '{"id":"a"}'})
    with EventServer(hub) as server, EventClient(server.port).open() as client:
        assert client.status == 200
        assert client.headers["content-type"].startswith("text/event-stream")
        assert client.headers["cache-control"] == "no-store"
        assert client.headers["x-accel-buffering"] == "no"
        assert client.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in client.headers
        first = client.events(lambda event: event.kind == "job")
        assert first == [Received(kind="job", data={"id": "a"}, id="")]
        hub.publish([log(2), log(3)])
        assert numbers(client.events(comes(3))) == [2, 3]
        assert client.parser.last_id == hub.event_id(3)
        assert client.parser.retry == 1000


def test_a_client_that_comes_back_goes_on_where_it_was() -> None:
    hub = EventHub()
    hub.publish([log(1)])
    with EventServer(hub) as server:
        with EventClient(server.port).open() as client:
            hub.publish([log(2)])
            client.events(comes(2))
            last_id = client.parser.last_id
        hub.publish([log(3), log(4)])
        with EventClient(server.port, last_id=last_id).open() as client:
            assert numbers(client.events(comes(4))) == [3, 4]


def test_an_id_of_another_process_gives_a_reset_first() -> None:
    hub = EventHub()
    hub.publish([log(1)], {"a": '{"id":"a"}'})
    with (
        EventServer(hub) as server,
        EventClient(server.port, last_id=EventHub().event_id(1)).open() as client,
    ):
        events = client.events(lambda event: event.kind == "job")
        assert [event.kind for event in events] == ["reset", "job"]


def test_two_hundred_reconnects_lose_nothing_and_repeat_nothing() -> None:
    hub, seen, last_id = EventHub(), list[int](), ""
    over = threading.Event()

    def publish() -> None:
        n = 0
        while not over.wait(0.0005):
            hub.publish([log(n + 1), log(n + 2)], {"a": json.dumps({"upto": n + 2})})
            n += 2

    hub.publish([], {"a": json.dumps({"upto": 0})})
    publishing = threading.Thread(target=publish)
    with EventServer(hub) as server:
        publishing.start()
        try:
            for _ in range(201):
                with EventClient(server.port, last_id=last_id).open() as client:
                    for event in client:
                        assert event.kind != "reset"
                        seen.append(event.data["n"] if event.kind == "log" else event.data["upto"])
                        if len(seen) > 1 and event.kind == "log":
                            last_id = event.id
                            break
        finally:
            over.set()
            publishing.join()
    assert len(seen) > 200
    assert all(b == a + 1 for a, b in pairwise(seen))


def test_streams_are_counted_by_session_and_given_back() -> None:
    limits = StreamLimits(per_session=2)
    with EventServer(EventHub(), limits=limits) as server:
        first = EventClient(server.port).open()
        with EventClient(server.port).open(), EventClient(server.port).open() as third:
            assert third.status == 429
            assert third.headers["content-type"] == "application/problem+json"
            assert int(third.headers["retry-after"]) > 0
            first.close()
            wait_until(lambda: limits.refusal("local") is None)
        wait_until(lambda: server.connections == 0)


def test_comments_come_when_nothing_else_does() -> None:
    with (
        EventServer(EventHub(), routes=brisk(ping=0.05)) as server,
        EventClient(server.port).open() as client,
    ):
        while client.parser.comments < 3:
            assert client.read_some()


def test_a_stop_of_the_server_ends_streams_at_once(caplog: pytest.LogCaptureFixture) -> None:
    hub = EventHub()
    with caplog.at_level(logging.ERROR), EventServer(hub) as server:
        clients = [EventClient(server.port).open() for _ in range(5)]
        hub.publish([log(1)])
        for client in clients:
            client.events(comes(1))
        seconds = server.stop()
        for client in clients:
            client.read_to_end()
            assert client.ended_well
            client.close()
    assert seconds < 1
    assert caplog.records == []


def test_the_end_of_the_hub_ends_streams() -> None:
    hub = EventHub()
    with EventServer(hub, protocol=H11Protocol) as server, EventClient(server.port).open() as client:
        hub.publish([log(1)])
        client.events(comes(1))
        hub.close()
        client.read_to_end()
        assert client.ended_well


@pytest.mark.parametrize("protocol", [StreamingProtocol, H11Protocol])
def test_a_client_that_reads_nothing_holds_up_nobody_and_is_left(protocol: type[H11Protocol]) -> None:
    hub, limits = EventHub(most_bytes=1_000_000), StreamLimits()
    with (
        EventServer(hub, limits=limits, protocol=protocol, routes=brisk(patience=0.5)) as server,
        EventClient(server.port, receive_buffer=4096).open() as stuck,
        EventClient(server.port).open() as lively,
    ):
        for n in range(1, 101):
            hub.publish([log(n, 50_000)])
            assert numbers(lively.events(comes(n))) == [n]
        lively.close()
        wait_until(lambda: limits.open == 0)
        if protocol is StreamingProtocol:
            wait_until(lambda: server.connections == 0)
        stuck.close()


def test_a_client_that_reads_nothing_costs_little_memory() -> None:
    hub = EventHub(most_bytes=1_000_000)
    with EventServer(hub) as server:
        clients = [EventClient(server.port, receive_buffer=4096).open() for _ in range(20)]
        with EventClient(server.port).open() as lively:
            hub.publish([log(0)])
            lively.events(comes(0))
            before = psutil.Process().memory_info().rss
            for n in range(1, 401):
                hub.publish([log(n, 50_000)])
                lively.events(comes(n))
            grown = psutil.Process().memory_info().rss - before
        for client in clients:
            client.close()
    assert grown < 20 * 3 * MOST_AT_ONCE + 10_000_000


def test_the_description_names_what_each_kind_of_event_carries() -> None:
    app = FastAPI()
    app.include_router(router)
    described = app.openapi()
    content = described["paths"]["/api/events"]["get"]["responses"]["200"]["content"]
    assert list(content) == ["text/event-stream"]
    kinds = content["text/event-stream"]["itemSchema"]["oneOf"]
    assert [kind["properties"]["event"]["const"] for kind in kinds] == ["job", "episode", "log", "reset"]
    for kind in kinds:
        reference = kind["properties"]["data"]["contentSchema"]["$ref"]
        assert reference.rpartition("/")[2] in described["components"]["schemas"]
