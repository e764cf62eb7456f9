"""Six tabs of one browser, which has six connections to a server: each tab wants to hear of events."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e import jobs
from tests.e2e.conftest import NewContext
from tests.e2e.watching import PATIENT
from tests.fakes.served import Served

pytestmark = [pytest.mark.serial, pytest.mark.slow]

TABS = 6

ASK = """(patience) =>
    fetch("/api/health", { signal: AbortSignal.timeout(patience) }).then((answer) => answer.status)
"""


def test_six_tabs_all_move_and_leave_room_for_a_seventh_request(
    new_context: NewContext, served: Served
) -> None:
    with jobs.running(served, jobs.unhurried(rest=10, episodes=400)) as job_id:
        context = new_context()
        pages = [context.new_page() for _ in range(TABS)]
        for page in pages:
            page.goto(f"/jobs/{job_id}")
        bars = [page.get_by_role("progressbar", name=re.compile("^Job ")) for page in pages]
        for bar in bars:
            expect(bar).to_be_visible(timeout=PATIENT)
        stood = [bar.get_attribute("aria-valuetext") or "" for bar in bars]
        assert pages[-1].evaluate(ASK, PATIENT) == 200
        for bar, text in zip(bars, stood, strict=True):
            expect(bar).not_to_have_attribute("aria-valuetext", text, timeout=PATIENT)
            expect(bar).to_have_attribute("aria-valuetext", re.compile("Running"))
        for page in pages:
            expect(page.get_by_role("status")).to_have_text(re.compile("^live", re.IGNORECASE))
