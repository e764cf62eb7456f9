"""Every route x every method x everything that must be refused: made from the app's own table of routes.

A route that is added later is in the table, and so in this test, and so behind the guard.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRouter, iter_route_contexts
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.fakes.asking import Client
from tests.fakes.gated import BEARER, HOST, ORIGIN, TOKEN, gated_app, new_gate

from trad.server.gate import Gate
from trad.server.sessions import SESSION_SECONDS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW")
WITHOUT_A_SESSION = {"/login"}

Headers = list[tuple[str, str]]


class Reached:
    """Stands between the guard and the routes, and notes what comes so far; only the login goes further."""

    def __init__(self, app: ASGIApp, seen: list[str], further: set[str]) -> None:
        self._app = app
        self._seen = seen
        self._further = further

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._seen.append(f"{scope['method']} {scope['path']}")
        # A stream that was reached would never end.
        app = self._app if scope["path"] in self._further else PlainTextResponse("reached", 299)
        await app(scope, receive, send)


class Guarded(NamedTuple):
    """The app, who it lets in, and what came as far as its routes."""

    app: FastAPI
    client: Client
    gate: Gate
    reached: list[str]


def guarded(clock: Callable[[], float] | None = None) -> Guarded:
    gate = new_gate(clock)
    app = gated_app(gate)
    reached: list[str] = []
    app.user_middleware.append(
        Middleware(Reached, seen=reached, further={*WITHOUT_A_SESSION, "/api/later/1"})
    )
    return Guarded(app, Client(app, ORIGIN), gate, reached)


@pytest.fixture
def service() -> Guarded:
    return guarded()


def paths_of(app: FastAPI) -> list[str]:
    """List the paths of the table of routes, with something plausible where a parameter stands."""
    paths = []
    for route in iter_route_contexts(app.routes):
        assert route.path is not None, f"{route} tells no path"
        paths.append(re.sub(r"\{[^}]*\}", "1", route.path))
    return sorted(set(paths))


PATHS = paths_of(gated_app(new_gate()))


def session_of(gate: Gate) -> str:
    return (gate.login(gate.new_code()) or "").partition(";")[0]


class Foreign(NamedTuple):
    """Something that is refused though the right token or session comes with it."""

    name: str
    headers: Headers
    query: str = ""
    host: Sequence[str] = (HOST,)


FOREIGN = [
    Foreign("foreign host", [], host=["evil.example"]),
    Foreign("foreign host with the port", [], host=["evil.example:8400"]),
    Foreign("right host, wrong port", [], host=["127.0.0.1:1"]),
    Foreign("no host", [], host=[]),
    Foreign("two hosts", [], host=[HOST, "evil.example"]),
    Foreign("null origin", [("Origin", "null")]),
    Foreign("foreign origin", [("Origin", "http://evil.example")]),
    Foreign("foreign origin that begins as ours", [("Origin", f"{ORIGIN}.evil.example")]),
    Foreign("another port of this machine", [("Origin", "http://127.0.0.1:3000")]),
    Foreign("cross-site", [("Sec-Fetch-Site", "cross-site")]),
    Foreign("same-site", [("Sec-Fetch-Site", "same-site")]),
    Foreign("preflight", [("Origin", ORIGIN), ("Access-Control-Request-Method", "POST")]),
    Foreign("token in the query", [], query=f"token={TOKEN}"),
    Foreign("access token in the query", [], query=f"access_token={TOKEN}"),
]


def ask(client: Client, method: str, path: str, foreign: Foreign, known: Headers) -> httpx.Response:
    hosts = [("Host", host) for host in foreign.host]
    target = f"{path}?{foreign.query}" if foreign.query else path
    return client.request(method, target, headers=[*hosts, *foreign.headers, *known], hosts=len(hosts))


@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_foreign_reaches_no_route(service: Guarded, path: str) -> None:
    session = [("Cookie", session_of(service.gate))]
    for known in (list(BEARER.items()), session, []):
        for method in METHODS:
            for foreign in FOREIGN:
                answer = ask(service.client, method, path, foreign, known)
                assert answer.status_code in (400, 403), (method, foreign.name)
                assert answer.headers["content-security-policy"], (method, foreign.name)
                assert not any(name.startswith("access-control") for name in answer.headers)
                assert TOKEN not in answer.text
    assert service.reached == []


def strangers() -> Iterator[tuple[str, Headers]]:
    """Everything that comes from this server's own page, but from nobody that it knows."""
    now = [1_700_000_000.0]
    gate = new_gate(lambda: now[0])
    old = session_of(gate)
    name, _, value = session_of(new_gate()).partition("=")
    stated, _, signature = value.rpartition(".")
    yield "no token", []
    yield "wrong token", [("Authorization", f"Bearer {TOKEN[:-1]}1")]
    yield "empty token", [("Authorization", "Bearer ")]
    yield "token by another scheme", [("Authorization", f"Basic {TOKEN}")]
    yield "token as a cookie", [("Cookie", f"{name}={TOKEN}")]
    yield "expired cookie", [("Cookie", old)]
    yield "forged cookie", [("Cookie", f"{name}={stated}.{signature[::-1]}")]
    yield "cookie of another home", [("Cookie", f"{name}={stated}.{'0' * len(signature)}")]
    yield "login code as a cookie", [("Cookie", f"{name}={new_gate().new_code()}")]
    yield "cookie by another name", [("Cookie", f"session={value}")]


