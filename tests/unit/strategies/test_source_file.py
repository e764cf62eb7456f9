import sys
from pathlib import Path

import pytest

from trad.errors import StrategyNotFound
from trad.strategies.source_file import load_class, load_classes

MINE = """
from trad import Candles, Int, Signals, Strategy

class Mine(Strategy):
    lookback = Int({default}, low=5, high=200)

    def generate_signals(self, candles: Candles) -> Signals:
        return Signals.empty(len(candles))
"""
OTHER = MINE.format(default=7) + "\nclass Other(Mine):\n    pass\n"


def written(folder: Path, source: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(source)
    return path


def test_the_only_strategy_needs_no_name(tmp_path: Path) -> None:
    cls = load_class(written(tmp_path, MINE.format(default=20)))
    assert cls.__name__ == "Mine"
    assert cls.parameters["lookback"].default == 20
    assert sys.modules[cls.__module__].__file__ == str(tmp_path / "mine.py")


def test_one_of_several_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, OTHER)
    assert load_class(path, "Other").__name__ == "Other"
    assert list(load_classes(path)) == ["Mine", "Other"]
    with pytest.raises(
        StrategyNotFound, match=r"mine.py holds 2 strategies; say which one: mine.py:Mine, mine.py:Other$"
    ):
        load_class(path)


def test_every_load_sees_the_file_as_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, MINE.format(default=20))
    first = load_class(path)
    written(tmp_path, MINE.format(default=30))  # within the same second, of the same size
    second = load_class(path)
    assert (first.parameters["lookback"].default, second.parameters["lookback"].default) == (20, 30)
    assert first is not second
    assert list(tmp_path.iterdir()) == [path], "no bytecode is left behind"


def test_modules_beside_the_file_can_be_imported_while_it_loads(tmp_path: Path) -> None:
    written(tmp_path, "DEFAULT = 50\n", "beside_the_strategy.py")
    path = written(tmp_path, "from beside_the_strategy import DEFAULT\n" + MINE.format(default="DEFAULT"))
    before = sys.path.copy()
    assert load_class(path).parameters["lookback"].default == 50
    assert sys.path == before


def test_a_class_from_beside_may_be_named(tmp_path: Path) -> None:
    written(tmp_path, MINE.format(default=20), "theirs_beside.py")
    path = written(tmp_path, "from theirs_beside import Mine\n")
    assert load_class(path, "Mine").__name__ == "Mine"
    with pytest.raises(
        StrategyNotFound, match=r"mine.py holds no strategy; define a class that extends trad.Strategy"
    ):
        load_class(path)


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        (
            "x = 1 / 0\n",
            None,
            r"mine.py fails to load: ZeroDivisionError: division by zero \(mine.py, line 1, in <module>\)",
        ),
        (
            "import nowhere_at_all\n",
            None,
            r"ModuleNotFoundError: No module named 'nowhere_at_all' \(mine.py, line 1",
        ),
        ("def f(:\n", None, r"SyntaxError: invalid syntax \(mine.py, line 1\)"),
        ("raise SystemExit(2)\n", None, r"SystemExit: 2 \(mine.py, line 1"),
        ("open('nothing-there.csv')\n", None, r"FileNotFoundError: .*nothing-there.csv' \(mine.py, line 1"),
        (
            MINE.format(default=1),
            None,
            r"ParameterError: parameter was 1; it runs from 5 to 200 \(mine.py, line 5, in Mine\)",
        ),
        (MINE.format(default=20), "Mien", r"mine.py has no class Mien; did you mean Mine\?$"),
        (OTHER, "Zebra", r"mine.py has no class Zebra; did you mean Mine or Other\?$"),
        ("x = 1\n", "x", r"mine.py:x is a int; a strategy is a class that extends trad.Strategy$"),
        (
            "class Mine: pass\n",
            "Mine",
            r"mine.py:Mine does not extend trad.Strategy; write class Mine\(Strategy\)$",
        ),
        ("class Mine: pass\n", None, r"mine.py:Mine does not extend trad.Strategy"),
        (
            "from trad import Strategy\nclass Mine(Strategy): pass\n",
            None,
            r"mine.py:Mine has no generate_signals",
        ),
        (
            "from trad import Strategy\nclass Mine(Strategy): generate_signals = 5\n",
            "Mine",
            "has no generate_signals",
        ),
        ("x = 1\n", None, r"mine.py holds no strategy; define a class that extends trad.Strategy$"),
        ("", "Mine", r"mine.py holds no strategy; define a class that extends trad.Strategy$"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path: Path, source: str, name: str | None, message: str) -> None:
    before = set(sys.modules)
    with pytest.raises(StrategyNotFound, match=message):
        load_class(written(tmp_path, source), name)
    if "fails to load" in message:
        assert not {module for module in set(sys.modules) - before if module.startswith("_trad_")}


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(
        StrategyNotFound, match=r"mine.py cannot be read: No such file or directory; give a file that can"
    ):
        load_class(tmp_path / "mine.py")
    written(tmp_path, "x = '\0'").write_bytes(b"x = '\xff'\n")
    with pytest.raises(StrategyNotFound, match=r"mine.py fails to load: SyntaxError: .*\(mine.py, line 1\)"):
        load_class(tmp_path / "mine.py")
