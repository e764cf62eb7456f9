"""The reference simulator with terms of trading, in exact fractions, one rule after the other.

As `reference.py`, whose rules it shares; what is said here is what `docs/fill-rules.md` tells under "Beyond
the seven rules".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.unit.backtest.reference import LONG, SIDES, Outcome, Row, Trade

from trad.backtest.terms import Terms

HOURS_A_YEAR = Fraction(36525, 100) * 24


@dataclass
class Position:
    side: int
    size: Fraction
    index: int
    price: Fraction
    fee: Fraction
    stop: Fraction
    target: Fraction
    best: Fraction
    trail: Fraction | None = None
    even: Fraction | None = None
    carry: Fraction = Fraction(0)
    only_close_counts: bool = False

    def beyond(self, price: Fraction, level: Fraction) -> bool:
        """Whether a price lies at or on the losing side of a level."""
        return self.side * price <= self.side * level


@dataclass
class Order:
    side: int
    price: Fraction
    signal: int


@dataclass
class Account:
    rows: Sequence[Row]
    cash: Fraction
    fee: Fraction
    slippage: Fraction
    share: Fraction
    terms: Terms
    position: Position | None = None
    order: Order | None = None
    trades: list[Trade] = field(default_factory=list)

    @property
    def maker(self) -> Fraction:
        return self.fee if self.terms.maker_fee is None else Fraction(self.terms.maker_fee)

    def paid(self, rate: Fraction, size: Fraction, price: Fraction) -> Fraction:
        return rate * size * price + Fraction(self.terms.fee_per_unit) * size

    def market(self, price: Fraction, side: int, row: Row) -> Fraction:
        """What a market order at `price` really gets."""
        part = Fraction(self.terms.range_slippage) * (Fraction(row.high) - Fraction(row.low))
        if side == LONG:
            price = min(price + part, max(Fraction(row.high), price))
        else:
            price = max(price - part, min(Fraction(row.low), price))
        return price * (1 + side * self.slippage)

    def equity(self, close: float) -> Fraction:
        if self.position is None:
            return self.cash
        return self.cash + self.position.side * self.position.size * Fraction(close)

    def enter(self, index: int, side: int, price: Fraction, rate: Fraction, signal: int) -> None:
        if self.cash <= 0:
            return
        size = self.share * self.cash / price
        fee = self.paid(rate, size, price)
        self.cash -= side * size * price + fee
        said = self.rows[signal]
        self.position = Position(
            side, size, index, price, fee, Fraction(said.stop), Fraction(said.target), best=price
        )
        self.follow()

    def leave(self, index: int, price: Fraction, rate: Fraction, reason: str) -> None:
        held = self.position
        assert held is not None
        fee = self.paid(rate, held.size, price)
        self.cash += held.side * held.size * price - fee
        self.position = None
        costs = held.fee + fee + held.carry
        pnl = held.side * held.size * (price - held.price) - costs
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
                fees=float(costs),
            )
        )

    def carry(self, index: int) -> None:
        """Candles are hours from midnight on: what the hour before this open costs."""
        held = self.position
        if held is None:
            return
        notional = held.size * Fraction(self.rows[index].open)
        period = Fraction(self.terms.funding_hours)
        offset = 24 * 19723  # hours from 1970 to the first candle, 1 January 2024
        times = (index + offset) // period - (index - 1 + offset) // period
        cost = held.side * notional * Fraction(self.terms.funding_rate) * times
        if held.side != LONG:
            cost += notional * Fraction(self.terms.borrow_rate) / HOURS_A_YEAR
        self.cash -= cost
        held.carry += cost

    def at_the_open(self, index: int) -> None:
        row, said = self.rows[index], self.rows[index - 1]
        opened = Fraction(row.open)
        held, only = self.position, {"both": 0, "long": 1, "short": -1}[self.terms.sides]
        welcome = said.entry != 0 and only in (0, said.entry)
        if held is not None:
            timed = self.terms.time_stop > 0 and index - held.index >= self.terms.time_stop
            reason = None
            if said.entry == -held.side:
                reason = "reverse" if welcome else "signal"
            elif said.exit:
                reason = "signal"
            elif timed:
                reason = "time_stop"
            if reason is None:
                return
            self.leave(index, self.market(opened, -held.side, row), self.fee, reason)
        elif said.exit or said.entry:
            self.order = None
        if not welcome:
            return
        if self.terms.limit_offset is None:
            self.enter(index, said.entry, self.market(opened, said.entry, row), self.fee, index - 1)
        else:
            price = Fraction(said.close) * (1 - said.entry * Fraction(self.terms.limit_offset))
            self.order = Order(said.entry, price, index - 1)

    def fill_the_order(self, index: int) -> None:
        order, row = self.order, self.rows[index]
        if order is None:
            return
        if index - order.signal > self.terms.limit_candles:
            self.order = None
            return
        opened = Fraction(row.open)
        reached = Fraction(row.low if order.side == LONG else row.high)
        if order.side * reached > order.side * order.price:
            return
        self.order = None
        if order.side * opened <= order.side * order.price:
            at_once = index == order.signal + 1
            self.enter(index, order.side, opened, self.fee if at_once else self.maker, order.signal)
        else:
            self.enter(index, order.side, order.price, self.maker, order.signal)
            if self.position is not None:
                self.position.only_close_counts = True

    def levels(self, held: Position) -> list[tuple[Fraction, str]]:
        """What ends a losing position, in the order in which equal ones count."""
        found = [(held.stop, "stop_loss")] if held.stop else []
        if held.trail is not None:
            found.append((held.trail, "trailing_stop"))
        if held.even is not None:
            found.append((held.even, "break_even"))
        if self.terms.leverage is not None:
            margin = 1 / Fraction(self.terms.leverage) - Fraction(self.terms.maintenance_margin)
            found.append((held.price * (1 - held.side * margin), "liquidated"))
        return found

    def within(self, index: int) -> None:
        held, row = self.position, self.rows[index]
        if held is None:
            return
        first = held.price if held.only_close_counts else Fraction(row.open)
        worst, best = (row.low, row.high) if held.side == LONG else (row.high, row.low)
        levels = self.levels(held)
        if levels:
            level, reason = max(levels, key=lambda one: held.side * one[0])
            if held.beyond(Fraction(worst), level):
                price = first if held.beyond(first, level) else level
                self.leave(index, self.market(price, -held.side, row), self.fee, reason)
                return
        if (
            held.target
            and not held.only_close_counts
            and held.side * Fraction(best) >= held.side * held.target
        ):
            passed = held.side * first >= held.side * held.target
            self.leave(index, first if passed else held.target, self.maker, "take_profit")

    def follow(self) -> None:
        """Move the stops that follow the best price."""
        held = self.position
        assert held is not None
        if self.terms.trailing_stop:
            level = held.best * (1 - held.side * Fraction(self.terms.trailing_stop))
            if held.trail is None or held.side * level > held.side * held.trail:
                held.trail = level
        gain = Fraction(self.terms.break_even)
        if gain and held.side * held.best >= held.side * held.price * (1 + held.side * gain):
            held.even = held.price

    def at_the_close(self, index: int, *, last: bool) -> bool:
        held, row = self.position, self.rows[index]
        if held is not None:
            best = row.high if held.side == LONG else row.low
            reached = Fraction(row.close if held.only_close_counts else best)
            held.best = max(held.best, reached) if held.side == LONG else min(held.best, reached)
            held.only_close_counts = False
            self.follow()
        ruined = self.equity(row.close) <= 0
        if held is not None and (ruined or last):
            self.leave(index, Fraction(row.close), self.fee, "ruined" if ruined else "end_of_data")
        return self.equity(row.close) <= 0


def simulate_on_terms(
    rows: Sequence[Row],
    terms: Terms,
    *,
    fee: float = 0.0,
    slippage: float = 0.0,
    cash: float = 1_000.0,
    share: float = 1.0,
) -> Outcome:
    """Run the rules over hourly rows under these terms."""
    account = Account(rows, Fraction(cash), Fraction(fee), Fraction(slippage), Fraction(share), terms)
    ruined, in_position = False, 0
    equity: list[Fraction] = []
    for index, row in enumerate(rows):
        if not ruined:
            if index:
                account.carry(index)
                account.at_the_open(index)
            account.fill_the_order(index)
            in_position += account.position is not None
            account.within(index)
            ruined = account.at_the_close(index, last=index == len(rows) - 1)
        equity.append(account.equity(row.close))
    return Outcome(account.trades, [float(value) for value in equity], ruined, in_position, equity)
