"""Files as programs and exchanges write them that were refused or misread once."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from tests.unit.market.importing.written import imported

from trad.errors import CandlesError, DataFileError


class Row(NamedTuple):
    """One candle, and the names that the formats below have for it."""

    t: datetime
    o: float
    h: float
    l: float  # noqa: E741  # so that all have one letter
    c: float
    v: int

    @property
    def epoch(self) -> int:
        return int((self.t - datetime(1970, 1, 1)).total_seconds())  # both without a zone


def walk(first: datetime, step: timedelta, count: int) -> list[Row]:
    random = np.random.default_rng(7)
    rows, close = [], 100.0
    for n in range(count):
        opened = round(close + float(random.normal(0, 0.05)), 2)
        close = round(opened + float(random.normal(0, 0.6)), 2)
        high = round(max(opened, close) + float(random.integers(1, 30)) / 100, 2)
        low = round(min(opened, close) - float(random.integers(1, 30)) / 100, 2)
        rows.append(Row(first + n * step, opened, high, low, close, int(random.integers(1_000, 90_000))))
    return rows


DAYS = walk(datetime(2024, 1, 2), timedelta(days=1), 40)
HOURS = walk(datetime(2024, 1, 15), timedelta(hours=1), 40)

Line = Callable[[Row], str]

TABLES: dict[str, tuple[str | None, list[Row], Line]] = {
    "MultiCharts": (
        '"Date","Time","Open","High","Low","Close","TotalVolume"',
        HOURS,
        lambda r: f"{r.t:%Y%m%d},{r.t:%H:%M:%S},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "TradeStation": (
        '"Date","Time","Open","High","Low","Close","Up","Down"',
        HOURS,
        lambda r: f"{r.t:%m/%d/%Y},{r.t:%H%M},{r.o},{r.h},{r.l},{r.c},{r.v // 3},{r.v - r.v // 3}",
    ),
    "investing.com, Japanese": (
        '"日付け","終値","始値","高値","安値","出来高","変化率 %"',
        DAYS[::-1],
        lambda r: f'"{r.t:%Y年%m月%d日}","{r.c}","{r.o}","{r.h}","{r.l}","{r.v / 1000:.3f}K","0.1%"',
    ),
    "investing.com, Chinese": (
        '"日期","收盘","开盘","高","低","交易量","涨跌幅"',
        DAYS[::-1],
        lambda r: f'"{r.t:%Y-%m-%d}","{r.c}","{r.o}","{r.h}","{r.l}","{r.v / 1000:.3f}K","0.1%"',
    ),
    "Wind": (
        "代码,简称,日期,开盘价(元),最高价(元),最低价(元),收盘价(元),成交额(百万),成交量(股)",
        DAYS,
        lambda r: f"600519.SH,茅台,{r.t:%Y-%m-%d},{r.o},{r.h},{r.l},{r.c},{r.v * r.c},{r.v}",
    ),
    "Polygon's flat files": (
        "ticker,volume,open,close,high,low,window_start,transactions",
        HOURS,
        lambda r: f"AAPL,{r.v},{r.o},{r.c},{r.h},{r.l},{r.epoch * 10**9},5",
    ),
    "Databento": (
        "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol",
        HOURS,
        lambda r: f"{r.t:%Y-%m-%dT%H:%M:%S}.000000000Z,33,1,5,{r.o},{r.h},{r.l},{r.c},{r.v},ESH4",
    ),
    "Barchart": (
        "Time,Open,High,Low,Latest,Change,%Change,Volume",
        HOURS[::-1],
        lambda r: f"{r.t:%Y-%m-%d %H:%M},{r.o},{r.h},{r.l},{r.c},0.1,+0.1%,{r.v}",
    ),
    "NSE": (
        "SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,TOTALTRADES,ISIN",
        DAYS,
        lambda r: f"ABB,EQ,{r.o},{r.h},{r.l},{r.c},{r.c},{r.o},{r.v},99,{r.t:%d-%b-%Y},4,INE",
    ),
    "BSE": (
        "Date,Open Price,High Price,Low Price,Close Price,WAP,No.of Shares,No. of Trades,Turnover (Rs.)",
        DAYS[::-1],
        lambda r: f"{r.t.day}-{r.t:%B-%Y},{r.o},{r.h},{r.l},{r.c},{r.c},{r.v},5,999",
    ),
    "pandas, without a name for the index": (
        ",open,high,low,close,volume",
        HOURS,
        lambda r: f"{r.t:%Y-%m-%d %H:%M:%S},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "Bloomberg": (
        "Date,PX_OPEN,PX_HIGH,PX_LOW,PX_LAST,PX_VOLUME",
        DAYS,
        lambda r: f"{r.t:%Y-%m-%d},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "Refinitiv": (
        "Timestamp,Open,High,Low,Trade Price,Volume",
        HOURS,
        lambda r: f"{r.t:%Y-%m-%d %H:%M:%S},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "Oanda": (
        "time,volume,mid.o,mid.h,mid.l,mid.c",
        HOURS,
        lambda r: f"{r.t:%Y-%m-%dT%H:%M:%S}.000000000Z,{r.v},{r.o},{r.h},{r.l},{r.c}",
    ),
    "Zorro": (
        "YYYYMMDD hhmm,Open,High,Low,Close,Volume",
        HOURS,
        lambda r: f"{r.t:%Y%m%d %H%M},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "Tickstory": (
        "Timestamp,Open,High,Low,Close,Volume",
        HOURS,
        lambda r: f"{r.t:%Y%m%d %H:%M:%S:000},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "Tickstory, a timestamp that is a clock": (
        "Date,Timestamp,Open,High,Low,Close,Volume",
        HOURS,
        lambda r: f"{r.t:%Y%m%d},{r.t:%H:%M:%S},{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "BitMEX, by kdb": (
        "timestamp,symbol,open,high,low,close,volume",
        HOURS,
        lambda r: f"{r.t:%Y-%m-%dD%H:%M:%S}.000000000,XBTUSD,{r.o},{r.h},{r.l},{r.c},{r.v}",
    ),
    "Coinbase": (
        "start,low,high,open,close,volume",
        HOURS[::-1],
        lambda r: f"{r.epoch},{r.l},{r.h},{r.o},{r.c},{r.v}",
    ),
    "CoinAPI": (
        "time_period_start;time_period_end;time_open;time_close;price_open;price_high;price_low;price_close;"
        "volume_traded",
        HOURS,
        lambda r: (
            f"{r.t:%Y-%m-%dT%H:%M:%S}Z;{r.t:%Y-%m-%dT%H}:59:59Z;{r.t:%Y-%m-%dT%H}:00:07Z;"
            f"{r.t:%Y-%m-%dT%H}:59:58Z;{r.o};{r.h};{r.l};{r.c};{r.v}"
        ),
    ),
    "Kraken, with its average": (
        None,
        HOURS,
        lambda r: f"{r.epoch},{r.o},{r.h},{r.l},{r.c},{(r.o + r.c) / 2:.3f},{r.v},9",
    ),
}


def rows_read(folder: Path, text: str | bytes, ending: str = ".csv") -> list[tuple[object, ...]]:
    candles, _ = imported(folder, text, ending=ending)
    stamps = candles.timestamp.astype("datetime64[us]").tolist()
    return list(zip(stamps, *(column.tolist() for column in candles.columns.values()), strict=True))


def in_lines(header: str | None, rows: list[Row], line: Line) -> str:
    return "\n".join([*([header] if header else []), *map(line, rows)]) + "\n"


@pytest.mark.parametrize(("header", "rows", "line"), TABLES.values(), ids=TABLES)
def test_tables_of_programs(tmp_path: Path, header: str | None, rows: list[Row], line: Line) -> None:
    assert rows_read(tmp_path, in_lines(header, rows, line)) == sorted(rows)


def matrix(rows: list[Row]) -> list[list[str]]:
    return [[str(r.epoch), *map(str, (r.o, r.h, r.l, r.c, r.v))] for r in rows]


DOCUMENTS: dict[str, object] = {
    "Kraken": {"result": {"XBT": [[r.epoch, r.o, r.h, r.l, r.c, r.c, r.v, 9] for r in HOURS], "last": 1}},
    "Gate.io": [
        [*line[:5], line[5], str(r.v * 9), "true"] for line, r in zip(matrix(HOURS), HOURS, strict=True)
    ],
    "Huobi": {
        "data": [
            {"id": r.epoch, "open": r.o, "close": r.c, "low": r.l, "high": r.h, "vol": r.v, "count": 7}
            for r in HOURS[::-1]
        ]
    },
    "Deribit": {
        "ticks": [r.epoch * 1000 for r in HOURS],
        **{name: [getattr(r, name[0]) for r in HOURS] for name in ("open", "high", "low", "close", "volume")},
    },
    "pandas, split": {
        "columns": ["open", "high", "low", "close", "volume"],
        "index": [r.epoch * 1000 for r in HOURS],
        "data": [list(r[1:]) for r in HOURS],
    },
    "pandas, by column": {
        name: {str(r.epoch * 1000): getattr(r, name[0]) for r in HOURS}
        for name in ("open", "high", "low", "close", "volume")
    },
    "Quandl": {
        "dataset": {
            "column_names": ["Date", "Low", "High", "Open", "Close", "Volume", "Adj. Close"],
            "data": [[str(r.t), r.l, r.h, r.o, r.c, r.v, r.c / 2] for r in HOURS[::-1]],
        }
    },
    "Moscow": {
        "candles": {
            "columns": ["open", "close", "high", "low", "value", "volume", "begin", "end"],
            "data": [[r.o, r.c, r.h, r.l, 9.5, r.v, str(r.t), str(r.t)] for r in HOURS],
        }
    },
    "Nasdaq": {
        "datatable": {
            "data": [["A", r.v, str(r.t), r.o, r.h, r.l, r.c] for r in HOURS],
            "columns": [
                {"name": name} for name in ("ticker", "volume", "date", "open", "high", "low", "close")
            ],
        }
    },
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents_of_exchanges(tmp_path: Path, document: object) -> None:
    assert rows_read(tmp_path, json.dumps(document), ".json") == HOURS


@pytest.mark.parametrize(
    "between", ['"{day}",0.24 Dividend,,,,,', "{day} 0.24 Dividend", '"{day}",4:1 Stock Splits,,,,,']
)
def test_dividends_and_splits_among_candles_are_left_out_and_told(tmp_path: Path, between: str) -> None:
    header = "Date,Open,High,Low,Close,Adj Close,Volume"
    lines = [f'"{r.t:%b %d, %Y}",{r.o},{r.h},{r.l},{r.c},{r.c / 2},"{r.v:,}"' for r in DAYS]
    lines.insert(7, between.format(day=f"{DAYS[7].t:%b %d, %Y}"))
    text = "\n".join([header, *lines]) + "\n"
    assert rows_read(tmp_path, text) == DAYS
    _, report = imported(tmp_path, text)
    assert report.notes == ("1 row of dividends and splits left out: they hold no prices",)
    with pytest.raises(CandlesError, match=r"1 row"):
        imported(tmp_path, text.replace("Dividend", "Dwvidend").replace("Stock Splits", "Snapshot"))


def test_where_a_table_is_from_may_stand_below_it(tmp_path: Path) -> None:
    header, rows, line = TABLES["Barchart"]
    below = '"Downloaded from Barchart.com as of 02-26-2024 02:13pm CST"\n'
    _, report = imported(tmp_path, in_lines(header, rows, line) + below)
    assert report.notes == (f"1 line of text was left out below the header: {below.strip()[:60]}",)


@pytest.mark.parametrize("nothing", ["-", "", "N/A"])
def test_a_volume_of_nothing_throughout_is_none(tmp_path: Path, nothing: str) -> None:
    lines = [f"{r.t:%Y-%m-%d},{r.o},{r.h},{r.l},{r.c},{nothing}" for r in DAYS]
    candles, report = imported(tmp_path, "\n".join(["Date,Open,High,Low,Close,Vol.", *lines]) + "\n")
    assert not candles.volume.any()
    assert "volume" not in report.columns
    assert report.notes == ("there is no volume: it is 0 throughout",)
    with pytest.raises(CandlesError, match="an empty field: 39 rows"):
        imported(
            tmp_path, "\n".join(["Date,Open,High,Low,Close,Vol.", *lines[1:], lines[0].rstrip(nothing) + "7"])
        )


def test_prices_in_billionths_are_refused(tmp_path: Path) -> None:
    header, rows, _ = TABLES["Databento"]
    text = in_lines(
        header, rows, lambda r: f"{r.epoch}000000000,33,1,5,{','.join(f'{x * 1e9:.0f}' for x in r[1:5])},7,A"
    )
    with pytest.raises(DataFileError, match=r"are whole billionths, as Databento stores them"):
        imported(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(tmp_path: Path, encoding: str) -> None:
    header, rows, line = TABLES["Bloomberg"]
    text = in_lines(header, rows, line)
    assert rows_read(tmp_path, text.encode(encoding)) == rows
    assert imported(tmp_path, text.encode(encoding))[1].notes == (
        "the text is not UTF-8; it was read as UTF-16",
    )
