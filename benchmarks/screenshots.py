"""Every page of the dashboard over real jobs, light and dark, narrow and wide: `make screenshots`.

Starts a server of its own in a temporary home, lets it run, pause and fail jobs, and goes through the pages
with Chromium. The pictures go into a folder that git ignores; what a page lets overflow is printed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 180.0
WIDTHS = (1440, 390)
WALL = 3840
"""A screen on a wall, for the list of jobs."""
SCHEMES = ("light", "dark")
HEIGHT = 900
SETTLED_MS = 2_000

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

BREAKOUT = '''
from trad import Candles, Float, Int, Signals, Strategy


class Breakout(Strategy):
    """Buys a close above the highest high of the last `lookback` candles.

    Parameters:
        lookback: Candles whose highs count.
        stop_pct: Distance of the stop from the close, as a fraction.
    """

    lookback = Int(20, low=5, high=200)
    stop_pct = Float(0.02, low=0.005, high=0.10)

    def generate_signals(self, candles: Candles, progress) -> Signals:
        signals = Signals.empty(len(candles))
        for i in progress.track(range(self.lookback, len(candles))):
            if candles.close[i] > candles.high[i - self.lookback : i].max():
                signals.entry[i] = 1
                signals.stop_loss[i] = candles.close[i] * (1 - self.stop_pct)
        return signals
'''
FAILING = '''
from trad import Candles, Int, Signals, Strategy


class Ratio(Strategy):
    """Divides by what may be nothing."""

    lookback = Int(3, low=2, high=9)

    def generate_signals(self, candles: Candles) -> Signals:
        raise ZeroDivisionError(f"no trades within {self.lookback} candles")
'''
UNFINISHED = "from trad import Strategy\n\nclass Unfinished(Strategy\n"


CHOOSY = f"""{BREAKOUT}
    def valid(self) -> bool:
        return self.stop_pct > self.lookback
