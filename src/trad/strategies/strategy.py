"""The base class of all strategies."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from trad.errors import ParameterError
from trad.market.candles import Candles
from trad.progress import StageReporter
from trad.strategies.parameters import Parameter, ParameterValue, Params

if TYPE_CHECKING:
    import pandas as pd

    from trad.strategies.signals import Signals


class Strategy(ABC):
    """A set of rules with declared parameters.

    Subclasses declare parameters as class attributes and implement `generate_signals`:

        class Breakout(Strategy):
            lookback = Int(20, low=5, high=200)

    `Breakout(lookback=50)` is a strategy ready to run; `Breakout.parameters` lists the declarations. A
    strategy must be a function of its candles and parameters alone: the same call gives the same
    signals, and what stands after candle i changes nothing up to i.

    Raises:
        ParameterError: An unknown parameter, or a value outside its range; for a subclass, a parameter
            that hides `params`, `valid` or another name that a strategy needs.
    """

    parameters: ClassVar[dict[str, Parameter[Any]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found: dict[str, Parameter[Any]] = {}
        for base in reversed(cls.__mro__):
            found.update({name: value for name, value in vars(base).items() if isinstance(value, Parameter)})
        for name in found:
            if hasattr(Strategy, name):
                raise ParameterError(
                    f"{name} cannot be a parameter of {cls.__name__}: strategies need it, choose another"
                )
        cls.parameters = {name: value for name, value in found.items() if getattr(cls, name) is value}

    def __init__(self, **params: ParameterValue) -> None:
        for name, value in params.items():
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise ParameterError(f"{type(self).__name__} has no parameter {name!r}; it has {known}")
            self.__dict__[name] = self.parameters[name].checked(value)

    @property
    def params(self) -> Params:
        """Every parameter's value by name, in the order of declaration."""
        return {name: getattr(self, name) for name in self.parameters}

    def valid(self) -> bool:
        """Say whether the parameters go together; an optimizer tries no configuration that does not."""
        return True

    @abstractmethod
    def generate_signals(self, candles: Candles, progress: StageReporter) -> "Signals | pd.DataFrame":
        """Say of each candle what to do, knowing only it and those before it.

        Args:
            candles: The whole series, read-only.
            progress: Where to say how far the work is: `progress.track(range(...))`,
                `progress.chunks(n)` or `progress.update(done)`. May be left out of the signature.

        Returns:
            Signals as long as the candles; or a DataFrame with `timestamp` and `signal` (BUY, SELL, HOLD).
        """

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{type(self).__name__}({values})"
