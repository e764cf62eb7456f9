"""Who may come in."""

import pytest

from trad.errors import InputError
from trad.server.gate import FailedLogins, Gate, allowed_hosts, login_link
from trad.server.sessions import SESSION_SECONDS

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
HOSTS = ("127.0.0.1:8400", "localhost:8400")


def gate_at(now: list[float], *, secure: bool = False) -> Gate:
    return Gate(TOKEN, hosts=HOSTS, secure=secure, clock=lambda: now[0])


@pytest.mark.parametrize(
    "token",
    ["", TOKEN[:-1], TOKEN + "0", TOKEN.swapcase(), "\udc80", "ä" * 43, TOKEN + "\0"],
    ids=["empty", "short", "long", "case", "surrogate", "umlauts", "null"],
)
def test_only_the_token_itself_is_known(token: str) -> None:
    gate = gate_at([0.0])
    assert gate.knows(TOKEN)
    assert not gate.knows(token)


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        ("127.0.0.1:8400", True),
        ("LOCALHOST:8400", True),
        ("localhost", False),
        ("localhost:8401", False),
        ("localhost.:8400", False),
        ("localhost:8400.evil.example", False),
        ("evil.example", False),
        ("", False),
        (" 127.0.0.1:8400", False),
    ],
)
def test_hosts_are_compared_exactly(host: str, answers: bool) -> None:
    assert gate_at([0.0]).answers_to(host) is answers


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8400", "127.0.0.1:8400", True),
        ("http://localhost:8400", "localhost:8400", True),
        ("http://localhost:8400", "127.0.0.1:8400", False),
        ("https://127.0.0.1:8400", "127.0.0.1:8400", False),
        ("http://127.0.0.1:8401", "127.0.0.1:8400", False),
        ("http://127.0.0.1:8400/", "127.0.0.1:8400", False),
        ("null", "127.0.0.1:8400", False),
        ("http://evil.example", "evil.example", False),
    ],
)
def test_an_origin_is_own_only_where_it_is_the_page_of_this_host(origin: str, host: str, own: bool) -> None:
    assert gate_at([0.0]).is_own(origin, host) is own


def test_with_tls_only_a_page_with_tls_is_own() -> None:
    gate = gate_at([0.0], secure=True)
    assert gate.is_own("https://127.0.0.1:8400", "127.0.0.1:8400")
    assert not gate.is_own("http://127.0.0.1:8400", "127.0.0.1:8400")


def test_a_name_behind_a_proxy_may_be_shown_with_tls() -> None:
    gate = Gate(TOKEN, hosts=[*HOSTS, "trad.example.org"], proxied=["trad.example.org"])
    assert gate.is_own("https://trad.example.org", "trad.example.org")
    assert not gate.is_own("https://127.0.0.1:8400", "127.0.0.1:8400")


def test_a_login_begins_a_session_that_outlives_the_server_and_ends_after_a_month() -> None:
    now = [1_700_000_000.0]
    gate = gate_at(now)
    cookie = gate.login(gate.new_code())
    assert cookie is not None
    pair, *attributes = cookie.split("; ")
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict", f"Max-Age={SESSION_SECONDS}"}
    assert TOKEN not in cookie

    restarted = gate_at(now)
    session = restarted.session([f"theme=dark; {pair}; x=y"])
    assert session is not None
    assert restarted.session([f"{pair}x"]) is None
    assert restarted.session([pair.replace(gate.cookie_name, "other")]) is None
    now[0] += SESSION_SECONDS
    assert restarted.session([pair]) is None


def test_a_stale_cookie_beside_a_good_one_does_no_harm() -> None:
    gate = gate_at([1_700_000_000.0])
    pair = (gate.login(gate.new_code()) or "").partition(";")[0]
    assert gate.session([f"{gate.cookie_name}=stale; {pair}"]) is not None
    assert gate.session([f"{gate.cookie_name}=stale", pair]) is not None


def test_with_tls_the_cookie_travels_by_tls_alone() -> None:
    gate = gate_at([1_700_000_000.0], secure=True)
    cookie = gate.login(gate.new_code())
    assert cookie is not None
    assert cookie.startswith("__Host-trad-")
    assert cookie.endswith("; Secure")


def test_two_homes_on_one_machine_have_cookies_of_different_names() -> None:
    assert gate_at([0.0]).cookie_name != Gate("z" * 43, hosts=HOSTS).cookie_name


def test_a_wrong_code_begins_nothing() -> None:
    gate = gate_at([1_700_000_000.0])
    assert gate.login("") is None
    assert gate.login(TOKEN) is None


def test_logging_out_takes_the_cookie_back() -> None:
    gate = gate_at([0.0])
    assert gate.logout().startswith(f"{gate.cookie_name}=; Max-Age=0; Path=/")


def test_the_link_holds_the_code_and_never_the_token() -> None:
    gate = gate_at([1_700_000_000.0])
    code = gate.new_code()
    assert login_link("http://127.0.0.1:8400", code) == f"http://127.0.0.1:8400/login?code={code}"
    assert TOKEN not in code


def test_loopback_names_are_allowed_with_their_port_alone() -> None:
    assert allowed_hosts("127.0.0.1", 8400, [], secure=False) == {
        "127.0.0.1:8400",
        "localhost:8400",
        "[::1]:8400",
    }


@pytest.mark.parametrize(("port", "secure"), [(80, False), (443, True)])
def test_a_schemes_own_port_may_be_left_out(port: int, secure: bool) -> None:
    assert {"localhost", f"localhost:{port}"} <= allowed_hosts("127.0.0.1", port, [], secure=secure)
    assert "localhost" not in allowed_hosts("127.0.0.1", port, [], secure=not secure)


@pytest.mark.parametrize("wildcard", ["0.0.0.0", "::"])
def test_a_wildcard_names_nothing(wildcard: str) -> None:
    hosts = allowed_hosts(wildcard, 8400, [], secure=False)
    assert not any(wildcard in host.replace("[::1]", "") for host in hosts)


def test_another_address_and_further_names_are_added() -> None:
    hosts = allowed_hosts("fe80::1", 8400, ["Trad.Example.org", "other.example:9000"], secure=False)
    assert {"[fe80::1]:8400", "trad.example.org", "trad.example.org:8400", "other.example:9000"} <= hosts
    assert "other.example:8400" not in hosts


@pytest.mark.parametrize("name", ["", "*", "http://x", "a b", "x/y", "x:port", "*.example.org", "x\n"])
def test_what_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="an allowed host was"):
        allowed_hosts("127.0.0.1", 8400, [name], secure=False)


def test_a_client_with_too_many_failures_waits_and_others_do_not() -> None:
    now = [100.0]
    failed = FailedLogins(clock=lambda: now[0])
    assert [failed.count("a") for _ in range(10)] == [None] * 10
    assert failed.count("a") == 61
    now[0] += 30
    assert failed.count("a") == 31
    assert failed.count("b") is None
    now[0] += 30
    assert failed.count("a") is None


def test_failures_of_many_clients_take_bounded_room() -> None:
    failed = FailedLogins(clock=lambda: 0.0)
    for client in range(5_000):
        failed.count(str(client))
    assert len(failed._clients) == 1_000
