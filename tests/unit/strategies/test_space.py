"""The search space: narrowed, described, read back, and asked about."""

import json
import math

import numpy as np
import pytest
from tests.unit.optimizers.spaces import Broken, Cross, Declared, Tiny, Wide

from trad import Choice, Float, Int
from trad.errors import ParameterError, StrategyError
from trad.strategies.parameters import Params
from trad.strategies.space import ParameterSpace


class Breakout(Declared):
    lookback = Int(20, low=5, high=200)
    even = Int(10, low=2, high=50, step=2)
    stop = Float(0.02, low=0.005, high=0.10)
    risk = Float(1.0, low=0.01, high=10.0, log=True)
    kind = Choice(["sma", "ema", "wma"])


def test_without_overrides_everything_is_searched_as_declared() -> None:
    space = ParameterSpace.of(Breakout)
    assert list(space.searched) == ["lookback", "even", "stop", "risk", "kind"]
    assert all(space.searched[name] is Breakout.parameters[name] for name in space.searched)
    assert space.fixed == {}


def test_a_value_is_fixed_and_of_the_parameters_own_type() -> None:
    space = ParameterSpace.of(Breakout, {"lookback": 50.0, "stop": np.float64(0.05), "kind": "ema"})
    assert space.fixed == {"lookback": 50, "stop": 0.05, "kind": "ema"}
    assert [type(value) for value in space.fixed.values()] == [int, float, str]
    assert list(space.searched) == ["even", "risk"]


def test_a_range_narrows_and_keeps_the_declared_step_and_scale() -> None:
    searched = ParameterSpace.of(
        Breakout, {"lookback": (10, 15), "even": (10, 20), "risk": (0.1, 1)}
    ).searched
    described = {name: parameter.as_json() for name, parameter in searched.items()}
    assert described["lookback"] == {
        "type": "int",
        "default": 15,
        "low": 10,
        "high": 15,
        "step": 1,
        "log": False,
    }
    assert described["even"]["step"] == 2
    assert described["risk"] == {
        "type": "float",
        "default": 1.0,
        "low": 0.1,
        "high": 1.0,
        "step": None,
        "log": True,
    }


def test_a_range_may_bring_a_step() -> None:
    searched = ParameterSpace.of(Breakout, {"lookback": (10, 30, 5), "stop": (0.01, 0.02, 0.005)}).searched
    assert list(searched["lookback"].levels()) == [10, 15, 20, 25, 30]
    assert list(searched["stop"].levels()) == [0.01, 0.015, 0.02]


@pytest.mark.parametrize("values", [[30, 10, 20], range(30, 0, -10), np.array([20, 30, 10])])
def test_a_list_of_numbers_is_a_choice_in_rising_order(values: object) -> None:
    parameter = ParameterSpace.of(Breakout, {"lookback": values}).searched["lookback"]
    assert isinstance(parameter, Choice)
    assert parameter.options == (10, 20, 30)
    assert parameter.default == 20  # the declared one is among them
    assert all(type(option) is int for option in parameter.options)


def test_a_list_for_a_float_holds_floats() -> None:
    parameter = ParameterSpace.of(Breakout, {"risk": [5, 2]}).searched["risk"]
    assert [type(option) for option in parameter.levels()] == [float, float]
    assert parameter.default == 2.0


def test_a_list_of_options_keeps_its_order() -> None:
    assert ParameterSpace.of(Breakout, {"kind": ["wma", "sma"]}).searched["kind"].levels() == ("wma", "sma")


def test_a_parameter_of_ones_own_replaces_the_declared_one() -> None:
    given = Int(30, low=10, high=40, step=10, log=True)
    space = ParameterSpace.of(
        Breakout, {"lookback": given, "stop": Float(0.01, low=0.01, high=0.02, step=0.001)}
    )
    assert space.searched["lookback"].as_json() == given.as_json()
    assert space.searched["lookback"].name == "lookback"
    assert given.name == "parameter"  # the user's own object stays as it was
    assert space.searched["stop"].size == 11


