"""Every rule of the guard, on a small app of the test's own."""

import asyncio

import pytest
from fastapi import FastAPI, Request
from starlette.types import Message
from tests.fakes.asking import Client

from trad.server import guard
from trad.server.gate import Gate
from trad.server.guard import Guard

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
HOST = "127.0.0.1:8400"
ORIGIN = f"http://{HOST}"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def gate() -> Gate:
    return Gate(TOKEN, hosts=[HOST, "localhost:8400"])


@pytest.fixture
def client(gate: Gate) -> Client:
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.api_route("/api/thing", methods=["GET", "POST", "DELETE"])
    async def thing(request: Request) -> dict[str, str | int]:
        return {"session": request.scope["state"]["session"], "length": len(await request.body())}

    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError

    guard.install(app, gate)
    return Client(app, ORIGIN)


@pytest.fixture
def cookie(gate: Gate) -> dict[str, str]:
    return {"Cookie": (gate.login(gate.new_code()) or "").partition(";")[0]}


def test_the_token_lets_in(client: Client) -> None:
    answer = client.get("/api/thing", headers=BEARER)
    assert (answer.status_code, answer.json()) == (200, {"session": "bearer", "length": 0})


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_may_be_written_as_one_likes(client: Client, scheme: str) -> None:
    assert client.get("/api/thing", headers={"Authorization": f"{scheme} {TOKEN}"}).status_code == 200


def test_a_session_lets_in_and_is_told_by_name(client: Client, cookie: dict[str, str]) -> None:
    answer = client.get("/api/thing", headers=cookie)
    assert answer.status_code == 200
    assert answer.json()["session"] in cookie["Cookie"]


def test_without_either_the_answer_says_how(client: Client) -> None:
    answer = client.get("/api/thing")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "trad serve --link" in answer.json()["detail"]
    assert answer.json()["type"] == "urn:trad:problem:unauthenticated"


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN],
)
def test_a_wrong_token_is_refused_and_not_repeated(client: Client, given: str) -> None:
    answer = client.get("/api/thing", headers={"Authorization": given})
    assert answer.status_code == 401
    assert TOKEN[:-1] not in answer.text


def test_a_wrong_token_counts_even_beside_a_good_session(client: Client, cookie: dict[str, str]) -> None:
    assert client.get("/api/thing", headers={**cookie, "Authorization": "Bearer no"}).status_code == 401


def test_two_tokens_are_one_too_many(client: Client) -> None:
    headers = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")]
    assert client.get("/api/thing", headers=headers).status_code == 401


def test_many_wrong_tokens_slow_down_wrong_tokens_alone(client: Client) -> None:
    answers = [client.get("/api/thing", headers={"Authorization": "Bearer no"}) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 61
    assert client.get("/api/thing", headers=BEARER).status_code == 200
    assert client.get("/api/thing").status_code == 401


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ([HOST], 200),
        (["localhost:8400"], 200),
        (["evil.example"], 403),
        (["evil.example:8400"], 403),
        (["127.0.0.1"], 403),
        (["127.0.0.1:8400, evil.example"], 403),
        ([""], 403),
        ([HOST, HOST], 400),
        ([HOST, "evil.example"], 400),
        ([], 400),
    ],
)
@pytest.mark.parametrize("path", ["/api/thing", "/", "/assets/app.js", "/api/nothing", "/login"])
def test_only_exact_hosts_are_answered(gate: Gate, hosts: list[str], status: int, path: str) -> None:
    headers = [(b"host", host.encode()) for host in hosts]
    headers.append((b"authorization", BEARER["Authorization"].encode()))
    seen = ask(gate, path=path, headers=headers)
    assert seen == (status if status != 200 else "reached")


def ask(
    gate: Gate, *, path: str = "/api/thing", method: str = "GET", headers: list[tuple[bytes, bytes]]
) -> int | str:
    """Send one request to a guard with nothing behind it; a status, or that it got through."""
    seen: list[int | str] = []

    async def inside(scope: object, receive: object, send: object) -> None:
        seen.append("reached")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.append(message["status"])

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 5000),
    }
    asyncio.run(Guard(inside, gate)(scope, receive, send))
    (result,) = seen
    return result


@pytest.mark.parametrize("path", ["*", "http://127.0.0.1:8400/api/thing", "api/thing", ""])
def test_a_path_that_is_none_is_refused(gate: Gate, path: str) -> None:
    headers = [(b"host", HOST.encode()), (b"authorization", BEARER["Authorization"].encode())]
    assert ask(gate, path=path, headers=headers) == 400


@pytest.mark.parametrize("name", ["token", "access_token", "Token", "code", "bearer", "%74oken"])
@pytest.mark.parametrize("path", ["/api/thing", "/", "/anything"])
def test_a_secret_in_the_address_is_refused(client: Client, name: str, path: str) -> None:
    answer = client.get(f"{path}?a=1&{name}={TOKEN}", headers=BEARER)
    assert answer.status_code == 400
    assert TOKEN not in answer.text


def test_a_token_is_no_login_code(client: Client) -> None:
    assert client.get(f"/login?token={TOKEN}").status_code == 400


FOREIGN = [
    {"Origin": "null"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "https://127.0.0.1:8400"},
    {"Origin": "http://localhost:8400"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=lambda headers: "-".join(headers.values()))
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "TRACE", "BREW"])
@pytest.mark.parametrize("who", ["bearer", "cookie"])
def test_what_another_page_sends_is_refused(
    client: Client, cookie: dict[str, str], headers: dict[str, str], method: str, who: str
) -> None:
    known = BEARER if who == "bearer" else cookie
    answer = client.request(method, "/api/thing", headers={**headers, **known})
    assert answer.status_code == 403
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Referer": f"{ORIGIN}/"}, 403),
        ({"Origin": ORIGIN}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}, 200),
    ],
    ids=["nothing", "none", "referer", "origin", "site", "both"],
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_session_changes_things_from_its_own_page_alone(
    client: Client, cookie: dict[str, str], headers: dict[str, str], status: int, method: str
) -> None:
    assert client.request(method, "/api/thing", headers={**headers, **cookie}).status_code == status


def test_a_program_with_the_token_needs_no_page(client: Client) -> None:
    assert client.post("/api/thing", headers=BEARER, json={}).status_code == 200


def test_a_page_elsewhere_may_lead_to_the_dashboard_but_not_load_parts_of_it(client: Client) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert client.get("/", headers={"Origin": "http://evil.example"}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_files_need_no_session_to_be_read_but_for_all_else(client: Client, method: str) -> None:
    assert client.request(method, "/assets/x").status_code == 401
    assert client.request(method, "/assets/x", headers=BEARER).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/api//thing",
        "/%61pi/thing",
        "/api/%2e%2e/thing",
        "/api/openapi.json",
    ],
)
def test_nothing_under_the_api_is_told_to_strangers(client: Client, path: str) -> None:
    assert client.get(path).status_code == 401


def test_websockets_are_turned_away(gate: Gate) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def inside(scope: object, receive: object, send: object) -> None:
        raise AssertionError

    asyncio.run(
        Guard(inside, gate)({"type": "websocket", "path": "/api/events", "headers": []}, receive, send)
    )
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_no_answer_names_other_sites(client: Client) -> None:
    for answer in (
        client.get("/api/thing", headers={**BEARER, "Origin": ORIGIN}),
        client.request("OPTIONS", "/api/thing", headers={**BEARER, "Origin": ORIGIN}),
        client.get("/"),
    ):
        assert not any(name.startswith("access-control") for name in answer.headers)
