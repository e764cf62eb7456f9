"""The token's file: for its owner alone from its first moment."""

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trad.errors import InputError
from trad.server.token_file import read_or_make_token, read_token


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    before = os.umask(0)
    try:
        token = read_or_make_token(home)
    finally:
        os.umask(before)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert stat.S_IMODE((home / "token").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert read_or_make_token(home) == read_token(home) == token
    assert [path.name for path in home.iterdir()] == ["token"]


def test_many_that_make_it_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: read_or_make_token(tmp_path), range(64)))
    assert len(tokens) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["token"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_one_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    read_or_make_token(tmp_path)
    (tmp_path / "token").chmod(mode)
    with pytest.raises(InputError, match=rf"has mode {mode:04o}; .* delete it for a new one"):
        read_or_make_token(tmp_path)


def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    read_or_make_token(tmp_path / "other")
    home = tmp_path / "home"
    home.mkdir()
    (home / "token").symlink_to(tmp_path / "other" / "token")
    with pytest.raises(InputError, match="is a link"):
        read_or_make_token(home)
    (home / "token").unlink()
    (home / "token").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="is a link"):
        read_or_make_token(home)
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir()
    with pytest.raises(InputError, match="is not a plain file"):
        read_or_make_token(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "token", 0o600)
    with pytest.raises(InputError, match="is not a plain file"):
        read_or_make_token(tmp_path)


@pytest.mark.parametrize("content", ["", "short", "x" * 300, "ä" * 43, "x" * 43 + "\nx", "a b" * 20])
def test_one_without_a_token_in_it_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "token"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(InputError, match="holds no token") as refused:
        read_or_make_token(tmp_path)
    assert not content or content not in str(refused.value)


def test_reading_makes_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no server has run there yet"):
        read_token(tmp_path)
    assert not list(tmp_path.iterdir())
