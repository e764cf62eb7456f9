"""Files that appear under their names whole or not at all, and folders that one process at a time changes."""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

ASIDE = ".storing-"
"""Begins the names of files that are being written."""


@contextmanager
def whole_file(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Open a file to write that takes its name at the end, in place of what had it.

    It is there and survives a power cut once the block ends; an error in the block leaves what was there.
    The folder is made if need be.

    Args:
        path: Where it shall be.
        mode: Who may read and write it, less what the user's mask takes away.

    Raises:
        OSError: The folder cannot be written to, or is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{ASIDE}{uuid.uuid4().hex}{path.suffix}")
    handle = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)  # gone already if all went well
    sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Wait until no other process or thread is in such a block for the folder, which is made if need be.

    The system lifts the lock of a process that dies. What a killed one left half written is removed.

    Raises:
        BlockingIOError: Another one is in it, and `wait` is false.
        OSError: The folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"{ASIDE}*"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut.

    Raises:
        OSError: The folder is gone.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
