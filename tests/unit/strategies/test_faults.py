import re

from trad.strategies.faults import described, files_of
from trad.strategies.strategy import Strategy


def caught(source: str, name: str = "/home/me/mine.py") -> BaseException:
    try:
        exec(compile(source, name, "exec"), {})
    except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
        return error
    raise AssertionError(source)


def test_the_place_is_the_innermost_in_the_users_files() -> None:
    source = "import re\ndef inner():\n    re.compile('(')\ninner()\n"
    said = described(caught(source), {"/home/me/mine.py"})
    assert re.fullmatch(
        r"(error|PatternError): missing \), .* position 0 \(mine\.py, line 3, in inner\)", said
    )


def test_without_a_place_the_error_stands_alone() -> None:
    assert described(caught("1 / 0")) == "ZeroDivisionError: division by zero"
    assert described(ValueError()) == "ValueError"


def test_a_syntax_error_has_its_own_place() -> None:
    assert (
        described(caught("x = 1\ny = = 2\n"), {"/home/me/mine.py"})
        == "SyntaxError: invalid syntax (mine.py, line 2)"
    )


def test_a_long_story_is_cut_to_a_line() -> None:
    said = described(ValueError("first\n  second " + "word " * 500))
    assert said.startswith("ValueError: first second word")
    assert len(said) < 530
    assert said.endswith("...")


def test_the_files_are_those_of_all_bases_of_the_users() -> None:
    class Mine(Strategy):
        pass

    namespace = {"Mine": Mine}
    exec(compile("class Theirs(Mine):\n    def rate(self): pass", "/home/me/theirs.py", "exec"), namespace)
    assert files_of(namespace["Theirs"], Strategy) == {"/home/me/theirs.py"}
    assert files_of(Strategy, Strategy) == set()
