"""The dashboard in a real browser: how old a number is when it shows, and how smoothly 50 jobs move."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.timing import machine
from playwright.sync_api import Browser, Page
from tests.e2e import jobs
from tests.e2e.watching import PATIENT, Shown, Watch
from tests.fakes import timekeeping
from tests.fakes.chromium import chromium, find_chromium
from tests.fakes.served import Served
from tests.unit.storage.ledgers import spec

from trad.progress import JobProgress, RunningEpisode
from trad.storage.ledger import open_ledger

OLDEST, LONG_FRAME_MS = 1.0, 50.0
"""The goals: seconds from a candle to its number at the 95th percentile, and no frame longer than this."""

CANDLES, EPISODES = 100_000, 5
JOBS, RATE, SECONDS = 50, 4.0, 20.0

FRAMES = """(milliseconds) => new Promise((done) => {
  const gaps = [], tasks = [];
  const note = (list) => tasks.push(...list.getEntries().map((one) => one.duration));
  const observer = new PerformanceObserver(note);
  observer.observe({ type: "longtask" });
  let before = null, end = null;
  const frame = (now) => {
    if (before !== null) gaps.push(now - before);
    before = now;
    end ??= now + milliseconds;
    if (now < end) requestAnimationFrame(frame);
    else { observer.disconnect(); done({ gaps, tasks }); }
  };
  requestAnimationFrame(frame);
})"""


@contextmanager
def page_of(browser: Browser, served: Served) -> Iterator[Page]:
    """Open a window that is logged in."""
    with browser.new_context(base_url=served.url, viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENT)
        page.goto(served.link)
        page.get_by_role("heading", name="Jobs").wait_for()
        yield page


@dataclass(frozen=True, kw_only=True)
class Ages:
    """Seconds: of each number when it appeared, and of each candle until it, or a later one, was shown."""

    numbers: Sequence[float]
    candles: Sequence[float]


def measure_ages(browser: Browser, home: Path) -> Ages:
    """Train a strategy that writes the clock at each candle, and note when which candle shows."""
    (home / "strategies").mkdir()
    shutil.copy(timekeeping.__file__, home / "strategies")
    data = f"sample:minute?candles={CANDLES}"
    asked = {"strategy": "timekeeping", "data": data, "optimizer": "random", "episodes": EPISODES, "seed": 3}
    with Served(home, "--processes", "1") as served, page_of(browser, served) as page:
        job_id = jobs.ask(served, asked)
        watch = Watch(page, job_id)
        page.goto("/")
        watch.until("Completed", 10 * PATIENT)
        shown = watch.shown()
    clocks = array("d", (home / timekeeping.CLOCKS).read_bytes())
    assert len(clocks) == EPISODES * CANDLES, "each episode ran once, one after the other"
    since = time.time() - time.monotonic()
    # It writes nothing at the first few candles of an episode.
    return _ages(shown, [clock + since if clock else None for clock in clocks])


def _ages(shown: Sequence[Shown], processed_at: Sequence[float | None]) -> Ages:
    """Put together when candles were processed and when the page showed them."""
    reached: list[tuple[int, float]] = []
    for one in shown:
        for lane in one.lanes:
            within = lane.candle if lane.stage == "signal generation" else CANDLES
            place = (lane.number - 1) * CANDLES + within
            if within and (not reached or place > reached[-1][0]):
                reached.append((place, one.at / 1_000))
    places = [place for place, _ in reached]
    candles = {
        place: reached[bisect_left(places, place)][1] - at
        for place, at in enumerate(processed_at[: places[-1]], start=1)
        if at is not None
    }
    numbers = [candles[place] for place in places if place % CANDLES]
    assert min(numbers) > 0, "nothing is shown before it happened"
    return Ages(numbers=numbers, candles=list(candles.values()))


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Milliseconds between frames, and of tasks above 50 ms; how many of the page's bars moved."""

    gaps: Sequence[float]
    tasks: Sequence[float]
    moved: int


def measure_frames(browser: Browser, home: Path, moving: int) -> Frames:
    """Have so many jobs move four times a second, and count the frames of their page."""
    url = f"sqlite:///{home / 'trad.db'}"
    with Served(home, "--workers", "0") as served, _feeder(url, moving), page_of(browser, served) as page:
        bars = page.get_by_role("progressbar", name="Job ")
        if moving:
            page.wait_for_function(
                "(jobs) => document.querySelectorAll('[aria-label^=\"Job \"]').length === jobs", arg=moving
            )
        before = bars.evaluate_all("bars => bars.map((bar) => bar.ariaValueText)")
        seen: dict[str, Any] = page.evaluate(FRAMES, 1_000 * SECONDS)
        after = bars.evaluate_all("bars => bars.map((bar) => bar.ariaValueText)")
    moved = sum(one != other for one, other in zip(before, after, strict=True))
    return Frames(gaps=seen["gaps"], tasks=seen["tasks"], moved=moved)


