"""Debian's Chromium, driven by Playwright: a real browser, and nothing that is fetched for it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

_ARGUMENTS = (
    "--no-sandbox",  # which it refuses to go without as root; it is shown our own pages alone
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path | None:
    """Return where Chromium is, or None where it is not installed."""
    found = shutil.which("chromium")
    return None if found is None else Path(found)


@contextmanager
def chromium(program: Path) -> Iterator[Browser]:
    """Run a browser without a window, with an empty profile of its own, for the time of a block.

    Within the block no event loop can be run in this thread: Playwright's own one runs there.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
