"""The files of real candles: all clean ones are read, the dirty ones are refused in clear words."""

from pathlib import Path

import pytest

from trad.errors import InputError
from trad.market.files import check_file, read_candles

# What the table in the folder's README says of gaps, the longest of them in hours, and zero volumes.
REAL = {
    "6eh4-1m-2024-01": (29_996, 375, 48, 0),
    "adausdt-1h": (32_855, 1, 2, 1),
    "bnbusdt-1h": (32_855, 1, 2, 1),
    "btcusd-1m": (1_685_648, 143_256, 61 * 24, 0),
    "btcusdt-15m": (26_400, 0, None, 0),
    "btcusdt-1d": (2_967, 0, None, 0),
    "btcusdt-1h": (32_855, 1, 2, 1),
    "ethusdt-15m": (26_400, 0, None, 0),
    "ethusdt-1h": (32_855, 1, 2, 1),
    "eurusd-1h": (74_439, 641, 6.3 * 24, 74_439),
    "eurusd-1m-2023-06": (16_752, 167, 2.1 * 24, 16_752),
    "filusdt-perp-1m": (131_040, 0, None, 7),
    "gbpusd-1m-2012-02": (30_117, 111, 48, 30_117),
    "ltcbtc-5m": (5_760, 0, None, 0),
    "ltcusd-1m": (427_263, 56_326, 3, 0),
    "msft-1d": (8_111, 1_755, 7 * 24, 506),
    "nifty-1m": (183_888, 499, 5.7 * 24, 183_888),
    "spy-1d": (5_241, 1_138, 7 * 24, 0),
    "spy-1m-2011-01": (14_180, 1_435, 3.3 * 24, 0),
}


@pytest.mark.parametrize("name", REAL)
def test_real_candles_are_good(shared_data: Path, name: str) -> None:
    rows, gaps, longest, zero_volume = REAL[name]
    report = check_file(shared_data / f"{name}.parquet")
    assert report.good
    assert (report.rows, report.gaps, report.zero_volume) == (rows, gaps, zero_volume)
    hours = None if report.longest_gap_ms is None else report.longest_gap_ms / 3_600_000
    assert hours == (None if longest is None else pytest.approx(longest, abs=1.3))
    candles = read_candles(shared_data / f"{name}.parquet")
    assert len(candles) == rows
    assert f"-{candles.timeframe}" in name
    assert candles.name == name


def test_every_real_file_is_known_here(shared_data: Path) -> None:
    assert {path.stem for path in shared_data.glob("*.parquet")} == set(REAL)


DIRTY = {
    "planted-bad-1d.csv": [
        "cannot be traded on: 165 of 502 candles break a rule; correct or remove these rows",
        "NaN or infinite value: 51 rows",
        "high below low: 3 rows",
        "price at or below zero: 54 rows",
        "row 358  2018-06-06  open 266.68  high 268.36  low 266.01  close 268.24  volume -64874192",
        "no time: 50 rows",
    ],
    "cboe-vix-1d-1990-1999.csv": [
        "cannot be traded on: 43 of 2,524 candles break a rule;",
        "open or close outside high/low: 43 rows",
        "row 533  1992-02-11  open 19.24  high 18.57  low 17.61  close 17.7  volume 0",
    ],
    "yahoo-unilever-1d-null.csv": ["NaN or infinite value: 3 rows", "row 15  2005-03-18"],
    "eurex-fesx-1m-2006-wrong-header.txt": [
        "has 8 fields at line 2, where its header names 7; every line has"
    ],
    "nasdaq-tesla-1d.csv": [
        "the column volume holds '4,787,699' at line 2; prices and volume are plain numbers"
    ],
    "binance-btcusdt-1h-2025-01.csv": ["has no header: its first line is '1735689600000000,93576.00000000,"],
    "investing-bitcoin-1d.csv": [
        "found the columns Date, Price, Open, High, Low, Vol., Change %, but none for close"
    ],
}


@pytest.mark.parametrize("name", DIRTY)
def test_dirty_files_are_refused_in_clear_words(shared_data: Path, name: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_candles(shared_data / "dirty" / name)
    for words in DIRTY[name]:
        assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "rows", "timeframe"),
    [
        ("mt5-tabs-angle-brackets.csv", 16, "1h"),
        ("iso-offset-1m-zero-volume.csv", 3_013, "1m"),
        ("dukascopy-eurusd-1h-dayfirst.csv", 6_225, "1h"),
        ("mt5-gbpusd-4h-scaled.csv", 6_000, "4h"),
    ],
)
def test_odd_but_good_files_are_read(shared_data: Path, name: str, rows: int, timeframe: str) -> None:
    candles = read_candles(shared_data / "dirty" / name)
    assert (len(candles), str(candles.timeframe)) == (rows, timeframe)
