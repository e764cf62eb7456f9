"""A slow and obvious trade simulator, written from the fill rules alone, in exact fractions.

It is what the compiled engine is compared with. Nothing here is clever: one candle after the other, one
rule after the other, in the order in which `docs/fill-rules.md` tells them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

LONG, SHORT = 1, -1
SIDES = {LONG: "long", SHORT: "short"}


class Row(NamedTuple):
    """A candle and what its signals say; a stop or target of 0 is none."""

    open: float
    high: float
    low: float
    close: float
    entry: int = 0
    exit: bool = False
    stop: float = 0.0
    target: float = 0.0


class Trade(NamedTuple):
    """One closed trade."""

    side: str
    entry_index: int
    entry_price: float
    exit_index: int
    exit_price: float
    exit_reason: str
    size: float
    pnl: float
    return_pct: float
    fees: float


class Outcome(NamedTuple):
    """What a simulation leaves behind; `in_position` counts candles held after the open's fills."""

    trades: list[Trade]
    equity: list[float]
    ruined: bool
    in_position: int
    exact_equity: list[Fraction]


@dataclass(frozen=True)
class Position:
    side: int
    size: Fraction
    index: int
    price: Fraction
    fee: Fraction
    stop: float
    target: float


@dataclass
class Account:
    """Cash, at most one position, and the trades that are over."""

    cash: Fraction
    fee: Fraction
    slippage: Fraction
    share: Fraction
    position: Position | None = None
    trades: list[Trade] = field(default_factory=list)

    def slipped(self, price: float, side: int) -> Fraction:
        """The price a buyer (+1) pays or a seller (-1) gets."""
        return Fraction(price) * (1 + side * self.slippage)

    def equity(self, close: float) -> Fraction:
        if self.position is None:
            return self.cash
        return self.cash + self.position.side * self.position.size * Fraction(close)

    def enter(self, index: int, row: Row, signal: Row) -> None:
        if self.cash <= 0:
            return
        price = self.slipped(row.open, signal.entry)
        size = self.share * self.cash / price
        fee = self.fee * size * price
        self.cash -= signal.entry * size * price + fee
        self.position = Position(signal.entry, size, index, price, fee, signal.stop, signal.target)

    def leave(self, index: int, price: Fraction, reason: str) -> None:
        held = self.position
        assert held is not None
        fee = self.fee * held.size * price
        self.cash += held.side * held.size * price - fee
        self.position = None
        pnl = held.side * held.size * (price - held.price) - held.fee - fee
        self.trades.append(
            Trade(
                side=SIDES[held.side],
                entry_index=held.index,
                entry_price=float(held.price),
                exit_index=index,
                exit_price=float(price),
                exit_reason=reason,
                size=float(held.size),
                pnl=float(pnl),
                return_pct=float(pnl / (held.size * held.price)),
                fees=float(held.fee + fee),
            )
        )

    def at_the_open(self, index: int, row: Row, signal: Row) -> None:
        """Rules 1, 2, 5 and 6: what the signal of the candle before does at this open."""
        held = self.position
        if held is not None:
            opposite = signal.entry == -held.side
            if not opposite and not signal.exit:
                return
            price = self.slipped(row.open, -held.side)
            self.leave(index, price, "reverse" if opposite else "signal")
        if signal.entry:
            self.enter(index, row, signal)

    def within(self, index: int, row: Row) -> None:
        """Rules 3 and 4: the stop, and only then the target."""
        held = self.position
        if held is None:
            return
        worst, best = (row.low, row.high) if held.side == LONG else (row.high, row.low)
        if held.stop and held.side * worst <= held.side * held.stop:
            passed = held.side * row.open <= held.side * held.stop
            price = row.open if passed else held.stop
            self.leave(index, self.slipped(price, -held.side), "stop_loss")
        elif held.target and held.side * best >= held.side * held.target:
            passed = held.side * row.open >= held.side * held.target
            self.leave(index, Fraction(row.open if passed else held.target), "take_profit")

    def at_the_close(self, index: int, row: Row, *, last: bool) -> bool:
        """Rules 6 and 7; returns whether the run ends here in ruin."""
        ruined = self.equity(row.close) <= 0
        if self.position is not None and (ruined or last):
            self.leave(index, Fraction(row.close), "ruined" if ruined else "end_of_data")
        return self.equity(row.close) <= 0


def simulate(
    rows: Sequence[Row],
    *,
    fee: float = 0.0,
    slippage: float = 0.0,
    cash: float = 1_000.0,
    share: float = 1.0,
) -> Outcome:
    """Run the rules over the rows; `share` is the position size as a fraction of equity."""
    account = Account(Fraction(cash), Fraction(fee), Fraction(slippage), Fraction(share))
    ruined, in_position = False, 0
    equity: list[Fraction] = []
    for index, row in enumerate(rows):
        if not ruined:
            if index:
                account.at_the_open(index, row, rows[index - 1])
            in_position += account.position is not None
            account.within(index, row)
            ruined = account.at_the_close(index, row, last=index == len(rows) - 1)
        equity.append(account.equity(row.close))
    return Outcome(account.trades, [float(value) for value in equity], ruined, in_position, equity)