@contextmanager
def _feeder(url: str, moving: int) -> Iterator[None]:
    """Write the progress of jobs, in a process of its own, while a block lasts."""
    command = [sys.executable, "-m", "benchmarks.bench_dashboard", "feed", url, str(moving)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as feeder:
        assert feeder.stdin is not None
        assert feeder.stdout is not None
        assert feeder.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            feeder.stdin.close()
            print(f"  written: {feeder.stdout.readline().strip()}", flush=True)
            feeder.wait(60)


def feed(url: str, moving: int) -> None:
    """Write each job's progress four times a second until stdin ends, then tell how often that was."""
    over = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    with open_ledger(url) as ledger:
        claims = []
        for place in range(moving):
            job = ledger.create(spec(episodes=1_000, seed=place))
            claims.append(ledger.claim(f"host:1 worker {place}", lease_seconds=600, job_id=job.id))
        print("ready", flush=True)
        began, rounds = time.monotonic(), 0
        while not over.wait(max(0.0, began + rounds / RATE - time.monotonic())):
            for claim in claims:
                assert claim is not None
                ledger.save_progress(claim, _progress(claim.job_id, rounds))
            rounds += 1
        print(f"{moving} jobs, {rounds / (time.monotonic() - began):.1f} times a second", flush=True)


def _progress(job_id: str, at: int) -> JobProgress:
    candle = 1_000 * at % 1_000_000
    lanes = tuple(
        RunningEpisode(
            number=1 + at // 1_000 + place,
            worker=f"host:1 worker {place}",
            stage="signal_generation",
            candles_processed=candle,
            total_candles=1_000_000,
            fraction=candle / 2_000_000,
            age_seconds=at / RATE,
        )
        for place in range(2)
    )
    return JobProgress(
        job_id=job_id,
        state="running",
        percent=min(99.0, at / 20),
        planned=1_000,
        finished=at // 1_000,
        failed=0,
        running=lanes,
        total_candles=1_000_000,
        best_score=None,
        best_number=None,
        candles_per_second=1_000 * RATE,
        eta_seconds=600.0,
        elapsed_seconds=at / RATE,
        taken_at=time.time(),
    )


def main() -> None:
    """Print both tables."""
    program = find_chromium()
    if program is None:
        sys.exit("Chromium is not here; install it (Debian, Ubuntu: apt install chromium)")
    print(f"the dashboard in Chromium, no window, drawn by the processor ({machine()})\n")
    with chromium(program) as browser:
        print(f"from a candle to the page, {EPISODES} episodes of {CANDLES:,}; goal: p95 <= {OLDEST} s")
        with tempfile.TemporaryDirectory() as folder:
            ages = measure_ages(browser, Path(folder))
        for name, taken in (("numbers as they appear", ages.numbers), ("candles until shown", ages.candles)):
            print(f"  {name}: {_quantiles(taken)}", flush=True)
        print(f"\nframes in {SECONDS:.0f} s; goal: none above {LONG_FRAME_MS:.0f} ms")
        for moving in (0, JOBS):
            with tempfile.TemporaryDirectory() as folder:
                _report(measure_frames(browser, Path(folder), moving), moving)


def _quantiles(taken: Sequence[float]) -> str:
    p95 = statistics.quantiles(taken, n=20)[-1]
    median, slowest = statistics.median(taken), max(taken)
    return f"{len(taken):,}, median {median:.2f} s, p95 {p95:.2f} s, slowest {slowest:.2f} s"


def _report(frames: Frames, moving: int) -> None:
    gaps, tasks = frames.gaps, frames.tasks
    late = sum(gap > LONG_FRAME_MS for gap in gaps)
    print(
        f"  {moving} jobs ({frames.moved} moved): {len(gaps):,} frames, "
        f"median {statistics.median(gaps):.1f} ms, "
        f"{100 * late / len(gaps):.2f} % above {LONG_FRAME_MS:.0f} ms, longest {max(gaps):.0f} ms; "
        f"{len(tasks)} long tasks, longest {max(tasks, default=0):.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["feed", url, moving]:
            feed(url, int(moving))
        case _:
            main()
