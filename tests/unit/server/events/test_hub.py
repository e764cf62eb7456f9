"""The hub: published from any thread, read on one loop, each event under its number."""

import asyncio
import threading

from tests.fakes.event_clients import EventParser

from trad.server.events.hub import Event, EventHub


def log(n: int) -> Event:
    return Event(kind="log", data=f'{{"n":{n}}}')


def test_ids_name_the_process_and_the_number() -> None:
    hub, other = EventHub(), EventHub()
    hub.publish([log(1), log(2)])
    other.publish([log(1), log(2)])
    assert hub.number(hub.event_id(1)) == 1
    assert hub.number(hub.event_id(2)) == 2
    assert hub.number(hub.event_id(3)) is None, "it was never published"
    assert hub.number(other.event_id(1)) is None, "another process published it"


def test_what_is_no_id_is_not_known() -> None:
    hub = EventHub()
    hub.publish([log(1)])
    for text in (
        "",
        "1",
        hub.boot,
        f"{hub.boot}-",
        f"{hub.boot}-x",
        f"{hub.boot}-1 ",
        f"{hub.boot}-" + "9" * 400,
    ):
        assert hub.number(text) is None, text
    assert hub.number(f"{hub.boot}-\u0661") is None, "a digit, but not an ASCII one"


def test_events_are_read_behind_a_number() -> None:
    hub = EventHub()
    hub.publish([log(1), log(2), log(3)])
    piece = hub.after(1, 10_000)
    assert piece is not None
    events = EventParser().feed(piece.data)
    assert [event.data["n"] for event in events] == [2, 3]
    assert [event.id for event in events] == [hub.event_id(2), hub.event_id(3)]
    assert piece.last == 3


def test_what_fell_off_the_ring_cannot_be_read() -> None:
    hub = EventHub(most_events=2)
    hub.publish([log(n) for n in range(5)])
    assert hub.after(2, 10_000) is None
    assert hub.after(3, 10_000) is not None
    assert hub.number(hub.event_id(2)) is None


def test_standing_is_as_of_the_newest_event() -> None:
    hub = EventHub()
    hub.publish([log(1)], {"a": '{"id":"a"}'})
    hub.publish([log(2)])
    standing = hub.standing()
    assert standing.number == 2
    (event,) = EventParser().feed(b"".join(standing.frames))
    assert (event.kind, event.data, event.id) == ("job", {"id": "a"}, "")
    hub.publish([], {})
    assert hub.standing().frames == ()


def test_waiting_ends_with_the_next_event_from_another_thread() -> None:
    hub = EventHub()

    async def readers() -> list[int]:
        async def read() -> int:
            await hub.wait(0)
            piece = hub.after(0, 10_000)
            assert piece is not None
            return piece.last

        tasks = [asyncio.create_task(read()) for _ in range(50)]
        await asyncio.sleep(0)
        thread = threading.Thread(target=hub.publish, args=([log(1)],))
        thread.start()
        last = await asyncio.wait_for(asyncio.gather(*tasks), 30)
        thread.join()
        return last

    assert asyncio.run(readers()) == [1] * 50


def test_waiting_does_not_begin_where_something_is_there() -> None:
    hub = EventHub()
    hub.publish([log(1)])
    asyncio.run(asyncio.wait_for(hub.wait(0), 30))


def test_closing_ends_the_waiting() -> None:
    hub = EventHub()

    async def wait() -> None:
        waiting = asyncio.create_task(hub.wait(0))
        await asyncio.sleep(0)
        hub.close()
        await asyncio.wait_for(waiting, 30)
        await asyncio.wait_for(hub.wait(0), 30)

    asyncio.run(wait())
    assert hub.closed


def test_publishing_goes_on_after_the_loop_has_ended() -> None:
    hub = EventHub()

    async def wait(number: int) -> None:
        waiting = asyncio.create_task(hub.wait(number))
        await asyncio.sleep(0)
        hub.publish([log(number)])
        await asyncio.wait_for(waiting, 30)

    asyncio.run(wait(0))
    hub.publish([log(2)])
    asyncio.run(wait(2))


def test_no_event_is_lost_between_threads_that_publish_and_a_reader_that_waits() -> None:
    hub, each, count = EventHub(), 500, 4

    def publish(first: int) -> None:
        for n in range(first, first + each):
            hub.publish([log(n)])

    async def read() -> list[int]:
        parser, number, seen = EventParser(), 0, list[int]()
        while len(seen) < each * count:
            await hub.wait(number)
            piece = hub.after(number, 1_000)
            assert piece is not None
            seen += [event.data["n"] for event in parser.feed(piece.data)]
            number = piece.last
        return seen

    threads = [threading.Thread(target=publish, args=(each * k,)) for k in range(count)]

    async def race() -> list[int]:
        reading = asyncio.create_task(read())
        await asyncio.sleep(0)
        for thread in threads:
            thread.start()
        return await asyncio.wait_for(reading, 60)

    seen = asyncio.run(race())
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(each * count))
    for k in range(count):
        own = [n for n in seen if n // each == k]
        assert own == sorted(own), "each thread's events stay in their order"