"""
STRATEGIES = {
    "choosy": CHOOSY,
    "breakout": BREAKOUT,
    "drifting": BREAKOUT,
    "ratio": FAILING,
    "unfinished": UNFINISHED,
}


@dataclass(frozen=True, kw_only=True)
class View:
    """A page, and what must be on it before its picture is taken."""

    name: str
    path: str
    shows: str
    acts: Callable[[Page], None] | None = None


class Api:
    """The server's API, as far as the jobs of the pictures need it."""

    def __init__(self, address: str, home: Path) -> None:
        token = (home / "token").read_text().strip()
        self._client = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60.0, trust_env=False
        )

    def make(self, **request: Any) -> str:
        """Make a job; return its id."""
        answer = self._client.post("/api/jobs", json=request)
        if answer.status_code == 503:  # the process that reads strategies compiles kernels the first time
            time.sleep(2)
            return self.make(**request)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        """Read a job."""
        answer: dict[str, Any] = self._client.get(f"/api/jobs/{job_id}").raise_for_status().json()
        return answer

    def ask(self, job_id: str, action: str) -> None:
        """Pause, resume or cancel a job."""
        self._client.post(f"/api/jobs/{job_id}/{action}").raise_for_status()

    def wait(self, job_id: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until something holds of a job.

        Raises:
            TimeoutError: It did not in time.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while not holds(job := self.job(job_id)):
            if time.monotonic() > until:
                raise TimeoutError(f"job {job_id} is {job['state']} at {job['progress']} %: {job['error']}")
            time.sleep(0.2)
        return job


def main() -> None:
    """Fill a server, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--port", type=int, default=8464)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    parser.add_argument("--only", default="", help="part of the names of the pages to take")
    given = parser.parse_args()
    if given.chromium is None:
        parser.error("there is no Chromium here; apt install chromium, or give --chromium PATH")
    given.out.mkdir(parents=True, exist_ok=True)
    with server(given.port) as (address, link, home):
        views = [view for view in filled(Api(address, home), home) if given.only in view.name]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=given.chromium, args=list(CHROMIUM))
            overflowing = take(browser, address, link, views, given.out)
            browser.close()
    for line in overflowing:
        print(f"overflows: {line}")
    print(f"{len(list(given.out.glob('*.png')))} pictures in {given.out}")


@contextmanager
def server(port: int) -> Iterator[tuple[str, str, Path]]:
    """Run a server in a home of its own; yield its address, a link that logs in, and the home."""
    home = Path(tempfile.mkdtemp(prefix="trad-screenshots-"))
    (home / "strategies").mkdir()
    for name, text in STRATEGIES.items():
        (home / "strategies" / f"{name}.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "trad",
        "serve",
        "--port",
        str(port),
        "--workers",
        "2",
        "--processes",
        "2",
    ]
    environment = {**os.environ, "TRAD_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        link = next(found for line in process.stdout if (found := re.search(r"http\S+/login\S+", line)))[0]
        yield link.partition("/login")[0], link, home
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(home, ignore_errors=True)


def filled(api: Api, home: Path) -> list[View]:
    """Make jobs in every state; return what there is to look at."""
    stock: dict[str, Any] = {"data": "sample:aapl-1d", "objective": "sharpe"}
    done = api.make(strategy="donchian_breakout", optimizer="bayesian", episodes=60, seed=1, **stock)
    api.wait(done, lambda job: job["state"] == "completed")
    grid = {"fast": {"low": 5, "high": 60, "step": 5}, "slow": {"low": 40, "high": 200, "step": 20}}
    other = api.make(strategy="sma_cross", optimizer="grid", params=grid, seed=1, **stock)
    best = api.wait(other, lambda job: job["state"] == "completed")["best_episode"]
    faulty = api.make(strategy="ratio", optimizer="random", episodes=8, seed=3, **stock)
    api.wait(faulty, lambda job: job["state"] == "completed")
    long = {"data": "sample:minute?candles=200000&seed=1", "optimizer": "random", "episodes": 100}
    paused, drifted = (paused_job(api, strategy=name, seed=4, **long) for name in ("breakout", "drifting"))
    # A job whose strategy changed cannot go on to the same result: it stays paused, with the cause.
    (home / "strategies" / "drifting.py").write_text(BREAKOUT.replace("(20,", "(30,"))
    api.ask(drifted, "resume")
    api.wait(drifted, lambda job: job["state"] == "paused" and job["error"] is not None)
    failed = api.make(strategy="choosy", optimizer="random", episodes=8, seed=3, **stock)
    api.wait(failed, lambda job: job["state"] == "failed")
    running = [api.make(strategy="breakout", seed=seed, **long) for seed in (5, 6)]
    api.make(
        strategy="sma_cross", seed=9, optimizer="random", episodes=40, data="sample:aapl-1d", priority=-5
    )
    api.wait(running[0], lambda job: bool(job["running"]) and job["progress"] > 1)
    return [
        View(name="jobs", path="/", shows="breakout"),
        View(name="job-running", path=f"/jobs/{running[0]}", shows="breakout"),
        View(name="job-paused", path=f"/jobs/{paused}", shows="breakout"),
        View(name="job-completed", path=f"/jobs/{done}", shows="donchian_breakout"),
        View(name="job-grid", path=f"/jobs/{other}", shows="sma_cross"),
        View(name="job-drifted", path=f"/jobs/{drifted}", shows="drifting"),
        View(name="job-failed", path=f"/jobs/{failed}", shows="choosy"),
        View(name="job-faulty", path=f"/jobs/{faulty}", shows="ratio"),
        View(name="episode", path=f"/jobs/{other}/episodes/{best}", shows="From above"),
        View(name="new-empty", path="/new", shows="Start the job", acts=submitted),
        View(name="new-like", path=f"/new?like={done}", shows="Parameters", acts=opened),
        View(name="new-broken", path="/new?strategy=unfinished", shows="cannot be used"),
        View(name="library", path="/library", shows="donchian_breakout"),
        View(name="compare", path=f"/compare?of={done},{other}", shows="Compare"),
        View(name="nothing", path="/nothing/here", shows="Jobs"),
    ]


def paused_job(api: Api, **request: Any) -> str:
    """Make a job, and pause it under way."""
    job_id = api.make(**request)
    api.wait(job_id, lambda job: job["progress"] > 1)
    api.ask(job_id, "pause")
    api.wait(job_id, lambda job: job["state"] == "paused")
    return job_id


def submitted(page: Page) -> None:
    """Send the form as it is, so that its errors show."""
    page.get_by_role("button", name="Start the job").click()


def opened(page: Page) -> None:
    """Open all that is closed."""
    page.eval_on_selector_all("details", "all => all.forEach((one) => (one.open = true))")


def take(browser: Browser, address: str, link: str, views: list[View], out: Path) -> list[str]:
    """Take the pictures; return where a page is wider than its window."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(link)
    page.wait_for_url(f"{address}/")
    overflowing = []
    for view in views:
        widths = (*WIDTHS, WALL) if view.name == "jobs" else WIDTHS
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for width in widths:
                name = f"{view.name}-{width}-{scheme}"
                page.set_viewport_size({"width": width, "height": HEIGHT})
                page.goto(address + view.path)
                page.get_by_text(view.shows).first.wait_for(state="attached")
                if view.acts is not None:
                    view.acts(page)
                page.wait_for_timeout(SETTLED_MS)
                page.screenshot(path=out / f"{name}.png", full_page=True)
                wide = int(page.evaluate("document.documentElement.scrollWidth"))
                if wide > width:
                    overflowing.append(f"{name} is {wide} px wide")
    context.close()
    return overflowing


if __name__ == "__main__":
    main()
