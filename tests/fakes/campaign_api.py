"""A client of the service that sends a request until it is answered, whatever happens to the server."""

import socket
import time
from pathlib import Path
from typing import Any

import httpx
from tests.fakes.campaign import DATA, PARAMS, STRATEGY, Order

PATIENCE = 240.0
"""Seconds; a server that was just started loads the strategy's libraries first, on a busy machine."""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class StubbornClient:
    """Submits jobs over HTTP; the idempotency key makes what is sent again the same job.

    Args:
        home: The server's TRAD_HOME, where its token is.
    """

    def __init__(self, home: Path, port: int) -> None:
        self._token = home / "token"
        self._url = f"http://127.0.0.1:{port}"

    def submit(self, order: Order, key: str) -> str:
        """Ask for a job and return its id."""
        body = {
            "strategy": STRATEGY,
            "data": DATA,
            "optimizer": order.optimizer,
            "episodes": order.episodes,
            "seed": order.seed,
            "params": list(PARAMS),
        }
        answer = self._insist("POST", "/api/jobs", body, {"Idempotency-Key": key})
        document: dict[str, Any] = answer.json()
        return str(document.get("job_id") or document["id"])

    def ready(self) -> None:
        """Wait until the server answers."""
        self._insist("GET", "/api/health", None, {})

    def _insist(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        last = "nothing was sent"
        while time.monotonic() < deadline:
            try:
                token = self._token.read_text().strip()
                answer = httpx.request(
                    method,
                    self._url + path,
                    json=body,
                    headers={"Authorization": f"Bearer {token}", **headers},
                    timeout=30,
                )
            except (httpx.TransportError, OSError) as error:
                last = repr(error)
            else:
                if answer.is_success:
                    return answer
                last = f"{answer.status_code} {answer.text}"
                if answer.status_code not in (429, 500, 502, 503):
                    break
            time.sleep(0.05)
        raise AssertionError(f"{method} {path} was not granted: {last}")
