"""A column of symbols: contracts of one market, one after the other, are a series; nothing else is."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.unit.market.importing.written import imported

from trad.errors import DataFileError


def table(symbols: Sequence[str], times: Sequence[str] | None = None) -> str:
    times = times or [f"2024-01-{29 + n}" if n < 3 else f"2024-02-0{n - 2}" for n in range(len(symbols))]
    rows = [
        f"{time},{symbol},1,2,1,1.5,{n}" for n, (time, symbol) in enumerate(zip(times, symbols, strict=True))
    ]
    return "\n".join(["time,symbol,open,high,low,close,volume", *rows]) + "\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *(
            ("ESH24", "ESM24"),
            ("ESH4", "ESM4"),
            ("ESZ2023", "ESH2024"),
            ("6EH24", "6EM24"),
            ("M2KH4", "M2KM4"),
        ),
        *(
            ("ES 03-24", "ES 06-24"),
            ("Si-3.24", "Si-6.24"),
            ("rb2405", "rb2410"),
            ("SHFE.rb2405", "SHFE.rb2410"),
        ),
        *(("BTCUSD_240329", "BTCUSD_240628"), ("BTC-29MAR24", "BTC-28JUN24"), ("/ESH24", "/ESM24")),
        *(("ESH4 Index", "ESM4 Index"), ("CLG24.NYM", "CLH24.NYM"), ("CME:ESH24", "CME:ESM24")),
    ],
)
def test_contracts_that_follow_one_another_are_joined(tmp_path: Path, first: str, second: str) -> None:
    candles, report = imported(tmp_path, table([first, first, second, second]))
    assert candles.volume.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert report.notes == (
        f"2 contracts were joined as they stand, prices not adjusted: {first} from 2024-01-29, "
        f"{second} from 2024-01-31",
    )


def test_newest_first_and_many_contracts(tmp_path: Path) -> None:
    symbols = ["ESU25", "ESM25", "ESH25", "ESZ24", "ESU24", "ESM24"]
    times = [f"2024-0{6 - n}-01" for n in range(6)]
    candles, report = imported(tmp_path, table(symbols, times))
    assert candles.volume.tolist() == [5.0, 4.0, 3.0, 2.0, 1.0, 0.0]
    assert report.notes[0].startswith(
        "6 contracts were joined as they stand, prices not adjusted: ESM24 from"
    )
    assert report.notes[0].endswith("ESH25 from 2024-04-01, and 2 more")


@pytest.mark.parametrize(
    "symbols",
    [
        *(["AAPL", "MSFT"], ["ESH24", "NQM24"], ["ESH24", "AAPL"], ["701", "702"], ["2401", "2402"]),
        *(["ESH24-ESM24", "ESM24-ESU24"], ["SPXW240119C04700000", "SPXW240119C04710000"]),
        *(["CLG24.NYM", "CLH24.LON"], ["GOOG", "GOOGL"], ["A1", "A2"]),
    ],
)
def test_other_symbols_are_refused_by_name(tmp_path: Path, symbols: list[str]) -> None:
    with pytest.raises(
        DataFileError,
        match=rf"its column symbol holds 2 series, such as '{symbols[0]}', '{symbols[1]}'; part them",
    ):
        imported(tmp_path, table(symbols))


def test_contracts_that_overlap_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError,
        match=r"holds 2 contracts, such as 'ESH24', 'ESM24', that overlap: ESH24 goes on until 2024-01-31, "
        r"and ESM24 begins at 2024-01-30",
    ):
        imported(tmp_path, table(["ESH24", "ESM24", "ESH24", "ESM24"]))
    with pytest.raises(DataFileError, match=r"that overlap"):
        imported(tmp_path, table(["ESH24", "ESM24"], ["2024-01-29", "2024-01-29"]))


def test_the_first_few_of_many_symbols_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"holds 6 series, such as 'A', 'B', 'C', 'D', \.\.\.; part them"):
        imported(tmp_path, table(list("ABCDEF")))


def test_rows_without_a_symbol_among_contracts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"such as 'ESH24', 'ESM24', and nothing in 1 row; write the contract"
    ):
        imported(tmp_path, table(["ESH24", "", "ESM24"]))