def test_whole_numbers_serve_for_a_float() -> None:
    parameter = ParameterSpace.of(Breakout, {"risk": Int(2, low=1, high=5)}).searched["risk"]
    assert list(parameter.levels()) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert {type(level) for level in parameter.levels()} == {float}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            {"lokback": 5},
            r"Breakout has no parameter 'lokback'; did you mean lookback\? it has lookback, even, stop",
        ),
        ({"zzz": 5}, r"Breakout has no parameter 'zzz'; it has lookback"),
        ({"lookback": 500}, r"lookback was 500; it runs from 5 to 200"),
        ({"lookback": 5.5}, r"lookback was 5.5; it is a whole number from 5 to 200"),
        ({"lookback": math.nan}, r"lookback was nan; it is a whole number from 5 to 200"),
        ({"lookback": math.inf}, r"lookback was inf; it is a whole number"),
        ({"lookback": True}, r"lookback was True; it is a whole number"),
        ({"lookback": None}, r"lookback was None; it is a whole number"),
        ({"lookback": (1, 100)}, r"lookback was 1; it runs from 5 to 200"),
        ({"lookback": (10, 300)}, r"lookback was 300; it runs from 5 to 200"),
        ({"lookback": (50, 10)}, r"lookback was 50:10; low must not be above high: write 10:50"),
        ({"lookback": (10,)}, r"lookback was 10; a range is low:high or low:high:step"),
        ({"lookback": (10, 20, 1, 1)}, r"lookback was 10:20:1:1; a range is low:high or low:high:step"),
        ({"lookback": (10, 20, 0)}, r"lookback was 10:20:0; its step is a whole number above zero, not 0"),
        (
            {"lookback": (10, 20, 2.5)},
            r"lookback was 10:20:2.5; its step is a whole number above zero, not 2.5",
        ),
        ({"lookback": (10, 20, "x")}, r"lookback was 10:20:x; its step is a whole number above zero, not x"),
        ({"stop": (0.01, 0.02, -1)}, r"stop was 0.01:0.02:-1; its step is a number above zero, not -1"),
        (
            {"stop": (0.01, 0.02, math.inf)},
            r"stop was 0.01:0.02:inf; its step is a number above zero, not inf",
        ),
        ({"lookback": []}, r"lookback was given an empty list; name one value or more"),
        ({"lookback": [10, 10.0]}, r"lookback was given 10 more than once; name each value once"),
        ({"lookback": [10, 500]}, r"lookback was 500; it runs from 5 to 200"),
        ({"kind": "hma"}, r"kind was 'hma'; it is one of sma, ema, wma"),
        ({"kind": (1, 2)}, r"kind was 1:2; it has no range but the options sma, ema, wma: name some of them"),
        ({"kind": ["sma", "hma"]}, r"kind was 'hma'; it is one of sma, ema, wma"),
        ({"lookback": Int(5, low=1, high=10)}, r"lookback was 1; it runs from 5 to 200"),
        ({"lookback": Float(6, low=5, high=10)}, r"lookback was given Float\(.*\); it is declared as Int"),
        ({"kind": Int(6, low=5, high=10)}, r"kind was given Int\(.*\); it is declared as Choice"),
        ({"kind": Choice(["sma", "hma"])}, r"kind was 'hma'; it is one of sma, ema, wma"),
    ],
)
def test_what_does_not_lie_within_the_declaration_is_refused(
    overrides: dict[str, object], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        ParameterSpace.of(Breakout, overrides)


OVERRIDES: list[dict[str, object]] = [
    {},
    {"lookback": 50, "kind": "wma"},
    {"lookback": (10, 20, 5), "stop": (0.01, 0.1 / 3), "risk": (0.1, 1, 0.1)},
    {"lookback": [40, 10], "stop": [0.01, 1 / 30], "kind": ["wma", "ema"]},
    {"lookback": Int(7, low=6, high=9, log=True), "risk": Float(0.3, low=0.1, high=0.7, step=0.2)},
]


@pytest.mark.parametrize("overrides", OVERRIDES)
def test_json_brings_back_exactly_what_was_described(overrides: dict[str, object]) -> None:
    space = ParameterSpace.of(Breakout, overrides)
    text = json.dumps(space.as_json())
    again = ParameterSpace.from_json(Breakout, json.loads(text))
    assert json.dumps(again.as_json()) == text
    assert again.fixed == space.fixed
    assert [type(value) for value in again.fixed.values()] == [type(value) for value in space.fixed.values()]
    assert list(again.searched) == list(space.searched)
    assert [p.name for p in again.searched.values()] == list(space.searched)


def test_json_describes_the_kinds_of_entries() -> None:
    space = ParameterSpace.of(Tiny, {"fast": 2, "slow": (3, 4), "kind": ["ema"]})
    assert space.as_json() == {
        "fast": {"fixed": 2},
        "slow": {"type": "int", "default": 3, "low": 3, "high": 4, "step": 1, "log": False},
        "kind": {"type": "choice", "default": "ema", "options": ["ema"]},
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"fast": {}},
            r"fast is described by {}; a description is what as_json gave, such as {'type': 'int'",
        ),
        ({"fast": {"type": "bool"}}, r"fast is described by {'type': 'bool'}"),
        ({"fast": {"type": ["int"]}}, r"fast is described by"),
        ({"fast": {"type": "int", "low": 1}}, r"fast is described by"),
        ({"fast": {"fixed": 2, "type": "int"}}, r"fast is described by"),
        ({"fast": {"fixed": 9}}, r"fast was 9; it runs from 1 to 4"),
        ({"fast": {"fixed": [1, 2]}}, r"fast was \[1, 2\]; it is a whole number from 1 to 4"),
        ({"fats": {"fixed": 1}}, r"Tiny has no parameter 'fats'; did you mean fast\?"),
    ],
)
def test_json_that_cannot_be_read_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ParameterSpace.from_json(Tiny, ParameterSpace.of(Tiny).as_json() | change)


