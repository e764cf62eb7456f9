"""How Optuna sees a parameter: there and back without loss."""

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from trad import Choice, Float, Int
from trad.optimizers.codes import code_of

PARAMETERS: list[Int | Float | Choice] = [
    Int(5, low=-3, high=12),
    Int(5, low=2, high=30, step=4),
    Int(5, low=1, high=60, log=True),
    Int(5, low=2, high=61, step=3, log=True),
    Float(0.5, low=0.1, high=1.0),
    Float(0.5, low=0.001, high=1.0, log=True),
    Float(0.5, low=0.1, high=1.0, step=0.1),
    Float(0.5, low=0.1, high=0.77, step=0.07, log=True),
    Float(0.3, low=0.1, high=1.0, step=1 / 300_000),
    Choice([1, 2.5, 10]),
    Choice([10, 1, 5]),
    Choice(["sma", "ema"]),
    Choice([1, True, 1.0, False, "1"]),
]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=repr)
def test_every_level_comes_back_as_it_was(parameter: Int | Float | Choice) -> None:
    code = code_of(parameter)
    levels = parameter.levels()
    for level in [*levels[:50], *levels[-50:]]:
        coded = code.encode(level)
        inner = code.distribution.to_internal_repr(coded)
        assert code.distribution._contains(inner)
        again = code.decode(float(inner))
        assert again == level
        assert type(again) is type(level)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=repr)
def test_every_number_of_the_distribution_is_a_value_of_the_parameter(
    parameter: Int | Float | Choice,
) -> None:
    code, levels = code_of(parameter), parameter.levels()
    endless = isinstance(parameter, Float) and parameter.step is None
    distribution = code.distribution
    if isinstance(distribution, CategoricalDistribution):
        numbers = [float(choice) for choice in range(len(distribution.choices))]
    else:
        assert isinstance(distribution, (IntDistribution, FloatDistribution))
        reach = distribution.high - distribution.low
        numbers = [distribution.low + reach * share for share in (0, 1 / 7, 1 / 3, 0.5, 0.9, 1)]
        if isinstance(distribution, IntDistribution):
            numbers = [float(int(number)) for number in numbers]
    for number in numbers:
        value = code.decode(number)
        parameter.checked(value)
        assert endless or value in levels


@pytest.mark.parametrize(
    ("parameter", "kind"),
    [
        (Choice([1, 2.5, 10]), IntDistribution),
        (Choice([10, 1, 5]), CategoricalDistribution),
        (Choice([0, 1, True]), CategoricalDistribution),
        (Choice([False, True]), CategoricalDistribution),
        (Choice(["a", "b"]), CategoricalDistribution),
    ],
)
def test_only_rising_numbers_are_in_an_order(parameter: Choice, kind: type) -> None:
    assert type(code_of(parameter).distribution) is kind
