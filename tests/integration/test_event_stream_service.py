"""The stream of the whole program, behind its gate, and what becomes of it when the program stops."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.event_clients import EventClient
from tests.fakes.event_servers import ServiceProcess

pytestmark = pytest.mark.slow


def test_what_trad_train_does_is_heard_and_a_stop_ends_the_stream_at_once(trad_home: Path) -> None:
    with ServiceProcess(trad_home, "--workers", "0") as service, service.listen() as client:
        command = [sys.executable, "-m", "trad", "train", "sma_cross", "--data", "sample:minute?candles=2000"]
        command += ["--episodes", "12", "--workers", "0", "--quiet"]
        environment = {**os.environ, "TRAD_HOME": str(trad_home)}
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
        events = client.events(lambda e: e.kind == "log" and e.data["message"].startswith("completed"))
        assert [e.data["place"] for e in events if e.kind == "episode"] == list(range(1, 13))
        states = [e.data["state"] for e in events if e.kind == "job"]
        assert states[-1] == "completed"

        with EventClient(service.port).open() as stranger:
            assert stranger.status == 401

        assert service.stop() < 4
        client.read_to_end()
        assert client.ended_well


def test_another_start_of_the_server_is_a_gap_that_clients_hear_of(trad_home: Path) -> None:
    with ServiceProcess(trad_home, "--workers", "0") as service, service.listen() as client:
        while not client.parser.last_id:
            client.read_some()
    with (
        ServiceProcess(trad_home, "--workers", "0") as service,
        service.listen(client.parser.last_id) as client,
    ):
        events = client.events(lambda event: event.kind == "reset")
        assert [event.kind for event in events] == ["reset"]