def test_json_must_describe_every_parameter() -> None:
    data = ParameterSpace.of(Tiny).as_json()
    del data["slow"], data["kind"]
    with pytest.raises(
        ParameterError, match=r"says nothing of slow, kind; it must describe every parameter of Tiny"
    ):
        ParameterSpace.from_json(Tiny, data)


def test_size() -> None:
    assert ParameterSpace.of(Tiny).size == 4 * 4 * 2
    assert ParameterSpace.of(Tiny, {"fast": 1, "kind": ["sma"]}).size == 4
    assert ParameterSpace.of(Tiny, {"fast": 1, "slow": 2, "kind": "sma"}).size == 1
    assert ParameterSpace.of(Wide).size == math.inf
    assert ParameterSpace.of(Wide, {"stop": 0.01, "target": (0.1, 0.1)}).size == 496 * 8 * 10 * 4


def test_constrained_says_whether_valid_is_the_strategys_own() -> None:
    assert ParameterSpace.of(Cross).constrained
    assert not ParameterSpace.of(Breakout).constrained


def test_complete_adds_what_is_fixed_in_the_order_of_declaration() -> None:
    space = ParameterSpace.of(Tiny, {"slow": 3})
    params = space.complete({"kind": "ema", "fast": 2})
    assert list(params.items()) == [("fast", 2), ("slow", 3), ("kind", "ema")]


def test_allows_asks_the_strategy() -> None:
    space = ParameterSpace.of(Cross)
    assert space.allows({"fast": 5, "slow": 6})
    assert not space.allows({"fast": 6, "slow": 6})


class Derived(Declared):
    fast = Int(3, low=1, high=5)

    def __init__(self, **params: int) -> None:
        super().__init__(**params)
        self.slow = 2 * self.fast

    def valid(self) -> bool:
        return self.slow > 4


def test_allows_asks_a_strategy_with_a_constructor_of_its_own() -> None:
    space = ParameterSpace.of(Derived)
    assert [space.allows({"fast": fast}) for fast in (2, 3)] == [False, True]


def test_a_valid_that_raises_is_the_strategys_error_with_its_line() -> None:
    message = (
        r"^Broken.valid\(\) raised ZeroDivisionError: division by zero "
        r"\(spaces.py, line \d+, in valid\) for fast=3; it must answer True or False"
    )
    with pytest.raises(StrategyError, match=message):
        ParameterSpace.of(Broken).allows({"fast": 3})


def test_spaces_are_frozen() -> None:
    space, params = ParameterSpace.of(Tiny), Params()
    with pytest.raises(AttributeError):
        space.fixed = params  # type: ignore[misc]
