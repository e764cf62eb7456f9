"""The whole app behind its gate, with nothing that works behind its routes."""

from typing import TYPE_CHECKING, cast

from fastapi import FastAPI

from trad.server.app import create_app
from trad.server.gate import Gate
from trad.server.sessions import Clock
from trad.server.state import ServerState
from trad.settings import read_settings

if TYPE_CHECKING:
    from trad.service.hints import Hints
    from trad.service.inspector import Inspector
    from trad.storage.opening import Storage

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
HOST = "127.0.0.1:8400"
ORIGIN = f"http://{HOST}"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Nothing:
    """Stands where a request must not come: whatever is asked of it fails the test."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"a request came as far as {name}")


def new_gate(clock: Clock | None = None) -> Gate:
    """Return a gate for `TOKEN` and `HOST`."""
    return Gate(TOKEN, hosts=[HOST]) if clock is None else Gate(TOKEN, hosts=[HOST], clock=clock)


def gated_app(gate: Gate | None) -> FastAPI:
    """Put the app together behind a gate; its storage and inspector are `Nothing`."""
    return create_app(
        ServerState(
            settings=read_settings(),
            storage=cast("Storage", Nothing()),
            inspector=cast("Inspector", Nothing()),
            hints=cast("Hints", Nothing()),
            gate=gate,
        )
    )
