"""Strategies that cannot be trained: each is refused by one message and exit code 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLE = "sample:minute?candles=3000"
Refused = Callable[..., str]
Source = Callable[[str, str], Path]
COMMANDS = (("train", "--workers", "0", "--episodes", "2"), ("backtest",))

FILES = {
    "no_class.py": ("x = 1\n", "{} holds no strategy; define a class that extends trad.Strategy"),
    "plain.py": ("class A: pass\n", "{}:A does not extend trad.Strategy; write class A(Strategy)"),
    "syntax.py": (
        "def (:\n",
        "{} fails to load: SyntaxError: invalid syntax (syntax.py, line 1); mend the file and try again",
    ),
    "raises.py": (
        "\n1 / 0\n",
        "{} fails to load: ZeroDivisionError: division by zero (raises.py, line 2, in <module>); "
        "mend the file and try again",
    ),
    "no_method.py": (
        "from trad import Strategy\nclass A(Strategy): pass\n",
        "{}:A has no generate_signals; a strategy defines generate_signals(self, candles)",
    ),
    "two.py": (
        "from trad import Strategy\nclass A(Strategy):\n  def generate_signals(self, c): ...\n"
        "class B(A): ...\n",
        "{} holds 2 strategies; say which one: two.py:A, two.py:B",
    ),
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused(refused: Refused, source: Source, name: str, command: tuple[str, ...]) -> None:
    text, message = FILES[name]
    path = source(name, text)
    assert refused(*command, path, "--data", SAMPLE) == message.format(path)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sma_cros", "no strategy is called 'sma_cros'; did you mean sma_cross?"),
        (
            "nope",
            "no strategy is called 'nope'; there are liquidity_sweep, sma_cross, donchian_breakout, "
            "rsi_reversion, bollinger_reversion; or give file.py:Class",
        ),
    ],
)
def test_an_unknown_name_is_refused(
    refused: Refused, command: tuple[str, ...], name: str, message: str
) -> None:
    assert refused(*command, name, "--data", SAMPLE) == message


def test_a_missing_file_is_refused(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "gone.py"
    assert refused("train", path, "--data", SAMPLE) == (
        f"the strategy file {path} does not exist; give the path of one, such as mine.py:Mine"
    )


def test_a_class_that_the_file_has_not_is_refused(refused: Refused, source: Source) -> None:
    path = source("mine.py", FILES["two.py"][0])
    message = refused("train", f"{path}:C", "--data", SAMPLE)
    assert "mine.py" in message
    assert "C" in message
    assert "A" in message


def test_control_characters_of_a_name_reach_no_terminal(refused: Refused) -> None:
    message = refused("train", "evil\x1b[2J\r", "--data", SAMPLE)
    assert "\x1b" not in message
    assert "\r" not in message
    assert "\\x1b[2J" in message
