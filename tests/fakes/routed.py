"""The routes over a real database and a real inspector, without a gate and without a socket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import dumps as encoded
from pathlib import Path

import httpx
from fastapi import FastAPI
from tests.fakes.asking import Client

from trad.server.app import create_app
from trad.server.state import ServerState
from trad.service.inspector import Inspector
from trad.service.inspector_direct import DirectInspector
from trad.settings import Settings, read_settings
from trad.storage.opening import Storage, open_storage
from trad.training.job import Claim, Episode, Job, JobSpec

ORIGIN = "http://127.0.0.1:8400"
ASKED: dict[str, object] = {
    "strategy": "sma_cross",
    "data": "sample:minute?candles=500",
    "optimizer": "random",
    "episodes": 9,
}


@dataclass
class RecordedHints:
    """Hints that go nowhere, but are remembered."""

    sent: list[tuple[str, int]] = field(default_factory=list)

    def send(self, job_id: str, attempt: int) -> None:
        self.sent.append((job_id, attempt))

    def send_missing(self, jobs: Sequence[Job]) -> None:
        raise AssertionError("the server does not look for missing hints")

    def wait(self, seconds: float) -> None:
        raise AssertionError("the server does not wait for hints")

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Routed:
    """A service, and a client of it."""

    state: ServerState
    client: Client
    hints: RecordedHints
    app: FastAPI

    @property
    def storage(self) -> Storage:
        return self.state.storage

    @property
    def settings(self) -> Settings:
        return self.state.settings

    def get(self, path: str, status: int = 200) -> httpx.Response:
        """Ask, and make sure of the status."""
        return checked(self.client.get(path), status)

    def post(self, path: str, status: int = 200, json: object = None, **headers: str) -> httpx.Response:
        """Ask, and make sure of the status; `_` in a header's name stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if json is None:
            return checked(self.client.post(path, headers=named), status)
        # Escaped to ASCII: a test may send half a character.
        named["Content-Type"] = "application/json"
        return checked(self.client.post(path, content=encoded(json).encode(), headers=named), status)

    def delete(self, path: str, status: int = 204) -> httpx.Response:
        """Ask, and make sure of the status."""
        return checked(self.client.request("DELETE", path), status)

    def created(self, **changes: object) -> str:
        """Make a job over the API; return its id."""
        job_id: str = self.post("/api/jobs", 201, {**ASKED, **changes}).json()["id"]
        return job_id

    def claimed(self, job_id: str, *, lease: float = 60.0) -> Claim:
        """Hand a job to a worker."""
        claim = self.storage.ledger.claim("host:1", lease_seconds=lease, job_id=job_id)
        assert claim is not None
        return claim

    def recorded(self, job_id: str, *episodes: Episode) -> None:
        """Let a worker record episodes, and leave the job paused."""
        claim = self.claimed(job_id)
        self.storage.ledger.record_episodes(claim, episodes)
        self.storage.ledger.finish(claim, "paused")


def checked(response: httpx.Response, status: int) -> httpx.Response:
    """Return an answer that has the status, and the type that goes with it."""
    assert response.status_code == status, (response.status_code, response.text)
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status
    return response


def routed_over(storage: Storage, inspector: Inspector | None = None) -> Routed:
    """Put a service together over a storage."""
    settings, hints = read_settings(), RecordedHints()
    state = ServerState(
        settings=settings, storage=storage, inspector=inspector or DirectInspector(settings), hints=hints
    )
    app = create_app(state)
    return Routed(state, Client(app, ORIGIN), hints, app)


@contextmanager
def routed(folder: Path, inspector: Inspector | None = None) -> Iterator[Routed]:
    """Serve a database of its own for the time of a block."""
    with open_storage(f"sqlite:///{folder / 'trad.db'}") as storage:
        yield routed_over(storage, inspector)


def spec(**changes: object) -> JobSpec:
    """Return a spec that was planned some time ago; nothing of it need exist."""
    plain: dict[str, object] = {
        "strategy": "sma_cross",
        "strategy_code": "c" * 64,
        "data": "sample:minute",
        "data_hash": "d" * 64,
        "candles": 1_000,
        "optimizer": "random",
        "objective": "sharpe",
        "episodes": 20,
        "seed": 7,
        "space": {
            "fast": {"type": "int", "default": 10, "low": 5, "high": 50, "step": 1, "log": False},
            "slow": {"fixed": 90},
        },
    }
    return JobSpec.from_json({**plain, **changes})
