"""Starting, pausing, resuming and cancelling a job from its page, by mouse and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e import jobs
from tests.e2e.accessibility import violations
from tests.e2e.watching import PATIENT, card_of, figures_of
from tests.fakes.served import Served

pytestmark = [pytest.mark.serial, pytest.mark.slow]

MOST_STOPS = 60
"""Stops of the tabulator after which nobody goes on looking."""


def button(within: Page | Locator, name: str) -> Locator:
    return within.get_by_role("button", name=name, exact=True)


def job_shown(page: Page) -> str:
    """Wait until the page is a job's, and return its id."""
    page.wait_for_url(re.compile(r"/jobs/[a-z0-9]+$"))
    return page.url.rpartition("/")[2]


def choose(page: Page, label: str, name: str) -> None:
    """Choose from a list, as with the mouse."""
    page.get_by_role("combobox", name=label).or_(page.get_by_role("textbox", name=label)).click()
    page.get_by_role("option", name=name, exact=True).click()


def test_a_job_is_started_paused_resumed_and_cancelled(page: Page, served: Served) -> None:
    page.goto("/")
    page.get_by_role("link", name="New job").first.click()
    choose(page, "Strategy", "unhurried")
    page.get_by_label("Episodes", exact=True).fill("0")
    start = button(page, "Start the job")
    start.click()
    expect(page.get_by_label("Episodes", exact=True)).to_have_attribute("aria-invalid", "true")
    said = page.get_by_label("Episodes", exact=True).get_attribute("aria-describedby")
    assert said is not None
    beside = " ".join(page.locator(f"[id='{part}']").inner_text() for part in said.split())
    assert "whole number from 1" in beside
    assert violations(page) == []
    assert served.request("GET", "/api/jobs?state=queued&state=running").json()["jobs"] == []

    page.get_by_label("Episodes", exact=True).fill("400")
    choose(page, "Candles", "sample:minute")
    start.click()
    job_id = job_shown(page)
    try:
        pause_resume_and_cancel(page, served, job_id)
    finally:
        jobs.end(served, job_id)


def pause_resume_and_cancel(page: Page, served: Served, job_id: str) -> None:
    bar = page.get_by_role("progressbar", name="Job unhurried")
    expect(bar).to_have_attribute("aria-valuetext", re.compile("Running"), timeout=PATIENT)
    button(page, "Pause").click()
    expect(bar).to_have_attribute("aria-valuetext", re.compile("Paused"), timeout=PATIENT)
    paused = jobs.await_state(served, job_id, "paused")
    percent, episodes, lanes = figures_of(paused)
    expect(bar).to_have_attribute("aria-valuetext", f"{percent}, {episodes}, Paused")
    assert lanes == ()

    button(page, "Resume").click()
    expect(bar).to_have_attribute("aria-valuetext", re.compile("Running"), timeout=PATIENT)
    expect(page.get_by_role("progressbar", name=re.compile("^Episode ")).first).to_be_visible(timeout=PATIENT)

    button(page, "Cancel").click()
    button(page, "Yes, cancel the job").click()
    expect(bar).to_have_attribute("aria-valuetext", re.compile("Cancelled"), timeout=PATIENT)
    assert jobs.row(served, job_id)["state"] == "cancelled"


def tab_to(page: Page, target: Locator) -> None:
    """Press the tabulator until something has the focus."""
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_STOPS} times the tabulator led not to {target}")


def test_the_keyboard_alone_reaches_pauses_and_resumes_a_job(page: Page, served: Served) -> None:
    with jobs.running(served, jobs.unhurried(rest=20, episodes=400)) as job_id:
        page.goto("/")
        link = card_of(page, job_id).get_by_role("link", name="unhurried")
        link.wait_for()
        tab_to(page, link)
        page.keyboard.press("Enter")
        assert job_shown(page) == job_id
        # The list, which has a button of that name too, stands until the page is there and takes the focus.
        expect(page.get_by_role("heading", level=1, name="unhurried")).to_be_focused()
        tab_to(page, button(page, "Pause"))
        page.keyboard.press("Enter")
        jobs.await_state(served, job_id, "paused")
        button(page, "Resume").wait_for()
        tab_to(page, button(page, "Resume"))
        page.keyboard.press("Space")
        jobs.await_state(served, job_id, "running")
        page.get_by_role("progressbar", name=re.compile("^Episode ")).first.wait_for()
        assert violations(page) == []
        expect(button(page, "Pause")).to_be_visible()


def test_the_keyboard_alone_makes_a_job(page: Page, served: Served) -> None:
    page.goto("/new")
    for label, words in (("Strategy", "sma_cr"), ("Candles", "sample:min")):
        field = page.get_by_label(label, exact=True).first
        field.wait_for()
        tab_to(page, field)
        page.keyboard.type(words)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    field = page.get_by_label("Episodes", exact=True)
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    tab_to(page, button(page, "Start the job"))
    page.keyboard.press("Enter")
    job_id = job_shown(page)
    ended = jobs.await_state(served, job_id, *jobs.ENDED)
    assert (ended["strategy"], ended["state"], ended["total_episodes"]) == ("sma_cross", "completed", 3)
