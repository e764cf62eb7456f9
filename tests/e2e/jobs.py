"""Jobs of the browser tests: asked for over the API, and gone when a test is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.processes import PATIENCE, eventually
from tests.fakes.served import Served

CANDLES = 10_000
DATA = f"sample:minute?candles={CANDLES}"
ENDED = ("completed", "failed", "cancelled")

Row = dict[str, Any]
"""A job as the API answers it."""


def unhurried(rest: int, *, episodes: int = 20) -> Row:
    """Say what is asked for: a job whose episodes rest a tenth of a second for each of `rest`."""
    return {
        "strategy": "unhurried",
        "data": DATA,
        "optimizer": "random",
        "episodes": episodes,
        "seed": 3,
        "params": {"rest": rest},
    }


def ask(served: Served, asked: Row) -> str:
    """Queue a job and return its id."""
    made: list[Row] = []

    def makes() -> bool:
        answer = served.request("POST", "/api/jobs", json=asked)
        assert answer.status_code in (201, 503), answer.text  # 503: it still warms up
        made.append(answer.json())
        return answer.status_code == 201

    eventually(makes, "a server that can plan a job", 3 * PATIENCE, pause=0.1)
    return str(made[-1]["id"])


def row(served: Served, job_id: str) -> Row:
    """Read a job as it stands."""
    answer = served.request("GET", f"/api/jobs/{job_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def await_state(served: Served, job_id: str, *states: str) -> Row:
    """Wait until a job is in one of these states."""
    rows: list[Row] = []

    def there() -> bool:
        rows.append(row(served, job_id))
        return rows[-1]["state"] in states

    eventually(there, f"a job that is {' or '.join(states)}", 3 * PATIENCE, pause=0.1)
    return rows[-1]


def completed(served: Served, asked: Row) -> str:
    """Run a job to its end and return its id."""
    job_id = ask(served, asked)
    ended = await_state(served, job_id, *ENDED)
    assert ended["state"] == "completed", ended
    return job_id


@contextmanager
def running(served: Served, asked: Row) -> Iterator[str]:
    """Have a job run while a block lasts; in the end it is cancelled, and the worker free."""
    job_id = ask(served, asked)
    try:
        await_state(served, job_id, "running", *ENDED)
        yield job_id
    finally:
        end(served, job_id)


def end(served: Served, job_id: str) -> None:
    """Cancel a job that goes on, and wait until its worker has let it go."""
    served.request("POST", f"/api/jobs/{job_id}/cancel")  # refused where it has ended
    await_state(served, job_id, *ENDED)
