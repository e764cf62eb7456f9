import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from trad.errors import StrategyNotFound
from trad.market.candles import Candles
from trad.strategies.built_in import BUILT_IN, built_in_hash
from trad.strategies.loading import StrategyReference, identify, load_strategy, strategy_names
from trad.strategies.signals import Signals
from trad.strategies.sma_cross import SmaCross
from trad.strategies.strategy import Strategy

MINE = '''
from trad import Candles, Int, Signals, Strategy

class {name}(Strategy):
    """Does nothing at all.

    In more words.
    """
    lookback = Int(20, low=5, high=200)

    def generate_signals(self, candles: Candles) -> Signals:
        return Signals.empty(len(candles))
'''


class Here(Strategy):
    """A strategy at the top level of a file."""

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return Signals.empty(len(candles))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A strategies folder with one good file, one with two classes, and one that is broken."""
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "quiet.py").write_text(MINE.format(name="Quiet"))
    (folder / "twins.py").write_text(MINE.format(name="Left") + MINE.format(name="Right"))
    (folder / "broken.py").write_text("x = 1 / 0\n")
    return folder


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with two entry points, one of which leads nowhere."""
    site = tmp_path / "site"
    described = site / "plugin_of_theirs-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-of-theirs\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(
        "[trad.strategies]\ntheirs = plugin_of_theirs:Theirs\nlost = plugin_of_theirs:Lost\n"
    )
    (site / "plugin_of_theirs.py").write_text(MINE.format(name="Theirs"))
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "plugin_of_theirs", raising=False)
    return site


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestLoad:
    def test_a_built_in(self) -> None:
        assert load_strategy("sma_cross") is SmaCross

    def test_a_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert load_strategy(f"{folder}/quiet.py").__name__ == "Quiet"
        assert load_strategy(f"{folder}/twins.py:Right").__name__ == "Right"
        monkeypatch.chdir(folder)
        assert load_strategy("quiet.py:Quiet").__name__ == "Quiet"

    def test_a_name_in_the_folder(self, folder: Path) -> None:
        assert load_strategy("quiet", folder).__name__ == "Quiet"
        assert load_strategy("twins:Left", folder).__name__ == "Left"

    def test_an_entry_point(self, installed: Path) -> None:
        assert load_strategy("theirs").__name__ == "Theirs"

    def test_a_built_in_comes_first(self, folder: Path) -> None:
        (folder / "sma_cross.py").write_text(MINE.format(name="Quiet"))
        assert load_strategy("sma_cross", folder) is SmaCross

    def test_links_are_not_followed(self, folder: Path) -> None:
        (folder / "linked.py").symlink_to(folder / "quiet.py")
        with pytest.raises(StrategyNotFound, match="no strategy is called 'linked'"):
            load_strategy("linked", folder)

    @pytest.mark.parametrize(
        ("reference", "message"),
        [
            ("sma_corss", r"^no strategy is called 'sma_corss'; did you mean sma_cross\?$"),
            ("quite", r"^no strategy is called 'quite'; did you mean quiet\?$"),
            (
                "zzz",
                "^no strategy is called 'zzz'; there are liquidity_sweep, .*, quiet, .*; or give file.py:C",
            ),
            ("", "^no strategy is called ''"),
            ("../strategies/quiet", r"^no strategy is called '\.\./strategies/quiet'"),
            ("twins", r"twins.py holds 2 strategies; say which one: twins.py:Left, twins.py:Right$"),
            ("broken", r"broken.py fails to load: ZeroDivisionError: division by zero \(broken.py, line 1"),
            (
                "nowhere.py",
                r"^the strategy file .*nowhere.py does not exist; give the path of one, such as mine.py",
            ),
        ],
    )
    def test_says_why_it_finds_none(self, folder: Path, reference: str, message: str) -> None:
        with pytest.raises(StrategyNotFound, match=message):
            load_strategy(reference, folder)

    def test_a_slip_in_a_files_name(self, folder: Path) -> None:
        with pytest.raises(StrategyNotFound, match=r"quite.py does not exist; did you mean quiet.py\?$"):
            load_strategy(f"{folder}/quite.py:Quiet")

    def test_an_entry_point_that_leads_nowhere(self, installed: Path) -> None:
        message = (
            r"the installed strategy lost \(plugin_of_theirs:Lost\) fails to load: AttributeError: .*; mend"
        )
        with pytest.raises(StrategyNotFound, match=message):
            load_strategy("lost")


