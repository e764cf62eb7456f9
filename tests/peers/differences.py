"""Compares trades with a peer's, and recognises each difference by the rule that makes it.

A rule is a test of one pair of trades that began alike: it looks at the candle where they part and says
whether its situation is there, and whether both did what it expects. What no rule recognises is
unexplained. A trade that only one has must follow from a difference before it: the other still held a
position, so that the signal changed nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.peers.programs import Trade

from trad.market.candles import Candles

PRECISION = 1e-9


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a rule may look at.

    Attributes:
        sides: The side of each signal by its candle.
        levels: Its stop and target; 0 for none.
    """

    candles: Candles
    sides: Mapping[int, int]
    levels: Mapping[int, tuple[float, float]]
    slippage: float

    def leaves(self, trade: Trade, i: int) -> float | None:
        """The price before slippage at which candle i ends the trade, by signal, stop or target."""
        if self.sides.get(i - 1) == -trade.side:
            return float(self.candles.open[i])
        return self.reached(trade, i)

    def reached(self, trade: Trade, i: int) -> float | None:
        """The price at which candle i fills the trade's stop, else its target, before slippage."""
        stop, target = self.levels[trade.entry - 1]
        open_, high, low = (float(c[i]) for c in (self.candles.open, self.candles.high, self.candles.low))
        if trade.side > 0:
            if stop and low <= stop:
                return min(stop, open_)
            return max(target, open_) if target and high >= target else None
        if stop and high >= stop:
            return max(stop, open_)
        return min(target, open_) if target and low <= target else None


Rule = Callable[[Trade, Trade, Situation], bool]


@dataclass
class Comparison:
    """How the trades of one run compare."""

    counts: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def compare(
    ours: list[Trade], theirs: list[Trade], rules: Mapping[str, Rule], situation: Situation
) -> Comparison:
    """Pair trades by the candle they began at and explain whatever differs."""
    result = Comparison()
    our, their = {t.entry: t for t in ours}, {t.entry: t for t in theirs}
    assert len(our) == len(ours), "one position: no two trades begin at one candle"
    differing: set[int] = set()
    for entry in sorted(our.keys() | their.keys()):
        mine, other = our.get(entry), their.get(entry)
        if mine is not None and other is not None:
            name = _kind_of_pair(mine, other, rules, situation)
        else:
            name = _kind_of_single(mine, other, our, their, differing, situation)
        if name is None:
            result.unexplained.append(f"{mine} against {other}")
        else:
            result.counts[name] += 1
        if name != "same":
            differing.add(entry)
    return result


def near(a: float, b: float) -> bool:
    """Equal but for rounding."""
    return abs(a - b) <= PRECISION * max(abs(a), abs(b))


def same_exit(mine: Trade, other: Trade) -> bool:
    """Left at the same candle and price, with the same gain."""
    return (
        mine.exit == other.exit
        and near(mine.exit_price, other.exit_price)
        and abs(mine.gain - other.gain) <= PRECISION
    )


def _kind_of_pair(mine: Trade, other: Trade, rules: Mapping[str, Rule], situation: Situation) -> str | None:
    if mine.side != other.side or not near(mine.entry_price, other.entry_price):
        return None
    if same_exit(mine, other):
        return "same"
    return next((name for name, rule in rules.items() if rule(mine, other, situation)), None)


def _kind_of_single(
    mine: Trade | None,
    other: Trade | None,
    our: Mapping[int, Trade],
    their: Mapping[int, Trade],
    differing: set[int],
    situation: Situation,
) -> str | None:
    single = mine or other
    assert single is not None
    holder = _holder(single.entry, their if mine is not None else our, differing)
    if holder is None:
        return None
    if holder.side == single.side:
        return "other still held"
    # The opposite signal reverses, unless a stop or a target took the candle for itself.
    taken = mine is not None and holder.exit == single.entry and situation.reached(holder, single.entry)
    return "entry lost to a stop" if taken else None


def _holder(candle: int, trades: Mapping[int, Trade], differing: set[int]) -> Trade | None:
    """The trade, different in the two programs, that was open at the open of a candle."""
    for entry in differing:
        trade = trades.get(entry)
        if trade is not None and entry < candle and (trade.exit is None or trade.exit >= candle):
            return trade
    return None
