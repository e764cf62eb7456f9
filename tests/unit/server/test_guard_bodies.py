"""Bodies of requests: JSON, small, and whole."""

import asyncio

import pytest
from fastapi import FastAPI, Request
from starlette.types import Message
from tests.fakes.asking import Client

from trad.server import guard
from trad.server.bodies import MOST_BYTES, held_body
from trad.server.gate import Gate
from trad.server.refusals import Refused

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client() -> Client:
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.post("/api/thing")
    async def thing(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    guard.install(app, Gate(TOKEN, hosts=["t:1"]))
    return Client(app, "http://t:1")


def test_json_passes_whole(client: Client) -> None:
    body = b'"' + b"x" * (MOST_BYTES - 2) + b'"'
    headers = {**BEARER, "Content-Type": "application/json; charset=utf-8"}
    assert client.post("/api/thing", headers=headers, content=body).json()["length"] == MOST_BYTES


@pytest.mark.parametrize("streamed", [False, True])
def test_a_body_too_large_is_refused(client: Client, streamed: bool) -> None:
    headers = {**BEARER, "Content-Type": "application/json"}
    body = b"x" * (MOST_BYTES + 1)
    answer = client.post(
        "/api/thing", headers=headers, content=iter([body[:9], body[9:]]) if streamed else body
    )
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
    ],
)
def test_a_body_that_is_not_json_is_refused(client: Client, media_type: str) -> None:
    answer = client.post("/api/thing", headers={**BEARER, "Content-Type": media_type}, content=b"{}")
    assert answer.status_code == 415


@pytest.mark.parametrize("length", ["-1", "1e3", "９", str(2**70)])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    scope = {"headers": [(b"content-length", length.encode("utf-8"))]}
    with pytest.raises(Refused) as refused:
        asyncio.run(held_body(scope, _never))
    assert refused.value.status == 413


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    scope = {"headers": [(b"content-length", b"5"), (b"content-type", b"application/json")]}
    with pytest.raises(Refused) as refused:
        asyncio.run(held_body(scope, _never, patience=0.01))
    assert refused.value.status == 408


async def _never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


def test_after_the_body_a_route_hears_of_the_clients_leaving() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"[1,", "more_body": True},
        {"type": "http.request", "body": b"2]", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def both() -> list[Message]:
        handed = await held_body(
            {"headers": [(b"content-length", b"5"), (b"content-type", b"application/json")]}, receive
        )
        return [await handed(), await handed()]

    assert asyncio.run(both()) == [
        {"type": "http.request", "body": b"[1,2]", "more_body": False},
        {"type": "http.disconnect"},
    ]


def test_a_client_that_leaves_in_the_middle_reaches_no_route() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"headers": [(b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")]}
    with pytest.raises(Refused):
        asyncio.run(held_body(scope, receive))