class TestIdentify:
    def test_a_built_in(self) -> None:
        expected = StrategyReference(reference="sma_cross", code_hash=built_in_hash("sma_cross"))
        assert identify("sma_cross") == identify(SmaCross) == expected

    def test_a_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = folder / "quiet.py"
        expected = StrategyReference(reference=f"{path}:Quiet", code_hash=digest(path))
        monkeypatch.chdir(folder.parent)
        assert identify("strategies/quiet.py:Quiet") == expected
        assert identify("strategies/quiet.py") == expected
        assert identify(load_strategy("quiet", folder), folder) == expected
        assert load_strategy(expected.reference).__name__ == "Quiet"

    def test_a_name_in_the_folder(self, folder: Path) -> None:
        expected = StrategyReference(reference="twins:Left", code_hash=digest(folder / "twins.py"))
        assert identify("twins:Left", folder) == expected

    def test_an_entry_point(self, installed: Path) -> None:
        expected = StrategyReference(reference="theirs", code_hash=digest(installed / "plugin_of_theirs.py"))
        assert identify("theirs") == identify(load_strategy("theirs")) == expected

    def test_a_class_of_a_file(self) -> None:
        path = Path(__file__).resolve()
        assert identify(Here) == StrategyReference(reference=f"{path}:Here", code_hash=digest(path))

    def test_a_class_of_a_script(self, folder: Path) -> None:
        script = folder / "run.py"
        script.write_text(
            MINE.format(name="Own")
            + "\nfrom trad.strategies.loading import identify\nprint(identify(Own).reference)\n"
        )
        done = subprocess.run(
            [sys.executable, "run.py"], cwd=folder, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == f"{script}:Own"

    def test_a_class_that_no_file_holds(self) -> None:
        class Inside(Here):
            pass

        typed: dict[str, type[Strategy]] = {"__name__": __name__}  # type: ignore[dict-item]
        exec(compile(MINE.format(name="Typed"), "<stdin>", "exec"), typed)
        assert identify(Inside) is None
        assert identify(typed["Typed"]) is None
        module = sys.modules[__name__]
        module.__dict__["Typed"] = typed["Typed"]
        try:
            assert identify(typed["Typed"]) is None, "typed in after the file had run"
        finally:
            del module.__dict__["Typed"]

    def test_a_change_in_the_file_shows(self, folder: Path) -> None:
        before = identify("quiet", folder)
        (folder / "quiet.py").write_text(MINE.format(name="Quiet") + "# changed\n")
        after = identify("quiet", folder)
        assert before is not None
        assert after is not None
        assert (before.reference, before.code_hash != after.code_hash) == (after.reference, True)

    def test_what_is_not_there(self, folder: Path) -> None:
        with pytest.raises(StrategyNotFound, match="no strategy is called 'nothing'"):
            identify("nothing", folder)
        with pytest.raises(StrategyNotFound, match="does not exist"):
            identify("nothing.py")


class TestNames:
    def test_lists_all_there_are_and_what_is_wrong_with_them(self, folder: Path, installed: Path) -> None:
        (folder / "sma_cross.py").write_text(MINE.format(name="Quiet"))
        (folder / "bad name.py").write_text(MINE.format(name="Quiet"))
        (folder / "_hidden.py").write_text("x = 1 / 0\n")
        (folder / "linked.py").symlink_to(folder / "quiet.py")
        infos = strategy_names(folder)
        assert [info.name for info in infos if info.error is None] == [
            *BUILT_IN,
            "quiet",
            "twins:Left",
            "twins:Right",
            "theirs",
        ]
        wrong = {info.name: info.error or "" for info in infos if info.error}
        assert set(wrong) == {"broken", "sma_cross", "bad name", "lost"}
        assert "ZeroDivisionError: division by zero (broken.py, line 1" in wrong["broken"]
        assert (
            wrong["sma_cross"]
            == "sma_cross is also the name of a built-in, which comes first; rename sma_cross.py"
        )
        assert wrong["bad name"].startswith("'bad name' cannot be a strategy's name")
        assert "plugin_of_theirs:Lost" in wrong["lost"]

    def test_describes_each(self, folder: Path, installed: Path) -> None:
        infos = {info.name: info for info in strategy_names(folder) if info.error is None}
        assert infos["quiet"].doc == "Does nothing at all."
        assert infos["quiet"].source == str(folder / "quiet.py")
        assert list(infos["quiet"].parameters) == ["lookback"]
        assert infos["sma_cross"].source == "built-in"
        assert list(infos["sma_cross"].parameters) == ["fast", "slow"]
        assert infos["theirs"].source == "package plugin-of-theirs"

    def test_a_folder_need_not_be_there(self, tmp_path: Path) -> None:
        assert [info.name for info in strategy_names(tmp_path / "nothing")] == list(BUILT_IN)
        assert [info.name for info in strategy_names()] == list(BUILT_IN)
