"""What a trade costs, and how much is traded."""

import math
from dataclasses import dataclass, field

from trad.backtest.terms import Terms
from trad.errors import InputError

HIGHEST_COST = 0.1
LARGEST_POSITION = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """Costs, position size and initial cash of a backtest, checked.

    Attributes:
        fee: Fraction of the notional (price x size), paid on entry and on exit: 0 to 0.1.
        slippage: Fraction of the price by which fills at the open and at a stop are worse: 0 to 0.1.
        position_size: Fraction of the equity that an entry invests: above 0, up to 10. Above 1 the
            position is borrowed against without interest or margin calls, unless the terms say otherwise.
        initial_cash: Money at the start: above 0.
        terms: Everything beyond.

    Raises:
        InputError: A value is outside its range, or not a number.
    """

    fee: float = 0.001
    slippage: float = 0.0005
    position_size: float = 1.0
    initial_cash: float = 10_000.0
    terms: Terms = field(default_factory=Terms)

    def __post_init__(self) -> None:
        for name, value in (("fee", self.fee), ("slippage", self.slippage)):
            if not _number(value) or not 0 <= value <= HIGHEST_COST:
                raise InputError(f"{name} was {value}; a {name} is a fraction from 0 to 0.1, such as 0.001")
        if not _number(self.position_size) or not 0 < self.position_size <= LARGEST_POSITION:
            raise InputError(
                f"position size was {self.position_size}; it is a fraction of the equity, "
                f"above 0 and up to 10, such as 0.5"
            )
        if not _number(self.initial_cash) or not self.initial_cash > 0:
            raise InputError(f"initial cash was {self.initial_cash}; it is an amount above 0, such as 10000")
        if self.terms.leverage is not None and self.position_size > self.terms.leverage:
            raise InputError(
                f"position size was {self.position_size} with a leverage of {self.terms.leverage}; "
                f"a position is no larger than leverage x equity"
            )


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
