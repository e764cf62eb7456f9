"""From a candle in a strategy to an event at a client: how old is what is shown?"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
from tests.fakes import timekeeping
from tests.fakes.event_clients import EventClient
from tests.fakes.event_servers import ServiceProcess
from tests.fakes.timekeeping import CLOCKS

pytestmark = [pytest.mark.serial, pytest.mark.slow]

CANDLES, EPISODES = 100_000, 3
DATA = f"sample:minute?candles={CANDLES}"
OLDEST = 1.0
"""Seconds, at the 95th percentile."""

FEWEST = 10
"""Events that show a candle on its way: fewer would say little."""


@contextmanager
def train_beside(service: ServiceProcess, home: Path) -> Iterator[None]:
    """Let `trad train` do it, in a process of its own."""
    command = [sys.executable, "-m", "trad", "train", f"{timekeeping.__file__}:Timekeeping"]
    command += ["--data", DATA, "--optimizer", "random", "--seed", "3"]
    command += ["--episodes", str(EPISODES), "--workers", "1", "--quiet"]
    environment = {**os.environ, "TRAD_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as training:
        yield
    assert training.returncode == 0


@contextmanager
def ask_the_service(service: ServiceProcess, home: Path) -> Iterator[None]:
    """Let the service's own worker do it."""
    folder = home / "strategies"
    folder.mkdir(exist_ok=True)
    shutil.copy(timekeeping.__file__, folder / "timekeeping.py")
    asked = {"strategy": "timekeeping", "data": DATA, "optimizer": "random", "episodes": EPISODES, "seed": 3}
    answer = httpx.post(
        f"http://127.0.0.1:{service.port}/api/jobs",
        json=asked,
        headers={"Authorization": f"Bearer {service.token}", "Sec-Fetch-Site": "same-origin"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    yield


def shown(client: EventClient) -> list[tuple[float, int, int]]:
    """Listen until the job has ended: when which candle of which episode was shown."""
    seen: list[tuple[float, int, int]] = []
    state = "queued"
    while state != "completed":
        assert client.read_some()
        now = time.monotonic()
        for event in client.take():
            if event.kind == "job":
                state = event.data["state"]
                assert state in ("queued", "running", "completed")
                seen += [
                    (now, each["number"], each["candles_processed"])
                    for each in event.data["running"]
                    if each["stage"] == "signal_generation" and 0 < each["candles_processed"] < CANDLES
                ]
    return seen


@pytest.mark.parametrize(
    ("begin", "workers"), [(train_beside, 0), (ask_the_service, 1)], ids=["train", "worker"]
)
def test_what_is_shown_is_at_most_a_second_old(
    begin: Callable[[ServiceProcess, Path], AbstractContextManager[None]],
    workers: int,
    trad_home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--workers", str(workers), "--processes", "1"]
    with (
        ServiceProcess(trad_home, *arguments) as service,
        service.listen() as client,
        begin(service, trad_home),
    ):
        seen = shown(client)
    clocks = array("d", (trad_home / CLOCKS).read_bytes())
    assert len(clocks) == EPISODES * CANDLES, "each episode ran once, one after the other"
    ages = [at - clocks[(episode - 1) * CANDLES + candle - 1] for at, episode, candle in seen]
    assert min(ages) > 0, "nothing is shown before it happened"
    assert len(ages) >= FEWEST
    p95 = statistics.quantiles(ages, n=20)[-1]
    with capsys.disabled():
        print(
            f"\ncandle to event: median {statistics.median(ages):.2f} s, 95th percentile {p95:.2f} s, "
            f"oldest {max(ages):.2f} s of {len(ages)} events"
        )
    assert p95 <= OLDEST
