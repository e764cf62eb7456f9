"""A series in a random dialect is read as it was written; a mutilated file is read, or refused, no more."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.mutilated import SEEDS, mutilated

from trad.errors import TradError
from trad.market.candles import Candles
from trad.market.columns import COLUMNS
from trad.market.importing.importing import import_files
from trad.market.importing.options import ImportOptions

FEWEST = 12


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way to write a table of candles."""

    separator: str
    decimal: str
    thousands: str
    stamp: str
    header: bool
    quoted: bool
    newest_first: bool
    line_end: str
    mark: bool


STAMPS = (
    *("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%Y.%m.%d %H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M"),
    *("%Y%m%d %H%M%S", "%d-%b-%Y %H:%M", "%d/%m/%Y %I:%M %p", "seconds", "milliseconds", "microseconds"),
    *("%y%m%d %H%M%S", "%y/%m/%d %H:%M", "%d%m%y %H%M", "%Y%m%d-%H:%M:%S", "scientific"),
)


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    """Dialects that a reader can tell apart."""
    decimal = draw(st.sampled_from(".,"))
    separator = draw(st.sampled_from(";\t|") if decimal == "," else st.sampled_from(",;\t|"))
    others = ["", "'"] if separator == "," else ["", "'", "." if decimal == "," else ","]
    return Dialect(
        separator=separator,
        decimal=decimal,
        thousands=draw(st.sampled_from(others)),
        stamp=draw(st.sampled_from(STAMPS)),
        header=draw(st.booleans()),
        quoted=draw(st.booleans()),
        newest_first=draw(st.booleans()),
        line_end=draw(st.sampled_from(("\n", "\r\n"))),
        mark=draw(st.booleans()),
    )


@st.composite
def series(draw: st.DrawFn) -> Candles:
    """Half-hourly candles over three weeks, prices to the cent; days beyond the twelfth are among them."""
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    n = 48 * 21
    level = draw(st.sampled_from((1.1, 27.0, 950.0, 43_000.0)))
    close = np.round(level * np.exp(np.cumsum(random.normal(0, 0.004, n))), 2) + 0.01
    opened = np.concatenate(([close[0]], close[:-1]))
    high = np.round(np.maximum(opened, close) + random.integers(0, 9, n) / 100, 2)
    low = np.round(np.minimum(opened, close) - np.minimum(close, opened) * 0.001, 2)
    low = np.minimum(np.maximum(low, 0.01), np.minimum(opened, close))
    stamps = np.datetime64("2024-01-03T00:00", "ms") + np.arange(n) * np.timedelta64(30, "m")
    volume = random.integers(0, 900, n).astype(float)
    return Candles(stamps, np.round(opened, 2), high, np.round(low, 2), np.round(close, 2), volume)


def number(value: float, dialect: Dialect) -> str:
    whole, _, fraction = f"{value:,.2f}".partition(".")
    return whole.replace(",", dialect.thousands) + dialect.decimal + fraction


def stamp(moment: np.datetime64, dialect: Dialect) -> str:
    milliseconds = int(moment.astype(np.int64))
    per = {"seconds": 1_000, "milliseconds": 1}.get(dialect.stamp)
    if per is not None:
        return str(milliseconds // per)
    if dialect.stamp == "scientific":
        return f"{milliseconds:.12g}".replace("e+", "E+") if milliseconds % 7 else f"{milliseconds:.9E}"
    if dialect.stamp == "microseconds":
        return str(milliseconds * 1_000)
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime(dialect.stamp)


def written(candles: Candles, dialect: Dialect) -> bytes:
    mark = '"' if dialect.quoted else ""
    rows = [
        [stamp(candles.timestamp[i], dialect), *(number(candles.columns[c][i], dialect) for c in COLUMNS)]
        for i in range(len(candles))
    ]
    rows = rows[::-1] if dialect.newest_first else rows
    if dialect.header:
        rows.insert(0, ["Date", "Open", "High", "Low", "Close", "Volume"])
    lines = (dialect.separator.join(f"{mark}{field}{mark}" for field in row) for row in rows)
    text = dialect.line_end.join(lines) + dialect.line_end
    return text.encode("utf-8-sig" if dialect.mark else "utf-8")


@given(candles=series(), dialect=dialects())
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_what_is_read(candles: Candles, dialect: Dialect) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "prices.csv"
        path.write_bytes(written(candles, dialect))
        read, report = import_files([path], ImportOptions(), name="prices")
    assert (read.timestamp == candles.timestamp).all()
    for name in COLUMNS:
        assert read.columns[name].tolist() == candles.columns[name].tolist(), name
    assert report.turned == dialect.newest_first
    assert report.kept == len(candles)


@pytest.mark.parametrize("seed", range(300))
def test_a_mutilated_file_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(mutilated(SEEDS, seed))
    try:
        candles, _ = import_files([path], ImportOptions(most_cells=2_000_000), name="x")
    except TradError:
        return
    assert len(candles)
