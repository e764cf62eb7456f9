import pytest

from trad.errors import ParameterError
from trad.market.candles import Candles
from trad.strategies.parameters import Choice, Float, Int
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy


class Base(Strategy):
    lookback = Int(20, low=5, high=200)
    stop = Float(0.02, low=0, high=1)

    def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
        return Signals.empty(len(candles))


class Derived(Base):
    kind = Choice(["sma", "ema"])
    stop = 0.5  # no longer a parameter


def test_lists_parameters_in_the_order_of_declaration() -> None:
    assert list(Base.parameters) == ["lookback", "stop"]
    assert list(Derived.parameters) == ["lookback", "kind"]
    assert Base.lookback.high == 200


def test_takes_values_and_defaults() -> None:
    strategy = Base(lookback=50)
    assert strategy.lookback == 50
    assert strategy.params == {"lookback": 50, "stop": 0.02}
    assert Base().params == {"lookback": 20, "stop": 0.02}
    assert repr(strategy) == "Base(lookback=50, stop=0.02)"
    assert strategy.valid()


def test_refuses_unknown_names_and_bad_values() -> None:
    with pytest.raises(ParameterError, match="Base has no parameter 'lookbak'; it has lookback, stop"):
        Base(lookbak=50)
    with pytest.raises(ParameterError, match="lookback was 500; it runs from 5 to 200"):
        Base(lookback=500)


def test_a_strategy_without_signals_cannot_be_made() -> None:
    class Silent(Strategy):
        pass

    with pytest.raises(TypeError, match="generate_signals"):
        Silent()  # type: ignore[abstract]


def test_refuses_a_parameter_that_hides_what_a_strategy_has() -> None:
    with pytest.raises(ParameterError, match="valid cannot be a parameter of Hidden"):

        class Hidden(Base):
            valid = Int(1, low=0, high=1)  # type: ignore[assignment]
