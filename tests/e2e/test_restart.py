"""The server is killed while a page watches, and started again."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e import jobs
from tests.e2e.accessibility import violations
from tests.e2e.conftest import furnished, log_in
from tests.e2e.watching import (
    PATIENT,
    Watch,
    assert_episodes_never_fall,
    assert_percent_never_falls,
    assert_says_what_its_bars_say,
    figures_of,
)
from tests.fakes.served import Served

pytestmark = [pytest.mark.serial, pytest.mark.slow]

EPISODES = 20


@contextmanager
def page_of(browser: Browser, served: Served) -> Iterator[Page]:
    """Log in to a server of one's own."""
    session = log_in(browser, served)
    with browser.new_context(storage_state=session, base_url=served.url) as context:
        yield context.new_page()


def test_a_page_outlives_its_server_and_misses_nothing(browser: Browser, tmp_path: Path) -> None:
    home = furnished(tmp_path)
    first = Served(home, "--processes", "2")
    with first, page_of(browser, first) as page:
        connection, alert = page.get_by_role("status"), page.get_by_role("alert")
        job_id = jobs.ask(first, jobs.unhurried(rest=8, episodes=EPISODES))
        watch = Watch(page, job_id)
        page.goto("/")
        watch.until(r"Episode [5-9]/")
        first.end(signal.SIGKILL)
        expect(alert).to_contain_text(re.compile("connection", re.IGNORECASE), timeout=PATIENT)
        expect(connection).to_have_text(re.compile("not connected", re.IGNORECASE))
        stood = len(watch.shown())
        assert violations(page) == []

        with Served(home, "--processes", "2", "--port", str(first.port)) as second:
            expect(connection).to_have_text(re.compile("^live", re.IGNORECASE), timeout=PATIENT)
            expect(alert).to_have_count(0)
            watch.until(r"Episode 1[2-9]/")
            resumed = len(watch.shown())
            watch.until("Completed")
            ended = jobs.row(second, job_id)
            episodes = second.request("GET", f"/api/jobs/{job_id}/episodes?limit=100").json()["episodes"]
            shown = watch.shown()
            page.reload()  # its session, too, is what it was
            watch.until("Completed")

    assert_percent_never_falls(shown)
    assert_episodes_never_fall(shown[:stood])
    assert_episodes_never_fall(shown[resumed:])
    assert_says_what_its_bars_say(shown)
    assert shown[-1].figures == figures_of(ended) == ("100.0%", f"Episode {EPISODES}/{EPISODES}", ())
    assert sorted(one["number"] for one in episodes) == list(range(1, EPISODES + 1))
    assert {one["state"] for one in episodes} == {"completed"}
