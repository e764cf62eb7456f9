"""Every page by its address: it opens, is accessible in both schemes, and takes words for words."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from tests.e2e.accessibility import violations
from tests.e2e.conftest import NewContext
from tests.e2e.watching import PATIENT
from tests.fakes.served import Served

pytestmark = pytest.mark.serial

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address, and a text of its page by which one sees that it is there whole."""

    path: str
    heading: str
    text: str


def addresses(job_id: str, hostile_job: str) -> list[Address]:
    """List every page there is, in each of its forms."""
    return [
        Address(path="/", heading="Jobs", text="sma_cross"),
        Address(path=f"/jobs/{job_id}", heading="sma_cross", text="Parameters and score"),
        Address(path=f"/jobs/{hostile_job}", heading="hostile", text="Failed episodes"),
        Address(path=f"/jobs/{job_id}/episodes/3", heading="Episode 3", text="Trades"),
        Address(path="/new", heading="New job", text="How to search"),
        Address(path=f"/new?like={job_id}", heading="New job", text="Parameters"),
        Address(
            path="/new?strategy=liquidity_sweep&data=sample:minute", heading="New job", text="Parameters"
        ),
        Address(path="/library", heading="Data and strategies", text="unreadable"),
        Address(path="/compare", heading="Compare", text="Nothing is chosen"),
        Address(path=f"/compare?of={job_id}:1,{job_id}:2,{job_id}", heading="Compare", text="Max drawdown"),
        Address(path="/no/such/page", heading="There is nothing here", text="Show all jobs"),
    ]


def open_address(page: Page, address: Address) -> None:
    page.goto(address.path)
    expect(page.get_by_role("heading", level=1)).to_have_text(address.heading, timeout=PATIENT)
    expect(page.get_by_role("main")).to_contain_text(address.text, timeout=PATIENT)
    # Charts and tables come when their data does.
    expect(page.get_by_text("…", exact=False)).to_have_count(0, timeout=PATIENT)


def test_every_page_opens_by_its_address_without_a_complaint(
    page: Page, completed_job: str, hostile_job: str
) -> None:
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    for address in addresses(completed_job, hostile_job):
        open_address(page, address)
    assert complaints == []


def test_a_job_and_an_episode_that_are_not_there_are_told_of(page: Page, completed_job: str) -> None:
    for path in ("/jobs/0000000000000000", f"/jobs/{completed_job}/episodes/999"):
        page.goto(path)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("link", name="New job")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(
    new_context: NewContext, completed_job: str, hostile_job: str, scheme: Scheme
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    found: list[str] = []
    for address in addresses(completed_job, hostile_job):
        open_address(page, address)
        assert scheme_of(page) == scheme
        found += violations(page)
    assert found == []


def scheme_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-mantine-color-scheme")


def test_the_scheme_button_turns_every_colour_round_and_is_remembered(
    new_context: NewContext, completed_job: str
) -> None:
    page = new_context(color_scheme="light").new_page()
    page.goto(f"/jobs/{completed_job}")
    page.get_by_role("button", name="dark colours").click()
    for path in (f"/jobs/{completed_job}", "/new", "/"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == []
    page.get_by_role("button", name="light colours").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_stranger_is_told_how_to_log_in(browser: Browser, served: Served, scheme: Scheme) -> None:
    with browser.new_context(base_url=served.url, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto("/library")
        expect(page.get_by_role("heading", level=1)).to_have_text("Not logged in", timeout=PATIENT)
        expect(page.get_by_text("trad serve --link")).to_be_visible()
        assert violations(page) == []
        page.goto("/login?code=worn-out")
        expect(page.get_by_text("trad serve --link")).to_be_visible()
        assert violations(page) == []


def test_hostile_words_are_shown_as_words(page: Page, hostile_job: str) -> None:
    for path, said in (
        ("/library", "Begins <img src=x onerror="),
        ("/library", "refuses <img src=x onerror="),
        ("/new?strategy=hostile", "Begins <img src=x onerror="),
        (f"/jobs/{hostile_job}", "fails <img src=x onerror="),
    ):
        page.goto(path)
        expect(page.get_by_role("main")).to_contain_text(said, timeout=PATIENT)
        assert_harmless(page)
    page.get_by_role("cell").filter(has_text="fails <img").first.wait_for()
    failed = (
        page.get_by_role("row").filter(has_text="fails <img").first.get_by_role("cell").first.inner_text()
    )
    page.goto(f"/jobs/{hostile_job}/episodes/{failed}")
    expect(page.get_by_role("main")).to_contain_text("fails <img src=x onerror=", timeout=PATIENT)
    assert_harmless(page)


def assert_harmless(page: Page) -> None:
    """Check that nothing ran, nothing was drawn, and no control character came through."""
    assert page.evaluate("window.harmed") is None
    assert page.locator("img, main script").count() == 0
    text = page.get_by_role("main").inner_text()
    unseen = [char for char in text if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf")]
    assert unseen == []
