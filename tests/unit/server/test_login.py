"""From the link to a session, and out again."""

import pytest
from fastapi import FastAPI
from tests.fakes.asking import Client
from tests.fakes.gated import BEARER, HOST, ORIGIN, TOKEN, gated_app, new_gate

from trad.server.gate import Gate

HTML = {"Accept": "text/html"}


@pytest.fixture
def gate() -> Gate:
    return new_gate()


@pytest.fixture
def app(gate: Gate) -> FastAPI:
    return gated_app(gate)


@pytest.fixture
def client(app: FastAPI) -> Client:
    return Client(app, ORIGIN)


def test_a_link_leads_to_the_dashboard_with_a_session(client: Client, gate: Gate) -> None:
    answer = client.get(f"/login?code={gate.new_code()}", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert gate.session([cookie.partition(";")[0]]) is not None


def test_a_link_lets_in_once(client: Client, gate: Gate) -> None:
    path = f"/login?code={gate.new_code()}"
    assert client.get(path).status_code == 303
    second = client.get(path)
    assert second.status_code == 401
    assert "set-cookie" not in second.headers
    assert "trad serve --link" in second.json()["detail"]


def test_the_browser_that_it_let_in_may_open_it_again(client: Client, gate: Gate) -> None:
    path = f"/login?code={gate.new_code()}"
    cookie = client.get(path).headers["set-cookie"].partition(";")[0]
    second = client.get(path, headers={"Cookie": cookie})
    assert (second.status_code, second.headers["location"]) == (303, "/")
    assert "set-cookie" not in second.headers


def test_a_browser_is_told_on_a_page(client: Client) -> None:
    answer = client.get("/login?code=worn-out", headers=HTML)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert "<code>trad serve --link</code>" in answer.text
    assert "worn-out" not in answer.text


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS"])
def test_only_opening_the_link_uses_it_up(client: Client, gate: Gate, method: str) -> None:
    path = f"/login?code={gate.new_code()}"
    assert client.request(method, path).status_code == 405
    assert client.get(path).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    ids=["host", "site", "origin"],
)
def test_a_refused_request_does_not_use_the_link_up(
    client: Client, gate: Gate, headers: dict[str, str]
) -> None:
    path = f"/login?code={gate.new_code()}"
    assert client.get(path, headers=headers).status_code == 403
    assert client.get(path).status_code == 303


def test_guessing_slows_down_and_locks_nobody_out(client: Client, gate: Gate) -> None:
    answers = [client.get(f"/login?code={number}").status_code for number in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert client.get(f"/login?code={gate.new_code()}").status_code == 303


@pytest.mark.parametrize("by", ["session", "token"])
def test_logging_out_takes_the_cookie_back(client: Client, gate: Gate, by: str) -> None:
    session = {"Cookie": (gate.login(gate.new_code()) or "").partition(";")[0], "Origin": ORIGIN}
    answer = client.post("/api/logout", headers=session if by == "session" else BEARER)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["set-cookie"].startswith(f"{gate.cookie_name}=; Max-Age=0; Path=/")


def test_nobody_is_logged_out_by_another_page(client: Client, gate: Gate) -> None:
    session = {"Cookie": (gate.login(gate.new_code()) or "").partition(";")[0]}
    assert client.post("/api/logout", headers={**session, "Origin": "http://evil.example"}).status_code == 403
    assert client.post("/api/logout", headers=session).status_code == 403


def test_without_a_gate_there_is_nothing_to_log_in_to() -> None:
    client = Client(gated_app(None), f"http://{HOST}")
    assert client.get("/login?code=x").status_code == 404
    assert "set-cookie" not in client.post("/api/logout").headers
