"""Candle tables that a person reads beside the trades they expect.

A case is one block of text. The first table has a row per candle, the second a row per trade; a header
names the columns, `-` says nothing:

    #  open  high  low  close  entry  exit  stop  target  equity
    0   100   101   99    100  long   -       95       -    1000
    1   100   104   98    103  -      yes      -       -    1030
    2   105   106  104    105  -      -        -       -    1050

    side  in     out    reason  pnl
    long  1@100  2@105  signal   50

`in` and `out` are candle@price. A column `equity` is the equity expected at each close. Where no trade
is expected, `no trades` stands in place of the second table. Cash is 1,000 and there are no costs unless
the case says otherwise, so that 1,000 buys 10 units at a price of 100.
"""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from tests.unit.backtest.reference import Outcome, Row, Trade

from trad.backtest.terms import Terms

SIDES = {"long": 1, "short": -1, "-": 0}
Expected = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One table, the account it runs in, and whether it ends in ruin."""

    name: str
    rows: list[Row]
    trades: list[Expected]
    equity: list[float] | None
    fee: float = 0.0
    slippage: float = 0.0
    cash: float = 1_000.0
    share: float = 1.0
    ruined: bool = False
    terms: Terms = field(default_factory=Terms)

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


Simulator = Callable[[Case], Outcome]


def case(
    name: str,
    text: str,
    *,
    fee: float = 0.0,
    slippage: float = 0.0,
    cash: float = 1_000.0,
    share: float = 1.0,
    ruined: bool = False,
    terms: Terms | None = None,
) -> Case:
    """Read a case from its text."""
    candles, _, trades = textwrap.dedent(text).strip().partition("\n\n")
    records = _records(candles)
    assert [int(r["#"]) for r in records] == list(range(len(records))), f"{name}: rows are numbered from 0"
    return Case(
        name=name,
        rows=[_row(record) for record in records],
        trades=[] if trades.strip() == "no trades" else [_trade(record) for record in _records(trades)],
        equity=[_number(r["equity"]) for r in records] if "equity" in records[0] else None,
        fee=fee,
        slippage=slippage,
        cash=cash,
        share=share,
        ruined=ruined,
        terms=Terms() if terms is None else terms,
    )


def _records(table: str) -> list[dict[str, str]]:
    header, *lines = (line.split() for line in table.strip().splitlines())
    assert lines, f"a table without rows: {table!r}"
    return [dict(zip(header, line, strict=True)) for line in lines]


def _number(word: str) -> float:
    return float(word.replace(",", ""))


def _row(record: dict[str, str]) -> Row:
    return Row(
        open=_number(record["open"]),
        high=_number(record["high"]),
        low=_number(record["low"]),
        close=_number(record["close"]),
        entry=SIDES[record.get("entry", "-")],
        exit={"yes": True, "-": False}[record.get("exit", "-")],
        stop=_level(record.get("stop", "-")),
        target=_level(record.get("target", "-")),
    )


def _level(word: str) -> float:
    return 0.0 if word == "-" else _number(word)


def _trade(record: dict[str, str]) -> Expected:
    expected: Expected = {"side": record.pop("side"), "exit_reason": record.pop("reason")}
    for end, word in (("entry", record.pop("in")), ("exit", record.pop("out"))):
        index, price = word.split("@")
        expected[f"{end}_index"] = int(index)
        expected[f"{end}_price"] = about(_number(price))
    unknown = set(record) - {"size", "pnl", "fees", "return_pct"}
    assert not unknown, f"a trade has no column {unknown}"
    return expected | {name: about(_number(word)) for name, word in record.items()}


def about(value: float) -> object:
    """Equal but for the rounding of floats."""
    return pytest.approx(value, rel=1e-12, abs=1e-9)


def check(simulate: Simulator, given: Case) -> None:
    """Run a case and compare the trades, the equity and the ruin with what its text expects."""
    outcome = simulate(given)
    assert seen(outcome.trades, given.trades) == given.trades
    assert len(outcome.equity) == len(given.rows)
    if given.equity is not None:
        assert outcome.equity == about_all(given.equity)
    assert outcome.ruined == given.ruined


def seen(trades: Sequence[Trade], expected: Sequence[Expected]) -> list[Expected]:
    """The trades, cut down to the columns that are expected."""
    columns = list(expected[0]) if expected else list(Trade._fields)
    return [{column: getattr(trade, column) for column in columns} for trade in trades]


def about_all(values: Sequence[float]) -> object:
    """Equal, one by one, but for the rounding of floats."""
    return pytest.approx(list(values), rel=1e-12, abs=1e-9)
