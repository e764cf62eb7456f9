"""What was found in a series of candles, written for people and as data."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from trad.market.timeframe import DAY_MS, Timeframe, duration

RULES = {
    "not_finite": "NaN or infinite value",
    "high_below_low": "high below low",
    "outside": "open or close outside high/low",
    "not_positive": "price at or below zero",
    "negative_volume": "negative volume",
    "no_time": "no time",
    "duplicate": "same time as an earlier row",
    "unsorted": "time before that of the row above",
}
"""What each rule forbids, by its name, in the order in which they are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that breaks a rule: its index from 0, its time (UTC) and its values by column."""

    index: int
    time: str
    values: dict[str, float]

    def __str__(self) -> str:
        values = "  ".join(f"{name} {value:.10g}" for name, value in self.values.items())
        return f"row {self.index:,}  {self.time}  {values}"


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenRule:
    """A rule (a key of `RULES`), how many rows break it, and the first of them."""

    rule: str
    count: int
    rows: tuple[BadRow, ...]

    def lines(self) -> list[str]:
        """Write the rule and its first rows for a terminal."""
        more = [f"    ... and {self.count - len(self.rows):,} more"] if self.count > len(self.rows) else []
        head = f"  {RULES[self.rule]}: {self.count:,} {'row' if self.count == 1 else 'rows'}"
        return [head, *(f"    {row}" for row in self.rows), *more]


@dataclass(frozen=True, kw_only=True, slots=True)
class CandleReport:
    """What a series of candles holds, good and bad.

    Attributes:
        rows: How many there are.
        first, last: The earliest and the latest time; None without one.
        timeframe: The commonest distance between times; None for fewer than two.
        gaps: Places where the next candle comes later than one timeframe.
        longest_gap_ms: The longest distance between neighbours, in milliseconds; None without a gap.
        longest_gap_after: The time of the candle before it.
        gap_share: The fraction of the span that no candle covers.
        zero_volume: Candles without volume, which are allowed.
        bad_rows: Rows that break at least one rule.
        newest_first: Whether every row is earlier than the one above.
        broken: The broken rules.
    """

    rows: int
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None
    timeframe: Timeframe | None = None
    gaps: int = 0
    longest_gap_ms: int | None = None
    longest_gap_after: np.datetime64 | None = None
    gap_share: float = 0.0
    zero_volume: int = 0
    bad_rows: int = 0
    newest_first: bool = False
    broken: tuple[BrokenRule, ...] = ()

    @property
    def good(self) -> bool:
        """Whether there are candles, and all of them can be traded on."""
        return self.rows > 0 and not self.broken

    def lines(self) -> list[str]:
        """Write the whole report for a terminal."""
        if not self.rows:
            return ["no candles at all"]
        every = f", every {self.timeframe}" if self.timeframe else ""
        gaps = "none"
        if self.longest_gap_ms is not None:
            after = written(self.longest_gap_after)
            gaps = f"{self.gaps:,}, the longest {duration(self.longest_gap_ms)} after {after} UTC; "
            gaps += f"no candles for {self.gap_share:.1%} of the span"
        told = [line for broken in self.broken for line in broken.lines()]
        verdict = "every candle is good" if self.good else f"{self._verdict()}; rows count from 0:"
        return [
            f"{self.rows:,} candles, {written(self.first)} to {written(self.last)} UTC{every}",
            f"gaps: {gaps}",
            f"zero volume: {self.zero_volume:,} {'candle' if self.zero_volume == 1 else 'candles'}",
            verdict,
            *told,
        ]

    def refusal(self, name: str) -> str:
        """Write why these candles are refused: a sentence, then the broken rules with their first rows."""
        if not self.rows:
            return f"{name} holds no candles at all; at least one is needed"
        remedy = "correct or remove these rows (they count from 0)"
        if self.newest_first:
            remedy = "the rows run newest first: sort them by time"
        told = [line for broken in self.broken for line in broken.lines()]
        return "\n".join([f"{name} cannot be traded on: {self._verdict()}; {remedy}", *told])

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data; times in ISO 8601, UTC; NaN and infinite values as text."""
        return {
            "good": self.good,
            "rows": self.rows,
            "first": _iso(self.first),
            "last": _iso(self.last),
            "timeframe": None if self.timeframe is None else str(self.timeframe),
            "gaps": self.gaps,
            "longest_gap_seconds": None if self.longest_gap_ms is None else self.longest_gap_ms / 1000,
            "longest_gap_after": _iso(self.longest_gap_after),
            "gap_share": self.gap_share,
            "zero_volume": self.zero_volume,
            "bad_rows": self.bad_rows,
            "broken": [
                {
                    "rule": broken.rule,
                    "what": RULES[broken.rule],
                    "count": broken.count,
                    "rows": [_row_as_json(row) for row in broken.rows],
                }
                for broken in self.broken
            ],
        }

    def _verdict(self) -> str:
        verb = "breaks" if self.bad_rows == 1 else "break"
        return f"{self.bad_rows:,} of {self.rows:,} candles {verb} a rule"


def written(moment: np.datetime64 | None) -> str:
    """Write a time for people, as short as it can be said."""
    if moment is None or np.isnat(moment):
        return "no time"
    whole_day = int(moment.astype("datetime64[ms]").astype(np.int64)) % DAY_MS == 0
    text = str(np.datetime_as_string(moment, unit="D" if whole_day else "s"))
    return text.replace("T", " ").removesuffix(":00") if not whole_day else text


def _iso(moment: np.datetime64 | None) -> str | None:
    return None if moment is None else f"{np.datetime_as_string(moment, unit='ms')}Z"


def _row_as_json(row: BadRow) -> dict[str, Any]:
    values = {name: value if np.isfinite(value) else str(value) for name, value in row.values.items()}
    return {"index": row.index, "time": row.time, **values}
