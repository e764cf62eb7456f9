"""The dashboard's files, built and not built."""

import re
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from tests.fakes.asking import Client

from trad.server.dashboard_files import DashboardFiles
from trad.server.headers import SecurityHeaders

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def built(tmp_path: Path) -> Client:
    """A dashboard in a folder, with a secret beside it and a link out of it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>shell</title>")
    (folder / "assets" / "app-1a2b.js").write_text("let a")
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    return client_of(folder)


def client_of(folder: Path) -> Client:
    return Client(SecurityHeaders(DashboardFiles(PlainTextResponse("the api"), folder)), "http://t")


@pytest.mark.parametrize("path", ["/", "/index.html", "/jobs", "/jobs/k3x", "/a/b/c"])
def test_a_view_gets_the_shell(built: Client, path: str) -> None:
    answer = built.get(path, headers=HTML)
    assert (answer.status_code, answer.text) == (200, "<title>shell</title>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_an_asset_is_kept_as_its_name_tells_its_content(built: Client) -> None:
    answer = built.get("/assets/app-1a2b.js")
    assert answer.text == "let a"
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/assets", "/favicon.ico", "/jobs.json"])
def test_what_is_no_file_and_no_view_is_nothing(built: Client, path: str) -> None:
    answer = built.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-cache"


def test_an_asset_that_is_gone_is_not_answered_with_a_page(built: Client) -> None:
    assert built.get("/assets/gone.js", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/assets/../../secret",
        "/assets/%2e%2e/%2e%2e/secret",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..%5csecret",
        "/link",
        "/secret%00.js",
        "/" + "x" * 5_000,
    ],
)
def test_nothing_outside_the_folder_is_shown(built: Client, path: str) -> None:
    answer = built.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text or "there is nothing at" in answer.text


@pytest.mark.parametrize("path", ["/api", "/api/jobs", "/api/nothing", "/login"])
def test_the_api_is_left_to_the_app(built: Client, path: str) -> None:
    assert built.get(path, headers=HTML).text == "the api"


@pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js", "/nothing"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_files_are_only_read(built: Client, path: str, method: str) -> None:
    answer = built.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_without_a_build_the_page_says_how_to_get_one(tmp_path: Path) -> None:
    client = client_of(tmp_path / "static")
    answer = client.get("/", headers=HTML)
    assert answer.status_code == 200
    assert "pip install ." in answer.text
    assert not re.search(r"<script|<style|style=|onload|javascript:", answer.text)
    assert client.get("/jobs", headers=HTML).status_code == 404
    assert client.get("/api/jobs").text == "the api"


def test_a_build_that_comes_later_is_shown_at_once(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    assert "Trad runs" in client.get("/").text
    (tmp_path / "index.html").write_text("built")
    assert client.get("/").text == "built"
