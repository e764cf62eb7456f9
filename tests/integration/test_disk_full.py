"""A disk that runs full under a job: it waits, says so, and goes on by itself when there is room again."""

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.fakes.campaign import DATA, PARAMS, STRATEGY, CampaignHome, Order
from tests.fakes.processes import PATIENCE, eventually

from trad.storage.ledger import open_ledger

ORDER = Order(optimizer="bayesian", seed=1, episodes=60)
STANDSTILL = 2.0
"""Seconds without a new episode, of which one takes some hundredths, after which the job waits."""


class Recorded:
    """How many episodes are recorded, and for how long no more were."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count
        self._last, self._since = 0, time.monotonic()

    def look(self) -> int:
        """Return how many there are."""
        now = self._count()
        if now > self._last:
            self._last, self._since = now, time.monotonic()
        return now

    def still(self) -> float:
        """Return the seconds since the last one came."""
        self.look()
        return time.monotonic() - self._since


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "trad", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("a small disk cannot be made: there is no program `mount`")
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be made: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(file: Path) -> None:
    """Write until not one byte more has room."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65_536, 4_096, 1):
            while True:
                try:
                    os.write(descriptor, b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    break
    finally:
        os.close(descriptor)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_job_waits_while_the_disk_is_full_and_goes_on_by_itself(small_disk: Path) -> None:
    home = CampaignHome(small_disk / "home", {"TRAD_PROGRESS_INTERVAL": "0.1"})
    space = [part for text in PARAMS for part in ("--param", text)]
    order = ["--optimizer", ORDER.optimizer, "--seed", str(ORDER.seed), "--episodes", str(ORDER.episodes)]
    command = [sys.executable, "-m", "trad", "train", STRATEGY, "--data", DATA, *order, *space]
    with (
        open_ledger(home.settings.database) as ledger,
        subprocess.Popen(
            [*command, "--workers", "1", "--json"],
            env={**os.environ, **home.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        try:
            recorded = Recorded(lambda: sum(job.completed_episodes for job in ledger.jobs()))
            eventually(lambda: recorded.look() >= 5, "the first episodes")
            fill(small_disk / "filler")
            eventually(lambda: recorded.still() > STANDSTILL, "the job to wait")
            assert process.poll() is None
            (job,) = ledger.jobs()
            assert (job.state, job.completed_episodes < ORDER.episodes) == ("running", True)
            (small_disk / "filler").unlink()
            output, complaints = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        assert process.returncode == 0, complaints
        assert "no room left" in complaints
        assert json.loads(output)["fingerprint"] == home.undisturbed(ORDER)
        assert [episode.number for episode in ledger.episodes(job.id)] == list(range(1, ORDER.episodes + 1))
