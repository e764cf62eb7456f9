"""`trad serve`: what it refuses before it serves, and what it says when it does."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.cli.conftest import Refused, Run

from trad.cli.serve_report import Report
from trad.server.gate import Gate
from trad.server.listening import AddressNote, Listener
from trad.server.serving import WorkerPlan
from trad.server.sessions import LoginCodes
from trad.server.token_file import read_or_make_token
from trad.settings import read_settings

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_one_sentence(refused: Refused, taken: int, trad_home: Path) -> None:
    message = refused("serve", "--port", taken)
    assert message.startswith(f"port {taken} of 127.0.0.1 is in use")
    assert "\n" not in message
    assert not (trad_home / "server").exists()


def test_an_address_of_another_machine_is_refused(refused: Refused) -> None:
    assert "is an address of this machine" in refused("serve", "--host", "192.0.2.1", "--port", 0)


@pytest.mark.parametrize(("given", "missing"), [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")])
def test_half_of_a_certificate_is_refused(refused: Refused, given: str, missing: str) -> None:
    assert refused("serve", "--port", 0, given, "x.pem") == (
        f"{given} was given without {missing}; TLS needs both"
    )


def test_a_certificate_that_is_none_is_refused(refused: Refused, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for chain, key in ((empty, empty), (tmp_path / "nowhere.pem", empty)):
        message = refused("serve", "--port", 0, "-w", 0, "--tls-cert", chain, "--tls-key", key)
        assert "cannot be used" in message
        assert str(chain) in message


def test_a_name_that_is_none_is_refused(refused: Refused) -> None:
    assert "an allowed host was '*'" in refused("serve", "--port", 0, "--allow-host", "*")


@pytest.mark.parametrize("option", [("--port", 65536), ("--workers", -1), ("--processes", 0)], ids=str)
def test_numbers_have_their_ranges(run: Run, option: tuple[str, int]) -> None:
    assert run("serve", *option).code == 2


def test_a_token_that_others_can_read_is_refused(refused: Refused, trad_home: Path) -> None:
    read_or_make_token(trad_home)
    (trad_home / "token").chmod(0o644)
    assert "a token is for its owner alone" in refused("serve", "--port", 0)


def test_a_link_needs_a_server(refused: Refused, trad_home: Path) -> None:
    assert "start one: trad serve" in refused("serve", "--link")
    read_or_make_token(trad_home)
    assert "start one: trad serve" in refused("serve", "--link")


def test_a_link_is_made_beside_a_server(run: Run, trad_home: Path, taken: int) -> None:
    import time

    token = read_or_make_token(trad_home)
    codes = LoginCodes(token, time.time)
    AddressNote(trad_home).write(f"http://127.0.0.1:{taken}")

    code, out, err = run("serve", "--link")

    assert (code, err) == (0, "")
    link = re.fullmatch(rf"http://127\.0\.0\.1:{taken}/login\?code=(\S+)\n", out)
    assert link is not None
    assert token not in out
    assert codes.redeem(link[1])


def report(address: str, *, secure: bool = False, workers: int = 1, names: tuple[str, ...] = ()) -> Report:
    listener = Listener(socket=socket.socket(), address=address, port=8400, secure=secure)
    listener.socket.close()
    plan = WorkerPlan(count=workers, processes=3)
    return Report(read_settings(), listener, Gate(TOKEN, hosts=[]), plan, names)


def test_the_report_says_where_what_and_how(capsys: pytest.CaptureFixture[str], trad_home: Path) -> None:
    report("127.0.0.1").ready()
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("Trad serves http://127.0.0.1:8400\n")
    assert "http://127.0.0.1:8400/login?code=" in out
    assert f"data     {trad_home}\n" in out
    assert "1, with 3 episodes at once" in out
    assert TOKEN not in out


def test_without_workers_it_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    report("127.0.0.1", workers=0).ready()
    assert "none; start one on any machine" in capsys.readouterr().out


def test_no_password_is_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAD_DATABASE_URL", "postgresql+psycopg://trad:hunter2@db/trad")
    monkeypatch.setenv("TRAD_REDIS_URL", "redis://:hunter2@redis:6379/0")
    report("127.0.0.1").ready()
    out, _ = capsys.readouterr()
    assert "hunter2" not in out
    assert "@db/trad" in out
    assert "@redis:6379/0" in out


@pytest.mark.parametrize(
    ("address", "secure", "names", "warnings"),
    [
        ("127.0.0.1", False, (), []),
        ("192.0.2.7", True, (), []),
        ("192.0.2.7", False, (), ["without TLS"]),
        ("0.0.0.0", True, ("trad.example.org",), []),
        ("0.0.0.0", False, (), ["without TLS", "--allow-host"]),
    ],
)
def test_it_warns_of_what_others_can_read_and_of_what_they_cannot_reach(
    capsys: pytest.CaptureFixture[str],
    address: str,
    secure: bool,
    names: tuple[str, ...],
    warnings: list[str],
) -> None:
    report(address, secure=secure, names=names).ready()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(warnings)
    for line, warning in zip(lines, warnings, strict=True):
        assert line.startswith("warning: ")
        assert warning in line


def test_control_characters_of_a_worker_command_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report("127.0.0.1").trouble("worker 1 \x1b[2J")
    assert capsys.readouterr().err == "warning: worker 1 \\x1b[2J\n"


def test_the_end_is_told_where_there_is_something_to_wait_for(capsys: pytest.CaptureFixture[str]) -> None:
    report("127.0.0.1", workers=0).stopping()
    assert capsys.readouterr().err == ""
    report("127.0.0.1").stopping()
    assert "jobs go back to the queue" in capsys.readouterr().err
