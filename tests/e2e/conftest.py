"""One server and one browser for all tests of this package; a page, logged in, for each."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from tests.conftest import do_without
from tests.e2e import jobs
from tests.e2e.watching import PATIENT
from tests.fakes.chromium import chromium, find_chromium
from tests.fakes.served import Served

STRATEGIES = Path(__file__).with_name("strategies")

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser; without the program the tests are skipped, or fail where it must be there."""
    program = find_chromium()
    if program is None:
        do_without("Chromium is not here; install it (Debian, Ubuntu: apt install chromium)")
    with chromium(program) as browser:
        yield browser


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's TRAD_HOME, with strategies that tests ask for."""
    return furnished(tmp_path_factory.mktemp("e2e"))


def furnished(home: Path) -> Path:
    """Put the strategies of these tests into a TRAD_HOME."""
    folder = home / "strategies"
    folder.mkdir()
    for file in STRATEGIES.glob("*.py"):
        shutil.copy(file, folder)
    return home


@pytest.fixture(scope="package")
def served(home: Path) -> Iterator[Served]:
    """A server with one worker of two processes."""
    with Served(home, "--processes", "2") as served:
        yield served


@pytest.fixture(scope="package")
def logged_in(browser: Browser, served: Served) -> StorageState:
    """What a browser holds that has opened the server's login link."""
    return log_in(browser, served)


def log_in(browser: Browser, served: Served) -> StorageState:
    """Open the login link that the server has printed, as its user does; it holds once."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(served.link)
        page.get_by_role("heading", name="Jobs").wait_for(timeout=PATIENT)
        return context.storage_state()


@pytest.fixture
def new_context(browser: Browser, served: Served, logged_in: StorageState) -> Iterator[NewContext]:
    """Open windows with a session, with further options of Playwright's `new_context`."""
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        given = {"storage_state": logged_in, "base_url": served.url, **options}
        opened.append(browser.new_context(**given))  # type: ignore[arg-type]  # options are what they are
        opened[-1].set_default_timeout(PATIENT)
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page with a session, with nothing opened."""
    return new_context().new_page()


@pytest.fixture(scope="package")
def completed_job(served: Served) -> str:
    """A job that has run to its end."""
    asked = {"strategy": "sma_cross", "data": jobs.DATA, "optimizer": "random", "episodes": 12, "seed": 5}
    return jobs.completed(served, asked)


@pytest.fixture(scope="package")
def hostile_job(served: Served) -> str:
    """A job whose strategy speaks in markup; some of its episodes fail, in markup too."""
    asked = {"strategy": "hostile", "data": jobs.DATA, "optimizer": "random", "episodes": 12, "seed": 5}
    job_id = jobs.ask(served, asked)
    ended = jobs.await_state(served, job_id, *jobs.ENDED)
    assert ended["failed_episodes"] > 0, ended
    return job_id
