"""What every answer carries."""

import asyncio

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import Message
from tests.fakes.asking import Client

from trad.server import guard
from trad.server.gate import Gate
from trad.server.headers import CONTENT_SECURITY_POLICY, SecurityHeaders, is_user_data

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def client() -> Client:
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.get("/api/thing")
    async def thing() -> PlainTextResponse:
        return PlainTextResponse("", headers={"Content-Security-Policy": "none", "Cache-Control": "public"})

    guard.install(app, Gate(TOKEN, hosts=["t:1"]))
    return Client(app, "http://t:1")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("PUT", "/", BEARER, 405),
        ("GET", "/api/thing", BEARER, 200),
        ("GET", "/api/thing", {}, 401),
        ("GET", "/api/nothing", BEARER, 404),
        ("PUT", "/api/thing", BEARER, 405),
        ("GET", "/api/thing", {"Host": "evil.example"}, 403),
        ("POST", "/api/thing", {**BEARER, "Content-Length": "999999"}, 413),
    ],
)
def test_every_answer_carries_them(
    client: Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == status
    assert {name: answer.headers.get_list(name) for name in ALWAYS} == {
        name: [value] for name, value in ALWAYS.items()
    }
    assert answer.headers.get_list("cache-control") == ["no-store" if is_user_data(path) else "no-cache"]


def test_nothing_inline_and_nothing_from_elsewhere_runs_in_a_page() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("path", "user_data"),
    [
        ("/api", True),
        ("/api/", True),
        ("/api/jobs", True),
        ("/login", True),
        ("/login/x", True),
        ("/apis", False),
        ("/", False),
        ("/jobs/api", False),
    ],
)
def test_what_is_user_data(path: str, user_data: bool) -> None:
    assert is_user_data(path) is user_data


def test_what_is_not_http_passes_untouched() -> None:
    seen: list[object] = []

    async def inside(scope: object, receive: object, send: object) -> None:
        seen.extend((scope, receive, send))

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        pass

    asyncio.run(SecurityHeaders(inside)({"type": "lifespan"}, receive, send))
    assert seen == [{"type": "lifespan"}, receive, send]
