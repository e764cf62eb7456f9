import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trad.errors import ParameterError
from trad.strategies.parameters import Choice, Float, Int, Parameter, rounded

shares = st.floats(0, 1, exclude_max=True)


class TestInt:
    def test_takes_whole_numbers_of_any_type(self) -> None:
        lookback = Int(20, low=5, high=200)
        assert [lookback.checked(value) for value in (5, 200.0, np.int64(7), np.float64(8))] == [5, 200, 7, 8]
        assert type(lookback.checked(np.int64(7))) is int

    @pytest.mark.parametrize("value", [4, 201, 5.5, "7", None, True, math.nan, math.inf, 10**400])
    def test_refuses_anything_else(self, value: object) -> None:
        with pytest.raises(
            ParameterError, match=r"parameter was .*it (is a whole number|runs) from 5 to 200"
        ):
            Int(20, low=5, high=200).checked(value)

    def test_lists_its_levels(self) -> None:
        assert list(Int(5, low=5, high=12, step=3).levels()) == [5, 8, 11]
        assert Int(5, low=5, high=12, step=3).size == 3

    @given(
        low=st.integers(1, 50),
        span=st.integers(0, 1_000),
        step=st.integers(1, 70),
        log=st.booleans(),
        share=shares,
    )
    def test_every_share_leads_to_a_level(
        self, low: int, span: int, step: int, log: bool, share: float
    ) -> None:
        lookback = Int(low, low=low, high=low + span, step=step, log=log)
        assert lookback.at(share) in lookback.levels()
        assert lookback.at(0.0) == low
        assert lookback.at(math.nextafter(1, 0)) == lookback.levels()[-1]

    @pytest.mark.parametrize(
        ("declaration", "message"),
        [
            ({"default": 1, "low": 5, "high": 2}, "low=5 above high=2"),
            ({"default": 1, "low": 5, "high": 9}, "parameter was 1; it runs from 5 to 9"),
            ({"default": 5, "low": 5, "high": 9, "step": 0}, "step=0; a step is above zero"),
            ({"default": 0, "low": 0, "high": 9, "log": True}, "a log scale starts above zero"),
            ({"default": 5.0, "low": 5, "high": 9}, "Int was given 5.0"),
            ({"default": True, "low": 0, "high": 9}, "Int was given True"),
        ],
    )
    def test_refuses_a_contradictory_declaration(self, declaration: dict[str, int], message: str) -> None:
        with pytest.raises(ParameterError, match=message):
            Int(**declaration)  # type: ignore[arg-type]


class TestFloat:
    def test_takes_numbers_of_any_type(self) -> None:
        stop = Float(0.5, low=0, high=2)
        assert [stop.checked(value) for value in (0, 2, 0.25, np.float32(0.5), np.int64(1))] == [
            0,
            2,
            0.25,
            0.5,
            1,
        ]
        assert type(stop.checked(np.int64(1))) is float

    @pytest.mark.parametrize("value", [-0.1, 2.1, "1", None, True, math.nan, math.inf])
    def test_refuses_anything_else(self, value: object) -> None:
        with pytest.raises(ParameterError, match=r"it (is a number|runs) from 0\.0 to 2\.0"):
            Float(0.5, low=0, high=2).checked(value)

    def test_lists_its_levels(self) -> None:
        assert Float(0.1, low=0.1, high=0.5, step=0.1).levels() == [0.1, 0.2, 0.3, 0.4, 0.5]
        assert Float(1, low=0, high=9).levels() == [float(level) for level in range(10)]
        assert Float(1, low=0.001, high=1000, log=True).levels()[3] == pytest.approx(0.1)
        assert Float(0.12345678901234567, low=0.12345678901234567, high=0.12345678901234567).levels() == [
            0.12345678901234567
        ]

    def test_counts_its_levels(self) -> None:
        assert Float(0.1, low=0.1, high=0.5, step=0.1).size == 5
        assert Float(0.1, low=0.1, high=0.55, step=0.1).size == 5
        assert Float(0.1, low=0.1, high=0.5).size == math.inf

    @given(
        low=st.floats(1e-6, 100),
        span=st.floats(0, 1_000),
        share=shares,
        log=st.booleans(),
        stepped=st.booleans(),
    )
    def test_every_share_leads_into_the_range(
        self, low: float, span: float, share: float, log: bool, stepped: bool
    ) -> None:
        step = span / 7 if stepped and span > 1e-6 else None
        stop = Float(low, low=low, high=low + span, step=step, log=log)
        assert stop.low <= stop.at(share) <= stop.high
        if step is not None:
            assert stop.at(share) in stop.levels()

    @pytest.mark.parametrize("value", ["0.1", math.nan, True])
    def test_refuses_a_declaration_without_numbers(self, value: float) -> None:
        with pytest.raises(ParameterError, match="default, low, high and step are finite numbers"):
            Float(value, low=0, high=1)


class TestChoice:
    def test_takes_its_options(self) -> None:
        kind = Choice("ema", ["sma", "ema"])
        assert kind.default == "ema"
        assert kind.checked("sma") == "sma"
        assert Choice(["sma", "ema"]).default == "sma"
        assert [kind.at(share) for share in (0.0, 0.49, 0.5, 0.99)] == ["sma", "sma", "ema", "ema"]

    @pytest.mark.parametrize(("value", "found"), [(0, 0), (0.0, 0.0), (1, 1.0)])
    def test_of_equal_numbers_the_one_of_the_same_type_is_meant(self, value: float, found: float) -> None:
        checked = Choice([0, 0.0, 1.0]).checked(value)
        assert (checked, type(checked)) == (found, type(found))

    def test_tells_one_from_true(self) -> None:
        assert Choice([True, False]).checked(False) is False
        with pytest.raises(ParameterError, match="parameter was 1; it is one of True, False"):
            Choice([True, False]).checked(1)

    @pytest.mark.parametrize("options", [[], ["a", "a"]])
    def test_refuses_none_and_twins(self, options: list[str]) -> None:
        with pytest.raises(ParameterError, match="it takes one or more, each once"):
            Choice(options)

    def test_refuses_what_is_no_option(self) -> None:
        with pytest.raises(ParameterError, match="parameter was 'hma'; it is one of sma, ema"):
            Choice(["sma", "ema"]).checked("hma")


@pytest.mark.parametrize(
    "parameter", [Int(5, low=1, high=9), Float(0.5, low=0, high=1, step=0.1), Choice("a", ["a", "b"])]
)
def test_a_description_makes_the_same_parameter_again(parameter: Parameter[int]) -> None:
    description = parameter.as_json()
    again = type(parameter)(**{key: value for key, value in description.items() if key != "type"})
    assert again.as_json() == description
    assert "default=" in repr(again)


def test_rounds_to_significant_digits() -> None:
    assert rounded(0.1 + 0.2) == 0.3
    assert rounded(123456.7890123456) == 123456.789012