STRANGERS = dict(strangers())


def test_the_old_cookie_held_once_and_is_old_now(service: Guarded) -> None:
    cookie = STRANGERS["expired cookie"][0][1]
    assert new_gate(lambda: 1_700_000_000.0 + SESSION_SECONDS - 1).session([cookie])
    assert service.gate.session([cookie]) is None


@pytest.mark.parametrize("path", [path for path in PATHS if path not in WITHOUT_A_SESSION])
@pytest.mark.parametrize("own", [[], [("Origin", ORIGIN)], [("Sec-Fetch-Site", "same-origin")]])
def test_nobody_unknown_reaches_a_route(service: Guarded, path: str, own: Headers) -> None:
    for method in METHODS:
        for name, headers in STRANGERS.items():
            answer = service.client.request(method, path, headers=[*own, *headers])
            assert answer.status_code in (401, 429), (method, name)
            assert answer.headers["cache-control"] == "no-store"
    assert service.reached == []


@pytest.mark.parametrize("path", sorted(WITHOUT_A_SESSION))
def test_the_login_gives_a_stranger_nothing(service: Guarded, path: str) -> None:
    for method in METHODS:
        for name, headers in STRANGERS.items():
            answer = service.client.request(method, path, headers=headers)
            assert answer.status_code in (401, 405, 429), (method, name)
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", [path for path in PATHS if path not in WITHOUT_A_SESSION])
def test_a_session_without_a_page_changes_nothing(service: Guarded, path: str) -> None:
    session = [("Cookie", session_of(service.gate))]
    for method in METHODS[2:]:
        for site in ([], [("Sec-Fetch-Site", "none")], [("Referer", f"{ORIGIN}/")]):
            assert service.client.request(method, path, headers=[*session, *site]).status_code == 403
    assert service.reached == []


@pytest.mark.parametrize("path", [path for path in PATHS if path not in WITHOUT_A_SESSION])
def test_a_body_that_is_not_small_json_reaches_no_route(service: Guarded, path: str) -> None:
    known = list(BEARER.items())
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    for method in METHODS:
        answer = service.client.request(method, path, headers=[*known, *form], content=b"fee=1")
        assert answer.status_code == 415, method
        large = [("Content-Type", "application/json"), ("Content-Length", str(2**30))]
        assert service.client.request(method, path, headers=[*known, *large]).status_code == 413, method
    assert service.reached == []


def test_the_table_is_the_whole_api_and_nothing_else() -> None:
    """The guard knows the API by its folder: a route outside could not be called, and is not meant to be."""
    assert {"/api/health", "/api/openapi.json", "/api/logout", "/login"} <= set(PATHS)
    assert [path for path in PATHS if not path.startswith("/api/")] == ["/login"]


def test_these_requests_would_reach_a_route_with_the_right_token(service: Guarded) -> None:
    for path in ("/api/openapi.json", "/api/nothing"):
        service.client.get(path, headers=BEARER)
        assert service.reached == [f"GET {path}"]
        service.reached.clear()


def test_a_new_route_cannot_escape(service: Guarded) -> None:
    called: list[str] = []
    later = APIRouter()

    @later.post("/api/later/{name}")
    async def in_a_router(name: str) -> None:
        called.append(name)

    @service.app.get("/elsewhere")
    async def outside_the_api() -> None:
        called.append("elsewhere")

    service.app.include_router(later)
    assert {"/api/later/1", "/elsewhere"} <= set(paths_of(service.app))
    assert service.client.post("/api/later/1").status_code == 401
    for headers in ([], list(BEARER.items())):
        assert service.client.request("GET", "/elsewhere", headers=headers).status_code == 404
    assert called == []
    assert service.client.post("/api/later/1", headers=BEARER).status_code == 200
    assert called == ["1"]
