"""The token of a home folder: one random line in a file that its owner alone can read."""

import contextlib
import os
import re
import secrets
import stat
from pathlib import Path

from trad.errors import InputError

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,128}", re.ASCII)


def read_or_make_token(home: Path) -> str:
    """Return the token of a home folder, made at the first call; its file is for its owner alone.

    Two processes that make it at the same moment agree: the file appears at once, and complete.

    Raises:
        InputError: Others can read the file, or it holds no token.
    """
    path = home / "token"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.path.lexists(path):
        _make(path)
    return _read(path)


def read_token(home: Path) -> str:
    """Return the token of a home folder.

    Raises:
        InputError: There is none yet, others can read it, or it holds no token.
    """
    path = home / "token"
    if not os.path.lexists(path):
        raise InputError(f"there is no token in {home}: no server has run there yet; start one: trad serve")
    return _read(path)


def _make(path: Path) -> None:
    draft = path.with_name(f".token-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its token counts
            os.link(draft, path)
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise InputError(
                f"{path} is a link; the token must be a file of its own: delete the link"
            ) from None
        raise InputError(f"{path} cannot be read: {error.strerror}; make it yours, or delete it") from None
    try:
        _check(path, os.fstat(descriptor))
        content = os.read(descriptor, 256)
    finally:
        os.close(descriptor)
    token = content.decode("ascii", "replace").removesuffix("\n")
    if _TOKEN.fullmatch(token) is None:
        raise InputError(f"{path} holds no token (43 letters, digits, - and _); delete it for a new one")
    return token


def _check(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} is not a plain file; delete it, and a new token is made")
    if status.st_uid != os.geteuid():
        raise InputError(f"{path} belongs to another user (uid {status.st_uid}); delete it, or make it yours")
    if status.st_mode & 0o077:
        raise InputError(
            f"{path} has mode {stat.S_IMODE(status.st_mode):04o}; a token is for its owner alone: delete "
            f"it for a new one, as others may have read it, or chmod 600 it"
        )
