"""`trad serve` as a stranger meets it: a process, a socket, a token file, a link."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from tests.fakes.processes import PATIENCE, eventually
from tests.fakes.served import Served

from trad.storage.ledger import open_ledger

JOB = {"strategy": "sma_cross", "data": "sample:minute?candles=200000", "episodes": 100_000}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without workers, for whatever changes nothing about it."""
    with Served(tmp_path_factory.mktemp("served"), "--workers", "0") as served:
        yield served


def log_in(served: Served, link: str) -> str:
    """Open a link as a browser does and return the cookie."""
    answer = httpx.get(link, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text
    return str(answer.headers["set-cookie"].partition(";")[0])


def another_link(served: Served) -> str:
    """Ask for a link in a second terminal."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "trad", "serve", "--link"],
        env={**os.environ, "TRAD_HOME": str(served.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_printed_link_logs_in_once(served: Served) -> None:
    cookie = log_in(served, served.link)
    assert served.request("GET", "/api/health", headers={"Cookie": cookie}).status_code == 200
    again = httpx.get(served.link)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


def test_a_second_terminal_gets_another_link(served: Served) -> None:
    link = another_link(served)
    assert link.startswith(f"{served.url}/login?code=")
    cookie = log_in(served, link)
    assert served.request("GET", "/api/health", headers={"Cookie": cookie}).status_code == 200


def test_the_token_is_for_its_owner_alone_and_lets_programs_in(served: Served) -> None:
    assert stat.S_IMODE((served.home / "token").stat().st_mode) == 0o600
    assert served.request("GET", "/api/health").status_code == 200
    assert served.request("GET", "/api/health", headers={}).status_code == 401
    assert served.request("GET", f"/api/health?token={served.token}").status_code == 400


def test_a_session_changes_things_from_its_own_page(served: Served) -> None:
    cookie = {"Cookie": log_in(served, another_link(served))}
    for headers, status in (
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": served.url}, 204),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
    ):
        answer = served.request("POST", "/api/logout", headers={**cookie, **headers})
        assert answer.status_code == status, headers


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /api/health HTTP/1.1\r\nHost: evil.example\r\n", 403),
        (b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n", 403),
        (b"GET /api/health HTTP/1.1\r\n", 400),
        (b"GET /api/health HTTP/1.0\r\n", 400),
        (b"GET /api/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400),
        (b"GET http://evil.example/api/health HTTP/1.1\r\nHost: {host}\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n", 400),
        (b"GET /api/../api/health HTTP/1.1\r\nHost: {host}\r\n", 404),
        (b"GET /api/health HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: upgrade\r\n", 200),
        (b"POST /api/jobs HTTP/1.1\r\nHost: {host}\r\nContent-Length: 300000\r\n", 413),
        (
            b"POST /api/jobs HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n",
            415,
        ),
    ],
)
def test_requests_that_no_client_library_sends(served: Served, head: bytes, status: int) -> None:
    head = head.replace(b"{host}", f"127.0.0.1:{served.port}".encode())
    answer = served.raw(head + f"Authorization: {served.bearer['Authorization']}\r\n\r\n".encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_never_ends_is_cut(served: Served) -> None:
    head = (
        f"POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nTransfer-Encoding: chunked\r\n"
        f"Content-Type: application/json\r\nAuthorization: {served.bearer['Authorization']}\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    assert served.raw(head.encode() + chunk * 5).startswith(b"HTTP/1.1 413 ")


def test_every_answer_has_its_headers_and_none_names_the_server(served: Served) -> None:
    for path, headers in (
        ("/", {}),
        ("/api/health", {}),
        ("/api/events", {}),
        ("/api/health", served.bearer),
    ):
        answer = served.request("GET", path, headers=headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
    with httpx.stream("GET", f"{served.url}/api/events", headers=served.bearer) as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["x-content-type-options"] == "nosniff"
        assert stream.headers["cache-control"] == "no-store"


def test_neither_token_nor_code_nor_cookie_is_written_anywhere(served: Served) -> None:
    link = another_link(served)
    cookie = log_in(served, link)
    served.request("GET", f"/api/health?access_token={served.token}")
    served.request("GET", "/api/%1b[2J", headers={"Cookie": cookie})
    served.request("GET", f"/login?code={'x' * 40}", headers={})
    code = link.partition("code=")[2]
    log = (served.home / "logs" / "trad.log").read_text()
    assert "request refused" in log
    for text in (log, served.output):
        for secret in (served.token, code, cookie.partition("=")[2], "x" * 40):
            assert secret not in text
        assert "\x1b" not in text


def test_a_port_in_use_ends_in_a_sentence(served: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "trad", "serve", "--port", str(served.port)],
        env={**os.environ, "TRAD_HOME": str(served.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: port {served.port} of 127.0.0.1 is in use")
    assert done.stderr.count("\n") == 1
    assert (served.home / "server").read_text().strip() == served.url


def test_a_session_outlives_the_server_and_a_link_does_not(tmp_path: Path) -> None:
    with Served(tmp_path, "--workers", "0") as first:
        cookie = log_in(first, first.link)
        unused = another_link(first).partition("code=")[2]
        assert first.end(signal.SIGTERM) == 0
        assert not (tmp_path / "server").exists()
    with Served(tmp_path, "--workers", "0") as second:
        assert second.request("GET", "/api/health", headers={"Cookie": cookie}).status_code == 200
        assert httpx.get(f"{second.url}/login?code={unused}").status_code == 401


def test_with_tls_the_cookie_is_for_tls_alone(tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a -keyout {key} -out {chain}".split(),
        check=True,
        capture_output=True,
    )
    options = ("--workers", "0", "--tls-cert", str(chain), "--tls-key", str(key))
    with Served(tmp_path, *options) as served:
        assert served.url.startswith("https://")
        answer = httpx.get(served.link, verify=False)
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith("__Host-")
        assert "; Secure" in answer.headers["set-cookie"]
        assert served.request("GET", "/api/health").status_code == 200


def running_job(served: Served) -> str:
    """Ask for a job that takes long, and wait until a worker is at it."""
    asked: list[httpx.Response] = []

    def taken() -> bool:
        asked.append(served.request("POST", "/api/jobs", json=JOB))
        assert asked[-1].status_code in (201, 503), asked[-1].text  # 503: a busy machine still warms up
        return asked[-1].status_code == 201

    eventually(taken, "a server that can plan a job", 3 * PATIENCE)
    job_id = str(asked[-1].json()["id"])

    def runs() -> bool:
        job = served.request("GET", f"/api/jobs/{job_id}").json()
        assert job["state"] in ("queued", "running"), job
        return bool(job["recorded_episodes"])

    eventually(runs, "the job's first episodes")
    return job_id


def state_of(home: Path, job_id: str) -> str:
    with open_ledger(f"sqlite:///{home / 'trad.db'}") as ledger:
        return ledger.job(job_id).state


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=0)
    return not alive


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)])
def test_a_signal_ends_it_soon_and_hands_the_job_back(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with Served(tmp_path) as served:
        job_id = running_job(served)
        below = served.children()
        with httpx.stream("GET", f"{served.url}/api/events", headers=served.bearer, timeout=60) as stream:
            assert stream.status_code == 200
            began = time.monotonic()
            assert served.end(number) == code
            assert time.monotonic() - began < 20
        assert "jobs go back to the queue" in served.output
        assert "Traceback" not in served.output
        eventually(lambda: gone(below), "the end of everything that it started")
    assert state_of(tmp_path, job_id) == "queued"
    assert "Traceback" not in (tmp_path / "logs" / "worker-1.log").read_text()
    assert "Traceback" not in (tmp_path / "logs" / "trad.log").read_text()


def test_a_server_that_is_killed_takes_its_workers_along_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        job_id = running_job(served)
        below = served.children()
        assert len(below) >= 3
        served.end(signal.SIGKILL)
        eventually(lambda: gone(below), "the end of everything that it started")
        token = served.token
    with Served(tmp_path) as again:
        assert again.token == token
        before = again.request("GET", f"/api/jobs/{job_id}").json()["recorded_episodes"]
        eventually(
            lambda: again.request("GET", f"/api/jobs/{job_id}").json()["recorded_episodes"] > before,
            "more episodes of the same job",
        )


def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        first = served.worker()
        first.kill()
        eventually(lambda: "worker 1 was killed by SIGKILL" in served.output, "the warning")
        eventually(lambda: first.pid != served.worker().pid, "another worker")
        job_id = running_job(served)
        served.request("POST", f"/api/jobs/{job_id}/cancel")
        assert served.end(signal.SIGTERM) == 0
