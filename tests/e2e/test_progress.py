"""The three levels of a job that runs: they move, never fall, and say what the ledger holds."""

import threading
import time
from typing import Self

import pytest
from playwright.sync_api import Page
from tests.e2e import jobs
from tests.e2e.watching import (
    Shown,
    Watch,
    assert_episodes_never_fall,
    assert_percent_never_falls,
    assert_says_what_its_bars_say,
    figures_of,
)
from tests.fakes.event_clients import EventClient
from tests.fakes.served import Served

from trad.service.documents import job_document
from trad.storage.ledger import open_ledger

pytestmark = [pytest.mark.serial, pytest.mark.slow]

Figures = tuple[str, str, tuple[str, ...]]


class Written:
    """What the ledger's row of a job said, in the order of its changes, while a block lasts.

    Attributes:
        ticks: When each was first seen (milliseconds since 1970), and what it was.
        told: What events told, which may have caught a row between two looks of ours.
    """

    def __init__(self, served: Served, job_id: str) -> None:
        self.ticks: list[tuple[float, Figures]] = []
        self.told: set[Figures] = set()
        self._served, self._job_id = served, job_id
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._readers = [threading.Thread(target=read) for read in (self._read_rows, self._read_events)]
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for reader in self._readers:
            reader.join()

    def _read_rows(self) -> None:
        with open_ledger(f"sqlite:///{self._served.home / 'trad.db'}") as ledger:
            while not self._over.is_set():
                figures = figures_of(job_document(ledger.job(self._job_id)))
                if not self.ticks or self.ticks[-1][1] != figures:
                    self.ticks.append((1_000 * time.time(), figures))
                self._over.wait(0.03)

    def _read_events(self) -> None:
        with EventClient(self._served.port, token=self._served.token).open() as client:
            state = "running"
            while state not in jobs.ENDED and not self._over.is_set():
                assert client.read_some()
                for event in client.take():
                    if event.kind == "job" and event.data["id"] == self._job_id:
                        state = event.data["state"]
                        self.told.add(figures_of(event.data))

    def age(self, shown: Shown) -> int:
        """Count the ticks that were written before a page showed something else."""
        before = [figures for at, figures in self.ticks if at <= shown.at]
        return before[::-1].index(shown.figures) if shown.figures in before else 0


def test_three_levels_move_never_fall_and_say_what_the_ledger_holds(page: Page, served: Served) -> None:
    with jobs.running(served, jobs.unhurried(rest=15)) as job_id, Written(served, job_id) as written:
        watch = Watch(page, job_id)
        page.goto("/")
        watch.until("Episode ([7-9]|1.)/")
        page.reload()
        watch.until("Episode 1[2-8]/")
        watch.card.get_by_role("link", name="unhurried").click()
        watch.until("Completed")
    shown = watch.shown()
    assert_percent_never_falls(shown)
    assert_episodes_never_fall(shown)
    assert_says_what_its_bars_say(shown)

    assert len({one.percent for one in shown}) > 10
    assert len({one.episode for one in shown}) > 5
    positions: dict[int, set[int]] = {}
    for lane in (lane for one in shown for lane in one.lanes):
        positions.setdefault(lane.number, set()).add(lane.candle)
    assert sum(len(candles) > 2 for candles in positions.values()) > 5, "candles move within an episode"
    assert any(len(one.lanes) == 2 for one in shown), "each worker has its bar"

    known = written.told | {figures for _, figures in written.ticks}
    assert [one.figures for one in shown if one.figures not in known] == []
    ages = [written.age(one) for one in shown]
    assert sum(age <= 1 for age in ages) >= 0.9 * len(ages), ages

    last, ended = shown[-1], jobs.row(served, job_id)
    assert last.figures == figures_of(ended) == written.ticks[-1][1] == ("100.0%", "Episode 20/20", ())
    assert last.state == "Completed"
