"""Files whose columns and times a quick look takes for something else."""

import json
from pathlib import Path

import pytest
from tests.unit.market.importing.written import imported, rows_of

from trad.errors import DataFileError

EXPECTED = [
    ("2024-01-29T00:00:00", 1234.5, 1240.25, 1230.0, 1236.75, 1500.0),
    ("2024-01-30T00:00:00", 1236.5, 1238.0, 1220.5, 1221.25, 2300.0),
    ("2024-02-01T00:00:00", 1221.0, 1229.75, 1219.5, 1228.0, 900.0),
]
PRICES = [
    "1234.5,1240.25,1230.0,1236.75,1500",
    "1236.5,1238.0,1220.5,1221.25,2300",
    "1221.0,1229.75,1219.5,1228.0,900",
]


def written(times: list[str], header: str = "") -> str:
    rows = [f"{time},{prices}" for time, prices in zip(times, PRICES, strict=True)]
    return "\n".join([*([header] if header else []), *rows]) + "\n"


HEADERS = {
    "Polish": "Data,Otwarcie,Najwyższy,Najniższy,Zamknięcie,Wolumen",
    "Russian": "Дата,Открытие,Максимум,Минимум,Закрытие,Объём",
    "Chinese": "日期,开盘,最高,最低,收盘,成交量",
    "Japanese": "日付,始値,高値,安値,終値,出来高",
    "Korean": "날짜,시가,고가,저가,종가,거래량",
    "Turkish": "Tarih,Açılış,Yüksek,Düşük,Şimdi,Hac.",
    "Dutch": "Datum,Open,Hoog,Laag,Laatste,Vol.",
    "German, short": "Datum,Eröffn.,Hoch,Tief,Zuletzt,Vol.",
    "German, pieces": "Datum,Eröffnungskurs,Tageshoch,Tagestief,Schlusskurs,Umsatz (Stück)",
    "AmiBroker": "Date_YMD,Open,High,Low,Close,Volume",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_names_in_many_languages(tmp_path: Path, header: str) -> None:
    candles, _ = imported(tmp_path, written(["2024-01-29", "2024-01-30", "2024-02-01"], header))
    assert rows_of(candles) == EXPECTED


@pytest.mark.parametrize("header", ["", "date,open,high,low,close,volume"])
def test_eight_digits_are_year_month_day(tmp_path: Path, header: str) -> None:
    candles, _ = imported(tmp_path, written(["20240129", "20240130", "20240201"], header))
    assert rows_of(candles) == EXPECTED


def test_eight_digits_may_begin_with_the_day(tmp_path: Path) -> None:
    times = ["29012024", "30012024", "01022024"]
    candles, _ = imported(tmp_path, written(times, "date,open,high,low,close,volume"))
    assert rows_of(candles) == EXPECTED


def test_days_of_the_week_keep_their_letters(tmp_path: Path) -> None:
    days = ["Mon Jan 29 2024", "Tue Jan 30 2024", "Thu Feb 01 2024"]
    times = [f"{day} 00:00:00 GMT+0000 (Coordinated Universal Time)" for day in days]
    candles, _ = imported(tmp_path, written(times, "time,open,high,low,close,volume"))
    assert rows_of(candles) == EXPECTED


@pytest.mark.parametrize("other", ["Volume MA", "Volume SMA", "Volume Change"])
def test_an_average_of_volumes_is_no_volume(tmp_path: Path, other: str) -> None:
    rows = [f"2024-01-0{day + 1},{prices},7" for day, prices in enumerate(PRICES)]
    candles, report = imported(tmp_path, "\n".join([f"time,open,high,low,close,Volume,{other}", *rows]))
    assert report.columns["volume"] == "Volume"
    assert candles.volume.tolist() == [1500.0, 2300.0, 900.0]


def test_the_time_of_the_open_goes_before_a_timestamp_of_the_close(tmp_path: Path) -> None:
    header = "timeOpen,open,high,low,close,volume,timestamp"
    rows = [
        f"{day}T00:00:00.000Z,{prices},{day}T23:59:59.999Z"
        for day, prices in zip(["2024-01-29", "2024-01-30", "2024-02-01"], PRICES, strict=True)
    ]
    candles, _ = imported(tmp_path, "\n".join([header, *rows]))
    assert rows_of(candles) == EXPECTED


DAYS = [f"2023-12-{day:02}" for day in range(25, 32)] + [f"2024-01-{day:02}" for day in range(1, 8)]
CLOSES = [50.0, 50.5, 51.5, 50.75, 52.0, 53.0, 52.5, 54.0, 53.25, 55.0, 54.5, 56.0, 55.25, 57.0]
CANDLES = [
    (day, before + 0.01, max(before, close) + 0.25, min(before, close) - 0.25, close, 70_000 + 10 * close)
    for day, before, close in zip(DAYS, [49.5, *CLOSES[:-1]], CLOSES, strict=True)
]
ORDERS = {
    "usual": "{day},{o},{h},{l},{c},{v}",
    "close before open": "{day},{c},{h},{l},{o},{v}",
    "volume, close, high, low, open": "{day},{v},{c},{h},{l},{o}",
    "volume before prices": "{day},{v},{o},{h},{l},{c}",
    "time last": "{o},{h},{l},{c},{v},{day}",
}


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("form", ["{2}.{1}.{0}", "{1}/{2}/{0}", "{0}-{1}-{2}"])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_columns_without_names(tmp_path: Path, order: str, form: str, newest_first: bool) -> None:
    rows = [
        order.format(day=form.format(*day.split("-")), o=o, h=h, l=low, c=c, v=v)
        for day, o, h, low, c, v in CANDLES
    ]
    candles, report = imported(tmp_path, "\n".join(rows[::-1] if newest_first else rows) + "\n")
    assert rows_of(candles) == [(f"{day}T00:00:00", *values) for day, *values in CANDLES]
    assert report.turned == newest_first


def test_trades_without_names_are_no_candles(tmp_path: Path) -> None:
    rows = [f"{900_000 + n},{50 + n / 8},0.{n + 1},{10_000 + n},17040672{n:02}000,true" for n in range(20)]
    with pytest.raises(DataFileError, match="gather the ticks into candles first"):
        imported(tmp_path, "\n".join(rows))


def test_json_by_time_and_with_counted_names(tmp_path: Path) -> None:
    names = ("1. open", "2. high", "3. low", "4. close", "5. volume")
    rows = {day: {name: str(value) for name, value in zip(names, row, strict=True)} for day, *row in EXPECTED}
    text = json.dumps({"Meta Data": {"1. Information": "Daily"}, "Time Series (Daily)": rows})
    candles, _ = imported(tmp_path, text, ending=".json")
    assert rows_of(candles) == EXPECTED


def test_json_with_prices_in_an_object_of_their_own(tmp_path: Path) -> None:
    rows = [
        {"complete": True, "volume": row[4], "time": f"{day}Z", "mid": dict(zip("ohlc", row, strict=False))}
        for day, *row in EXPECTED
    ]
    candles, _ = imported(tmp_path, json.dumps({"granularity": "D", "candles": rows}), ending=".json")
    assert rows_of(candles) == EXPECTED


@pytest.mark.parametrize("symbols", [("AAPL", "MSFT", "MSFT"), ("701", "702", "701")])
def test_several_series_in_one_file(tmp_path: Path, symbols: tuple[str, ...]) -> None:
    rows = [
        f"{row[0]},{symbol},{row[1]},{row[2]},{row[3]},{row[4]}"
        for row, symbol in zip(EXPECTED, symbols, strict=True)
    ]
    text = "\n".join(["time,Symbol,open,high,low,close", *rows])
    with pytest.raises(
        DataFileError, match=r"its column Symbol holds 2 series, such as '.+', '.+'; part them"
    ):
        imported(tmp_path, text)
    imported(tmp_path, text.replace(symbols[1], symbols[0]))
