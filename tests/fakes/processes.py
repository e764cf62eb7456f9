"""Processes that tests start: waiting for them, and for what they bring about."""

import os
import pwd
import subprocess
import time
from collections.abc import Callable
from typing import TypedDict

PATIENCE = 60.0
"""Seconds after which what a test waits for will not come any more."""


class Owner(TypedDict, total=False):
    """The arguments with which `subprocess` runs a program as another user."""

    user: int
    group: int
    extra_groups: list[int]
    env: dict[str, str]


def as_user(owner: pwd.struct_passwd | None) -> Owner:
    """Return the arguments that run a program as a user, in an environment without settings of ours."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    if owner is None:
        return Owner(env=env)
    return Owner(user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], env=env)


def eventually(holds: Callable[[], bool], what: str, seconds: float = PATIENCE, pause: float = 0.01) -> None:
    """Wait until a condition holds; fail, saying what was waited for, when it takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(pause)


def stopped(process: "subprocess.Popen[bytes]", seconds: float = PATIENCE) -> int:
    """Wait until a process has ended, and return its exit code; one that does not end is killed."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)
        raise
