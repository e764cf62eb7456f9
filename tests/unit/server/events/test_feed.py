"""The feed's thread: it looks, publishes, and outlives whatever happens to the database."""

import json
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from structlog.testing import capture_logs
from tests.fakes.event_clients import EventParser, Received, wait_until
from tests.unit.server.events.looks import QUEUED, ScriptedBrowser, episodes, running

from trad.errors import LedgerUnavailable
from trad.server.events.feed import EventFeed
from trad.server.events.hub import EventHub
from trad.server.events.reader import EventReader
from trad.server.outlook import Surroundings

BRISK = 0.005


def surroundings(ailment: str | None = None) -> Surroundings:
    return Surroundings(ahead=1_010.0 - monotonic(), workers=(), ailment=ailment, taken_at=monotonic())


class Listener:
    """Reads a hub as a client that was there from its beginning."""

    def __init__(self, hub: EventHub) -> None:
        self.seen: list[Received] = []
        self._reader = EventReader(hub)
        self._parser = EventParser()

    def wait_for(self, what: Callable[[Received], bool]) -> Received:
        found: list[Received] = []

        def come() -> bool:
            while data := self._reader.next():
                self.seen += self._parser.feed(data)
            found.extend(event for event in self.seen if what(event))
            return bool(found)

        wait_until(come)
        return found[0]

    def wait_for_line(self, part: str) -> Received:
        return self.wait_for(lambda event: event.kind == "log" and part in event.data["message"])


def job_is(state: str) -> Callable[[Received], bool]:
    return lambda event: event.kind == "job" and event.data["state"] == state


def test_changes_reach_a_listener() -> None:
    browser, hub = ScriptedBrowser(running()), EventHub()
    listener = Listener(hub)
    with EventFeed(browser, surroundings, hub, interval=BRISK):
        wait_until(lambda: bool(hub.standing().frames))
        browser.recorded["job-a"] = episodes(2)
        browser.rows = [running(recorded_episodes=2, progress=10.0)]
        listener.wait_for(lambda event: event.kind == "job" and event.data["progress"] == 10.0)
        assert [event.kind for event in listener.seen] == ["episode", "episode", "job"]
        browser.rows = [replace(running(recorded_episodes=2), state="completed", progress=100.0)]
        listener.wait_for(job_is("completed"))
        browser.rows, browser.gone = [], ["job-a"]
        listener.wait_for(job_is("deleted"))
    assert hub.closed


def test_a_job_made_while_the_feed_looks_is_told_with_all_its_episodes() -> None:
    browser, hub = ScriptedBrowser(), EventHub()
    listener = Listener(hub)
    with EventFeed(browser, surroundings, hub, interval=BRISK):
        wait_until(lambda: browser.looks > 1)
        browser.recorded["job-b"] = episodes(1)
        browser.rows = [replace(running(recorded_episodes=1), id="job-b", created_at=browser.now)]
        listener.wait_for(job_is("running"))
    assert [event.kind for event in listener.seen] == ["episode", "job", "log"]


def test_a_database_that_does_not_answer_is_told_of_once_and_asked_again() -> None:
    browser, hub = ScriptedBrowser(running()), EventHub()
    listener = Listener(hub)
    with EventFeed(browser, surroundings, hub, interval=BRISK):
        wait_until(lambda: bool(hub.standing().frames))
        browser.fault = LedgerUnavailable("the database is locked\x1b")
        line = listener.wait_for_line("locked")
        assert (line.data["level"], line.data["job_id"]) == ("error", None)
        assert line.data["message"] == "the database is locked\\x1b"
        looks = browser.looks
        wait_until(lambda: browser.looks > looks + 5)
        browser.rows = [running(progress=7.0)]
        browser.fault = None
        listener.wait_for_line("answers")
        listener.wait_for(lambda event: event.kind == "job" and event.data["progress"] == 7.0)
    said = [e.data["message"] for e in listener.seen if e.kind == "log" and e.data["job_id"] is None]
    assert len(said) == 2


def test_a_database_that_is_not_there_at_first_is_waited_for() -> None:
    browser, hub = ScriptedBrowser(running()), EventHub()
    browser.fault = LedgerUnavailable("the database is gone")
    listener = Listener(hub)
    with EventFeed(browser, surroundings, hub, interval=BRISK):
        listener.wait_for_line("gone")
        browser.fault = None
        listener.wait_for_line("answers")
        wait_until(lambda: bool(hub.standing().frames))


def test_a_database_that_cannot_be_written_is_told_of_too() -> None:
    browser, hub, ailments = ScriptedBrowser(running()), EventHub(), ["the disk is full; free some space"]
    listener = Listener(hub)
    with EventFeed(browser, lambda: surroundings(ailments[0] or None), hub, interval=BRISK):
        listener.wait_for_line("disk is full")
        ailments[0] = ""
        listener.wait_for_line("answers")


def test_an_error_that_nobody_foresaw_does_not_end_the_feed() -> None:
    browser, hub = ScriptedBrowser(running()), EventHub()
    listener = Listener(hub)
    with capture_logs() as logged, EventFeed(browser, surroundings, hub, interval=BRISK):
        wait_until(lambda: bool(hub.standing().frames))
        browser.fault = RuntimeError("out of the blue")
        looks = browser.looks
        wait_until(lambda: browser.looks > looks + 5)
        browser.fault, browser.rows = None, [running(progress=3.0)]
        listener.wait_for(lambda event: event.kind == "job")
    assert [entry["event"] for entry in logged] == ["the event feed failed; it goes on"], "once"


def test_a_job_that_cannot_be_told_does_not_keep_the_others_from_it() -> None:
    browser, hub = ScriptedBrowser(), EventHub()
    listener = Listener(hub)
    with capture_logs(), EventFeed(browser, surroundings, hub, interval=BRISK):
        wait_until(lambda: browser.looks > 1)
        broken = replace(running(), id="broken", progress="many")  # type: ignore[arg-type]
        browser.rows = [broken, replace(running(), id="sound")]
        listener.wait_for(lambda event: event.kind == "job" and event.data["id"] == "sound")


def test_nothing_is_published_while_nothing_happens() -> None:
    browser, hub = ScriptedBrowser(replace(QUEUED, state="paused")), EventHub()
    with EventFeed(browser, surroundings, hub, interval=BRISK):
        wait_until(lambda: browser.looks > 20)
    assert hub.standing().number == 0


def test_closing_ends_the_thread_promptly() -> None:
    feed = EventFeed(ScriptedBrowser(), surroundings, EventHub(), interval=60.0)
    feed.start()
    began = monotonic()
    feed.close()
    feed.close()
    assert monotonic() - began < 5


def test_a_log_line_carries_the_time_of_day() -> None:
    browser, hub = ScriptedBrowser(), EventHub()
    browser.fault = LedgerUnavailable("gone")
    listener = Listener(hub)
    with EventFeed(browser, surroundings, hub, interval=BRISK):
        data = listener.wait_for_line("gone").data
    assert json.dumps(data["time"]).endswith('Z"')
    assert set(data) == {"time", "level", "job_id", "message"}
