"""The terms on which trades are made, beyond a fee, a slippage and a size: each may be left as it is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Literal, Self, get_args

import numpy as np

from trad.backtest.terms_state_nb import (
    BORROW_RATE,
    BREAK_EVEN,
    FEE_PER_UNIT,
    FUNDING_MS,
    FUNDING_RATE,
    LEVERAGE,
    LIMIT_CANDLES,
    LIMIT_OFFSET,
    MAINTENANCE,
    MAKER_FEE,
    NO_LIMIT,
    ONE_SIDE,
    RANGE_SLIPPAGE,
    TERM_PLACES,
    TIME_STOP,
    TRAILING_STOP,
)
from trad.errors import TermsError
from trad.strategies.arrays import Floats

Sides = Literal["both", "long", "short"]
_SIDES: dict[str, float] = {"both": 0.0, "long": 1.0, "short": -1.0}
_MS_PER_HOUR = 3_600_000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Options beyond the seven fill rules; `docs/fill-rules.md` has a case for each.

    Attributes:
        maker_fee: Fee of fills that wait in the book (targets and limit entries), a fraction of the
            notional from -0.1 to 0.1; below zero it is a rebate. None: the same as `fee`.
        fee_per_unit: Money for each unit at every fill, beside the rate: 0 or above.
        range_slippage: Fraction of the filling candle's high - low, 0 to 1, by which fills at the open and
            at a stop are worse, beside `slippage`; never beyond the candle's high or low.
        funding_rate: Fraction of the notional that longs pay shorts at every funding time; below zero
            shorts pay longs: -0.1 to 0.1.
        funding_hours: Hours between funding times, counted from midnight UTC of 1 January 1970.
        borrow_rate: Interest on the notional of shorts, a fraction a year: 0 to 10.
        leverage: Notional / margin, 1 to 200; a position whose loss leaves no more than the maintenance
            margin is liquidated. None: no margin, no liquidation.
        maintenance_margin: Fraction of the notional at entry, below 1 / leverage.
        trailing_stop: Fraction below the highest price since entry (above the lowest, for shorts) at which
            a stop follows; 0 for none.
        break_even: Gain, a fraction of the entry price, after which the stop is at the entry price; 0 for
            none.
        time_stop: Candles after whose opens a position is left; 0 for none.
        limit_offset: Entries are limit orders this fraction below the signal's close (above, for shorts);
            0 is at the close. None: entries at the next open.
        limit_candles: Candles for which a limit order is good.
        sides: `long` or `short` enters that side alone; a signal of the other one only closes.

    Raises:
        TermsError: A value is outside its range, or not a number.
    """

    maker_fee: float | None = None
    fee_per_unit: float = 0.0
    range_slippage: float = 0.0
    funding_rate: float = 0.0
    funding_hours: float = 8.0
    borrow_rate: float = 0.0
    leverage: float | None = None
    maintenance_margin: float = 0.005
    trailing_stop: float = 0.0
    break_even: float = 0.0
    time_stop: int = 0
    limit_offset: float | None = None
    limit_candles: int = 1
    sides: Sides = "both"

    def __post_init__(self) -> None:
        for name, (low, high, example) in _RANGES.items():
            value = getattr(self, name)
            if value is None and _DEFAULTS[name] is None:
                continue
            if not _number(value) or not low <= value <= high:
                raise TermsError(
                    f"{name} was {value}; it is a number from {low:g} to {high:g}, such as {example}"
                )
        for name in ("time_stop", "limit_candles"):
            if not isinstance(getattr(self, name), int):
                raise TermsError(
                    f"{name} was {getattr(self, name)}; it is a whole number of candles, such as 5"
                )
        if self.sides not in get_args(Sides):
            raise TermsError(f"sides was {self.sides!r}; it is one of {', '.join(get_args(Sides))}")
        if self.leverage is not None and self.maintenance_margin >= 1 / self.leverage:
            raise TermsError(
                f"maintenance_margin was {self.maintenance_margin} with a leverage of {self.leverage}; it is "
                f"below 1 / leverage, here {1 / self.leverage:g}, or positions are liquidated as they begin"
            )

    @classmethod
    def from_json(cls, given: Mapping[str, object]) -> Self:
        """Make terms of those that differ from the usual ones.

        Raises:
            TermsError: A name is unknown, or a value is outside its range.
        """
        if unknown := sorted(set(given) - set(_DEFAULTS)):
            raise TermsError(
                f"{unknown[0]} is none of the terms of trading; they are {', '.join(sorted(_DEFAULTS))}"
            )
        return cls(**given)  # type: ignore[arg-type]  # what it is given is checked above all

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Make terms of texts such as `trailing_stop=0.02` and `sides=long`.

        Raises:
            TermsError: A text is none of that form, a name is unknown, or a value is outside its range.
        """
        given: dict[str, object] = {}
        for text in texts:
            name, equals, value = text.partition("=")
            name = name.strip().replace("-", "_")
            if not equals or not value.strip():
                raise TermsError(f"the term {text!r} has no value; write it as trailing_stop=0.02")
            if name in given:
                raise TermsError(f"the term {name} was given twice; give it once")
            given[name] = _value(value.strip())
        return cls.from_json(given)

    def as_json(self) -> dict[str, float | int | str]:
        """Return those that differ from the usual ones, by name."""
        return {name: value for name, usual in _DEFAULTS.items() if (value := getattr(self, name)) != usual}

    def places(self, fee: float) -> Floats:
        """Return what the kernels read, float64; `fee` is the fee of fills that do not wait."""
        terms = np.zeros(TERM_PLACES)
        terms[MAKER_FEE] = fee if self.maker_fee is None else self.maker_fee
        terms[FEE_PER_UNIT] = self.fee_per_unit
        terms[RANGE_SLIPPAGE] = self.range_slippage
        terms[FUNDING_RATE], terms[FUNDING_MS] = self.funding_rate, self.funding_hours * _MS_PER_HOUR
        terms[BORROW_RATE] = self.borrow_rate
        terms[LEVERAGE], terms[MAINTENANCE] = self.leverage or 0.0, self.maintenance_margin
        terms[TRAILING_STOP], terms[BREAK_EVEN] = self.trailing_stop, self.break_even
        terms[TIME_STOP] = self.time_stop
        terms[LIMIT_OFFSET] = NO_LIMIT if self.limit_offset is None else self.limit_offset
        terms[LIMIT_CANDLES] = self.limit_candles
        terms[ONE_SIDE] = _SIDES[self.sides]
        return terms


def _value(word: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


_DEFAULTS: dict[str, object] = {
    entry.name: entry.default for entry in fields(Terms) if entry.default is not MISSING
}

_RANGES: dict[str, tuple[float, float, str]] = {
    "maker_fee": (-0.1, 0.1, "0.0002"),
    "fee_per_unit": (0.0, 1e9, "0.005"),
    "range_slippage": (0.0, 1.0, "0.1"),
    "funding_rate": (-0.1, 0.1, "0.0001"),
    "funding_hours": (1.0, 8_760.0, "8"),
    "borrow_rate": (0.0, 10.0, "0.03"),
    "leverage": (1.0, 200.0, "5"),
    "maintenance_margin": (0.0, 0.99, "0.005"),
    "trailing_stop": (0.0, 0.99, "0.02"),
    "break_even": (0.0, 10.0, "0.01"),
    "time_stop": (0, 2**31, "24"),
    "limit_offset": (0.0, 0.5, "0.001"),
    "limit_candles": (1, 2**31, "3"),
}
"""Lowest and highest value of each number, and a usual one."""
