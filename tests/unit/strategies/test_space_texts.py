"""The command line's way to say what is searched."""

import pytest
from tests.unit.optimizers.spaces import Declared

from trad import Choice, Float, Int
from trad.errors import ParameterError
from trad.strategies.space import ParameterSpace


class Breakout(Declared):
    lookback = Int(20, low=5, high=200)
    stop = Float(0.02, low=0.005, high=0.10)
    kind = Choice(["sma", "ema", "a,b", "x:y"])
    shorts = Choice([True, False])
    size = Choice([1, 2.5])


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("lookback=10:50", {"type": "int", "default": 20, "low": 10, "high": 50, "step": 1, "log": False}),
        (
            "lookback = 10 : 50 : 5",
            {"type": "int", "default": 20, "low": 10, "high": 50, "step": 5, "log": False},
        ),
        ("lookback=1e1:2e2", {"type": "int", "default": 20, "low": 10, "high": 200, "step": 1, "log": False}),
        ("lookback=50,10, 20", {"type": "choice", "default": 20, "options": [10, 20, 50]}),
        ("lookback=50", {"fixed": 50}),
        ("lookback=50.0", {"fixed": 50}),
        (
            "stop=.01:5e-2",
            {"type": "float", "default": 0.02, "low": 0.01, "high": 0.05, "step": None, "log": False},
        ),
        (
            "stop=0.01:0.05:0.01",
            {"type": "float", "default": 0.02, "low": 0.01, "high": 0.05, "step": 0.01, "log": False},
        ),
        ("stop=0.05,0.01", {"type": "choice", "default": 0.01, "options": [0.01, 0.05]}),
        ("stop=0.01", {"fixed": 0.01}),
        ("kind=ema,sma", {"type": "choice", "default": "sma", "options": ["ema", "sma"]}),
        ("kind=ema", {"fixed": "ema"}),
        ("kind=a,b", {"fixed": "a,b"}),
        ("kind=x:y", {"fixed": "x:y"}),
        ("kind=x:y,sma", {"type": "choice", "default": "sma", "options": ["x:y", "sma"]}),
        ("shorts=false", {"fixed": False}),
        ("shorts=True", {"fixed": True}),
        ("kind=EMA", {"fixed": "ema"}),
        ("shorts=true,false", {"type": "choice", "default": True, "options": [True, False]}),
        ("size=2.5", {"fixed": 2.5}),
        ("size=1", {"fixed": 1}),
    ],
)
def test_each_form_is_read(text: str, description: dict[str, object]) -> None:
    name = text.partition("=")[0].strip()
    assert ParameterSpace.parse(Breakout, [text]).as_json()[name] == description


def test_what_no_text_names_is_searched_as_declared() -> None:
    space = ParameterSpace.parse(Breakout, ["stop=0.01", "lookback=10:20"])
    assert space.fixed == {"stop": 0.01}
    assert list(space.searched) == ["lookback", "kind", "shorts", "size"]
    assert space.searched["kind"] is Breakout.parameters["kind"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "lookback",
            r"^the parameter was 'lookback'; write name=low:high, name=low:high:step, name=a,b,c or name=",
        ),
        ("=5", r"^the parameter was '=5'; write name=low:high"),
        ("", r"^the parameter was ''; write name=low:high"),
        (
            "lookbak=5",
            r"^Breakout has no parameter 'lookbak'; did you mean lookback\? it has lookback, stop, kind",
        ),
        (
            "lookback=ten",
            r"^lookback was 'ten', and 'ten' is no whole number; write lookback=5:200, lookback=5:200:step, "
            r"lookback=5,200 or lookback=20$",
        ),
        ("lookback=", r"^lookback was '', and '' is no whole number; write lookback=5:200"),
        ("lookback=5:", r"^lookback was '5:', and '' is no whole number; write lookback=5:200"),
        ("lookback=10,20,", r"^lookback was '10,20,', and '' is no whole number"),
        ("lookback=10-20", r"^lookback was '10-20', and '10-20' is no whole number"),
        ("lookback=10..20", r"^lookback was '10..20', and"),
        ("stop=5%", r"^stop was '5%', and '5%' is no number; write stop=0.005:0.1, stop=0.005:0.1:step"),
        ("stop=nan", r"^stop was nan; it is a number from 0.005 to 0.1$"),
        ("stop=inf", r"^stop was inf; it is a number from 0.005 to 0.1$"),
        ("lookback=9" + "0" * 400, r"^lookback was inf; it is a whole number from 5 to 200$"),
        ("lookback=20.5", r"^lookback was 20.5; it is a whole number from 5 to 200$"),
        ("lookback=1:100", r"^lookback was 1; it runs from 5 to 200$"),
        ("lookback=50:10", r"^lookback was 50:10; low must not be above high: write 10:50$"),
        ("lookback=10:50:0", r"^lookback was 10:50:0; its step is a whole number above zero, not 0$"),
        ("lookback=1:2:3:4", r"^lookback was 1:2:3:4; a range is low:high or low:high:step$"),
        ("lookback=10,10", r"^lookback was given 10 more than once; name each value once$"),
        ("kind=hma", r"^kind was 'hma'; did you mean sma\? it is one of sma, ema, a,b, x:y$"),
        ("kind=1:2", r"^kind was '1:2'; it is one of sma, ema, a,b, x:y$"),
        ("kind=sma,zz", r"^kind was 'zz'; it is one of sma, ema"),
        ("kind=", r"^kind was ''; it is one of sma"),
        ("shorts=yes", r"^shorts was 'yes'; it is one of true, false$"),
    ],
)
def test_each_slip_is_told_with_what_works(text: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ParameterSpace.parse(Breakout, [text])


def test_a_name_may_stand_once() -> None:
    with pytest.raises(
        ParameterError, match=r"^stop was given twice, the second time as 'stop=2'; give each"
    ):
        ParameterSpace.parse(Breakout, ["stop=0.01", "stop=2"])
