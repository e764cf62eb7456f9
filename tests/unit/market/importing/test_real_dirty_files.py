"""Real files, as people have them; two against clean copies of the same series, value by value."""

from pathlib import Path

import numpy as np
import pytest

from trad.errors import CandlesError
from trad.market.candles import Candles
from trad.market.files import read_candles
from trad.market.importing.importing import ImportReport, import_files
from trad.market.importing.options import ImportOptions

CLEAN = {
    # File: rows read, candles kept, dropped as bad, repeats.
    "binance-btcusdt-1h-2024-12.csv": (744, 744, 0, 0),
    "binance-btcusdt-1h-2025-01.csv": (744, 744, 0, 0),
    "bitfinex-ltcusd-1m-2013.csv.gz": (18_645, 18_645, 0, 0),
    "cryptodatadownload-coinbase-btcusd-1h.csv": (4_000, 4_000, 0, 0),
    "dukascopy-eurusd-1h-dayfirst.csv": (6_225, 6_225, 0, 0),
    "eurex-fesx-1m-2006-wrong-header.txt": (4_000, 4_000, 0, 0),
    "iso-offset-1m-zero-volume.csv": (3_013, 3_013, 0, 0),
    "mt5-gbpusd-4h-scaled.csv": (6_000, 6_000, 0, 0),
    "mt5-tabs-angle-brackets.csv": (16, 16, 0, 0),
    "nifty-1m-2016-07-twice.txt": (14_625, 7_500, 0, 7_125),
    "ninjatrader-spy-1m-2011-01.csv": (14_180, 14_180, 0, 0),
}
BAD = {
    "ariva-deutsche-bank-1d.csv": (5_149, 4_615, 534, 0),
    "cboe-vix-1d-1990-1999.csv": (2_524, 2_481, 43, 0),
    "investing-bitcoin-1d.csv": (2_892, 2_890, 2, 0),
    "mt5-eurusd-15m-broken-first-line.csv": (5_000, 4_999, 1, 0),
    "nasdaq-tesla-1d.csv": (757, 756, 1, 0),
    "planted-bad-1d.csv": (502, 337, 165, 0),
    "yahoo-unilever-1d-null.csv": (24, 21, 3, 0),
}


def imported(folder: Path, *names: str, **options: object) -> tuple[Candles, ImportReport]:
    chosen = ImportOptions(**options)  # type: ignore[arg-type]  # each call below says what it means
    return import_files([folder / "dirty" / name for name in names], chosen, name="real")


@pytest.mark.parametrize("name", CLEAN)
def test_a_strange_file_is_understood(shared_data: Path, name: str) -> None:
    _, report = imported(shared_data, name)
    assert (report.rows, report.kept, report.dropped, report.repeats) == CLEAN[name]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_read_on_demand(shared_data: Path, name: str) -> None:
    with pytest.raises(CandlesError, match=r"leave them out with --drop-bad\n"):
        imported(shared_data, name)
    _, report = imported(shared_data, name, drop_bad=True)
    assert (report.rows, report.kept, report.dropped, report.repeats) == BAD[name]


def test_every_file_is_known(shared_data: Path) -> None:
    assert {file.name for file in (shared_data / "dirty").iterdir()} == set(CLEAN) | set(BAD)


def assert_same(read: Candles, clean: Candles) -> None:
    there = np.isin(clean.timestamp, read.timestamp)
    assert there.sum() == len(read)
    for name, column in read.columns.items():
        assert column.tolist() == clean.columns[name][there].tolist(), name


def test_two_months_join_without_a_seam_though_the_archive_changed_its_unit(shared_data: Path) -> None:
    read, report = imported(shared_data, "binance-btcusdt-1h-2025-01.csv", "binance-btcusdt-1h-2024-12.csv")
    assert (len(read), report.gaps.count) == (1_488, 0)
    assert_same(read, read_candles(shared_data / "btcusdt-1h.parquet"))


def test_a_file_without_a_header_is_its_clean_counterpart(shared_data: Path) -> None:
    read, _ = imported(shared_data, "ninjatrader-spy-1m-2011-01.csv")
    assert_same(read, read_candles(shared_data / "spy-1m-2011-01.parquet"))


def test_units_are_taken_for_the_volume_not_money(shared_data: Path) -> None:
    assert (
        imported(shared_data, "ariva-deutsche-bank-1d.csv", drop_bad=True)[1].columns["volume"] == "Stuecke"
    )
    coins = imported(shared_data, "cryptodatadownload-coinbase-btcusd-1h.csv")[1].columns["volume"]
    assert coins == "volume_btc"
