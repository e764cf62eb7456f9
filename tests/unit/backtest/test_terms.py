"""Terms: what they refuse, and the forms in which they travel."""

import json
import math

import pytest

from trad.backtest.costs import Costs
from trad.backtest.terms import Terms
from trad.errors import InputError, TermsError

SET = Terms(
    maker_fee=-0.0001,
    fee_per_unit=0.005,
    range_slippage=0.1,
    funding_rate=0.0001,
    funding_hours=4.0,
    borrow_rate=0.03,
    leverage=5.0,
    maintenance_margin=0.01,
    trailing_stop=0.02,
    break_even=0.01,
    time_stop=24,
    limit_offset=0.001,
    limit_candles=3,
    sides="short",
)


def test_only_what_differs_from_the_usual_is_written() -> None:
    assert Terms().as_json() == {}
    assert Terms(time_stop=3, sides="long").as_json() == {"time_stop": 3, "sides": "long"}


def test_terms_travel_as_json_and_as_texts() -> None:
    written = SET.as_json()
    assert len(written) == 14
    assert Terms.from_json(json.loads(json.dumps(written))) == SET
    assert Terms.parse(f"{name}={value}" for name, value in written.items()) == SET
    assert Terms.parse(["trailing-stop = 0.02"]) == Terms(trailing_stop=0.02)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"trailing_stop": 1.0}, r"trailing_stop was 1\.0; it is a number from 0 to 0\.99, such as 0\.02"),
        ({"trailing_stop": math.nan}, r"trailing_stop was nan"),
        ({"funding_rate": math.inf}, r"funding_rate was inf; it is a number from -0\.1 to 0\.1"),
        ({"leverage": 0.5}, r"leverage was 0\.5; it is a number from 1 to 200"),
        ({"leverage": 5, "maintenance_margin": 0.2}, r"it is below 1 / leverage, here 0\.2"),
        ({"time_stop": -1}, r"time_stop was -1"),
        ({"time_stop": 1.5}, r"time_stop was 1\.5; it is a whole number of candles"),
        ({"limit_candles": 0}, r"limit_candles was 0; it is a number from 1"),
        ({"break_even": "much"}, r"break_even was much"),
        ({"break_even": True}, r"break_even was True"),
        ({"sides": "left"}, r"sides was 'left'; it is one of both, long, short"),
        ({"trailing": 0.02}, r"trailing is none of the terms of trading; they are borrow_rate, break_even"),
    ],
)
def test_what_makes_no_sense_is_refused(terms: dict[str, object], message: str) -> None:
    with pytest.raises(TermsError, match=message):
        Terms.from_json(terms)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["trailing_stop"], r"the term 'trailing_stop' has no value; write it as trailing_stop=0\.02"),
        (["trailing_stop="], r"has no value"),
        (["time_stop=3", "time-stop=4"], r"the term time_stop was given twice"),
        (["time_stop=soon"], r"time_stop was soon"),
    ],
)
def test_texts_that_say_nothing_are_refused(texts: list[str], message: str) -> None:
    with pytest.raises(TermsError, match=message):
        Terms.parse(texts)


def test_a_position_is_no_larger_than_its_leverage() -> None:
    Costs(position_size=5.0, terms=Terms(leverage=5.0))
    with pytest.raises(InputError, match=r"position size was 6\.0 with a leverage of 5\.0"):
        Costs(position_size=6.0, terms=Terms(leverage=5.0))
