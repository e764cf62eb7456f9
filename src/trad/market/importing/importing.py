"""Files of one series into candles, with a report of what was understood and done."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trad.errors import CandlesError, DataFileError
from trad.market.candles import Candles
from trad.market.checks import refuse_bad_candles
from trad.market.columns import RawCandles
from trad.market.importing.opening_hours import Gaps, fill, find_gaps, looks_like_bar_ends
from trad.market.importing.options import ImportOptions
from trad.market.importing.part import Part
from trad.market.importing.reading import read_part
from trad.market.importing.series import Ordered, Problem, join, put_in_order
from trad.market.importing.text_files import Told
from trad.market.report import written
from trad.market.timeframe import Timeframe


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """What was understood of the files, and done.

    Attributes:
        columns: What the columns are called in the first file, by role.
        interval: The commonest distance between candles.
        zone: What is known of the zone.
        first, last: The span.
        rows: Rows read.
        kept: Candles that came of them.
        repeats: Exact repeats left out.
        dropped: Bad rows left out, because `--drop-bad` said so.
        turned: Whether the rows ran newest first.
        moved: Rows that stood out of order.
        shifted: Whether times of closes were brought to opens.
        filled: Candles made where some were missing.
        gaps: What is missing.
        problems: Bad rows, left out or not.
        notes: What was odd.
    """

    columns: dict[str, str]
    interval: str | None
    zone: str
    first: str
    last: str
    rows: int
    kept: int
    repeats: int
    dropped: int
    turned: bool
    moved: int
    shifted: bool
    filled: int
    gaps: Gaps
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """Write it for a terminal."""
        columns = ", ".join(f"{role} {name!r}" for role, name in self.columns.items())
        done = [
            f"{self.rows:,} rows read",
            *(["turned round (newest first)"] if self.turned else []),
            *([f"{self.moved:,} put in order"] if self.moved else []),
            *([f"{self.repeats:,} exact repeats dropped"] if self.repeats else []),
            *([f"{self.dropped:,} bad rows dropped"] if self.dropped else []),
            *(["times of closes brought to opens"] if self.shifted else []),
            *([f"{self.filled:,} flat candles filled in"] if self.filled else []),
            f"{self.kept:,} candles kept",
        ]
        lines = [
            f"columns:  {columns}",
            f"interval: {self.interval or 'unknown'}",
            f"zone:     {self.zone}",
            f"span:     {self.first} to {self.last} UTC",
            f"rows:     {', '.join(done)}",
            f"gaps:     {self.gaps.line()}",
            *(f"note:     {note}" for note in self.notes),
        ]
        if self.dropped:
            lines += ["dropped:", *(line for problem in self.problems for line in problem.lines())]
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        gaps = self.gaps
        return {
            "columns": self.columns,
            "interval": self.interval,
            "zone": self.zone,
            "first": self.first,
            "last": self.last,
            "rows": self.rows,
            "kept": self.kept,
            "repeats": self.repeats,
            "dropped": self.dropped,
            "turned": self.turned,
            "moved": self.moved,
            "shifted": self.shifted,
            "filled": self.filled,
            "gaps": {
                "count": gaps.count,
                "missing": gaps.missing,
                "longest_seconds": gaps.longest_ms / 1000,
                "share": gaps.share,
                "closed": gaps.closed,
                "days_off": gaps.days_off,
            },
            "problems": [
                {"what": one.what, "count": one.count, "rows": list(one.rows)} for one in self.problems
            ],
            "notes": list(self.notes),
        }


def import_files(
    paths: Sequence[Path], options: ImportOptions, *, name: str, told: Told = lambda _: None
) -> tuple[Candles, ImportReport]:
    """Read files of one series, and make candles of them.

    Args:
        paths: One file or more; they may overlap where they agree.
        options: What the user says of them.
        name: What the series is called.
        told: Is told how many bytes of the present file were read.

    Raises:
        DataFileError: A file is no table of candles, or something must be said; the message names the flag.
        CandlesError: Rows are bad, and nobody said to drop them; the message shows the first.
    """
    parts = [read_part(path, options, told) for path in paths]
    raw = join([part.raw for part in parts])
    done = put_in_order(raw, np.concatenate([part.unread for part in parts]), drop_bad=options.drop_bad)
    lost = _lost(parts)
    problems = [*lost, *done.problems]
    if problems and not options.drop_bad:
        raise CandlesError(_refusal(paths, problems))
    if not len(done.raw.timestamp):
        raise CandlesError(f"{paths[0]}: no row of it can be traded on" + _told(problems))
    return _candles(parts, done, problems, options, name, len(raw.timestamp))


def _candles(
    parts: Sequence[Part],
    done: Ordered,
    problems: Sequence[Problem],
    options: ImportOptions,
    name: str,
    rows: int,
) -> tuple[Candles, ImportReport]:
    raw, notes = done.raw, [note for part in parts for note in part.notes]
    interval = Timeframe.infer(raw.timestamp)
    shifted = options.stamps == "close"
    if shifted:
        raw = _opened_earlier(raw, interval)
    elif interval is not None and looks_like_bar_ends(raw.timestamp.view(np.int64), interval.milliseconds):
        notes.append(
            "sessions begin one interval after the half hour: are these times of closes? say --stamps close"
        )
    if not raw.columns["volume"].any():
        notes.append("there is no volume: it is 0 throughout")
    gaps, hours = find_gaps(raw.timestamp.view(np.int64), interval)
    filled = 0
    if options.fill_gaps and hours is not None:
        raw, filled = fill(raw, hours, options.most_cells // 6)
        if filled < 0:
            raise DataFileError(
                f"to fill the gaps would take more than {options.most_cells:,} values; cut the series, "
                f"or raise "
                f"TRAD_MOST_CELLS"
            )
    refuse_bad_candles(raw.timestamp, raw.columns, name=name)
    columns = {name: np.ascontiguousarray(column) for name, column in raw.columns.items()}
    candles = Candles.trusted(np.ascontiguousarray(raw.timestamp), columns, name=name)
    zones = dict.fromkeys(part.zone for part in parts)
    report = ImportReport(
        columns=dict(parts[0].columns),
        interval=None if interval is None else str(interval),
        zone="; ".join(zones),
        first=written(candles.timestamp[0]),
        last=written(candles.timestamp[-1]),
        rows=rows + sum(part.lost for part in parts),
        kept=len(candles),
        repeats=done.repeats,
        dropped=done.dropped + sum(part.lost for part in parts),
        turned=done.turned,
        moved=done.moved,
        shifted=shifted,
        filled=filled,
        gaps=gaps,
        problems=tuple(problems),
        notes=tuple(dict.fromkeys(notes)),
    )
    return candles, report


def _opened_earlier(raw: RawCandles, interval: Timeframe | None) -> RawCandles:
    if interval is None:
        raise DataFileError(
            "a single candle has no interval by which --stamps close could bring it to its open"
        )
    return RawCandles(raw.timestamp - np.timedelta64(interval.milliseconds, "ms"), raw.columns)


def _lost(parts: Sequence[Part]) -> list[Problem]:
    count = sum(part.lost for part in parts)
    if not count:
        return []
    examples = tuple(example for part in parts for example in part.examples)[:3]
    return [Problem(what="a line with another number of fields", count=count, rows=examples)]


def _refusal(paths: Sequence[Path], problems: Sequence[Problem]) -> str:
    names = ", ".join(map(str, paths[:3])) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    return f"{names}: some rows cannot be traded on; correct them, or leave them out with --drop-bad" + _told(
        problems
    )


def _told(problems: Sequence[Problem]) -> str:
    return "".join(f"\n{line}" for problem in problems for line in problem.lines())
