"""What a page shows of a job, noted at each change of the page, from the first moment on."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Locator, Page, expect
from tests.e2e.jobs import Row

PATIENT = 60_000
"""Milliseconds that a page is given: a busy machine takes its time."""

# The card on the page of all jobs, or else the job's own page.
_SCRIPT = """
((address) => {
  let before = "";
  const note = () => {
    const link = document.querySelector(`article a[href="${address}"]`);
    const place = link ? link.closest("article")
      : location.pathname === address && document.querySelector("main");
    if (!place) return;
    const bars = [...place.querySelectorAll("[role=progressbar]")].map((bar) => ({
      label: bar.getAttribute("aria-label"),
      value: Number(bar.getAttribute("aria-valuenow")),
      text: bar.getAttribute("aria-valuetext"),
    }));
    const seen = JSON.stringify({ bars, words: place.textContent });
    if (seen === before || bars.length === 0) return;
    before = seen;
    window.noted(Date.now(), seen);
  };
  new MutationObserver(note).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
})
"""

_LANE = re.compile(r"Processing candle ([\d,]+)/([\d,]+) \(([\d.]+)%\) - ([a-z ]+)")
_EPISODES = re.compile(r"Episode ([\d,]+)/([\d,]+)")
STAGES = ("signal generation", "trade simulation")


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A running episode as a page shows it; `value` is the length of its bar, in percent."""

    number: int
    candle: int
    candles: int
    stage: str
    line: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A job as a page shows it at one moment (milliseconds since 1970)."""

    at: float
    percent: str
    episodes: str
    state: str
    value: float
    lanes: tuple[Lane, ...]
    words: str

    @property
    def episode(self) -> int:
        """The episode that the job is at."""
        found = _EPISODES.fullmatch(self.episodes)
        assert found is not None, self.episodes
        return int(found[1].replace(",", ""))

    @property
    def figures(self) -> tuple[str, str, tuple[str, ...]]:
        """All three levels as texts."""
        lines = sorted(f"{lane.number}: {lane.line}" for lane in self.lanes)
        return self.percent, self.episodes, tuple(lines)


def card_of(page: Page, job_id: str) -> Locator:
    """Find a job's card on the page of all jobs."""
    return page.get_by_role("article").filter(has=page.locator(f'a[href="/jobs/{job_id}"]'))


class Watch:
    """Notes whatever a page shows of a job, over reloads too; made before the page is opened.

    Attributes:
        card: The job on the page of all jobs.
    """

    def __init__(self, page: Page, job_id: str) -> None:
        self._page = page
        self._noted: list[tuple[float, str]] = []
        page.expose_function("noted", lambda at, seen: self._noted.append((at, seen)))
        page.add_init_script(f"({_SCRIPT})('/jobs/{job_id}')")
        self.card = card_of(page, job_id)
        self._place = self.card.or_(page.get_by_role("region", name="Progress"))

    def shown(self) -> list[Shown]:
        """Everything that was shown so far, in its order."""
        self._page.evaluate("undefined")  # what is noted comes before the answer to what is asked
        return [_shown(at, seen) for at, seen in self._noted]

    def until(self, holds: str, patience: float = 2 * PATIENT) -> None:
        """Wait until the job's own bar says something, such as `Completed`; milliseconds."""
        bar = self._place.get_by_role("progressbar", name=re.compile("^Job "))
        expect(bar).to_have_attribute("aria-valuetext", re.compile(holds), timeout=patience)


def _shown(at: float, seen: str) -> Shown:
    noted: dict[str, Any] = json.loads(seen)
    jobs = [bar for bar in noted["bars"] if bar["label"].startswith("Job ")]
    assert len(jobs) == 1, noted
    percent, episodes, state = jobs[0]["text"].split(", ")
    lanes = tuple(_lane(bar) for bar in noted["bars"] if bar["label"].startswith("Episode "))
    return Shown(
        at=at,
        percent=percent,
        episodes=episodes,
        state=state,
        value=jobs[0]["value"],
        lanes=lanes,
        words=noted["words"],
    )


def _lane(bar: dict[str, Any]) -> Lane:
    found = _LANE.fullmatch(bar["text"])
    assert found is not None, bar
    return Lane(
        number=int(bar["label"].removeprefix("Episode ")),
        candle=_number(found[1]),
        candles=_number(found[2]),
        stage=found[4],
        line=bar["text"],
        value=bar["value"],
    )


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def figures_of(job: Row) -> tuple[str, str, tuple[str, ...]]:
    """Write a job of the API as a page should show it: `Shown.figures`."""
    lines = sorted(
        f"{one['number']}: Processing candle {one['candles_processed']:,}/{one['total_candles']:,} "
        f"({_percent(one['percent'])}) - {one['stage'].replace('_', ' ')}"
        for one in job["running"]
        if job["state"] == "running"
    )
    return (
        _percent(job["progress"]),
        f"Episode {job['current_episode']:,}/{job['total_episodes']:,}",
        tuple(lines),
    )


def _percent(value: float) -> str:
    """Round down to one decimal: what is not done is never said to be."""
    return f"{math.floor(value * 10 + 1e-6) / 10:.1f}%"


def assert_percent_never_falls(shown: Sequence[Shown]) -> None:
    """Check that the job's percent only went forward, whatever happened to its workers."""
    _assert_rises([one.value for one in shown], "the job's percent")


def assert_episodes_never_fall(shown: Sequence[Shown]) -> None:
    """Check that the episode the job is at, and each episode's candle, only went forward.

    An episode whose worker was lost begins anew: that is no fall, and such a moment must not lie between.
    """
    _assert_rises([one.episode for one in shown], "the job's episode")
    lanes: dict[int, list[Lane]] = {}
    for one in shown:
        for lane in one.lanes:
            lanes.setdefault(lane.number, []).append(lane)
    for number, path in lanes.items():
        _assert_rises([lane.value for lane in path], f"the bar of episode {number}")
        steps = [STAGES.index(lane.stage) * lane.candles + lane.candle for lane in path]
        _assert_rises(steps, f"the candle of episode {number}")


def _assert_rises(values: Sequence[float], what: str) -> None:
    falls = [(before, after) for before, after in pairwise(values) if after < before]
    assert not falls, f"{what} fell: {falls}"


def assert_says_what_its_bars_say(shown: Sequence[Shown]) -> None:
    """Check that the text beside each bar is what the bar tells a screen reader."""
    for one in shown:
        for text in (one.percent, one.episodes, one.state, *(lane.line for lane in one.lanes)):
            assert text in one.words, f"{text!r} is not in {one.words!r}"
