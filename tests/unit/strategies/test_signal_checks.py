import re
from typing import Any

import numpy as np
import pytest
from tests.unit.strategies.authors import edited
from tests.unit.strategies.markets import random_candles

from trad.errors import SignalsError
from trad.strategies.signal_checks import check_signals
from trad.strategies.signals import Signals

CANDLES = random_candles(100)
STOP = "at an entry it is a price above zero, or 0 for none: enter once it can be computed"


def test_other_numbers_take_the_one_form() -> None:
    entry = np.zeros(100)
    entry[3], entry[4] = 1.0, -1.0
    stops = np.arange(200)[::2]
    stops.flags.writeable = False
    loose: Any = Signals(entry=entry, exit=entry == 1, stop_loss=stops, take_profit=stops)  # type: ignore[arg-type]
    loose.exit = loose.exit.astype(np.uint8)
    signals = check_signals(loose, CANDLES, "Mine")
    assert np.flatnonzero(signals.entry).tolist() == [3, 4]
    assert {name: column.dtype for name, column in signals.columns().items()} == {
        "entry": np.int8,
        "exit": np.bool_,
        "stop_loss": np.float64,
        "take_profit": np.float64,
    }
    for column in signals.columns().values():
        assert column.flags.c_contiguous
        assert column.flags.writeable


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int64, np.float32, ">f8", "list"])
def test_entries_may_have_any_type_of_number(dtype: str) -> None:
    entry: Any = [False] * 99 + [True] if dtype == "list" else np.array([0] * 99 + [1]).astype(dtype)
    assert check_signals(Signals(entry=entry), CANDLES, "Mine").entry.tolist() == [0] * 99 + [1]


def test_columns_that_are_not_there_stay_away() -> None:
    signals = check_signals(Signals(entry=np.zeros(100, np.int8)), CANDLES, "Mine")
    assert list(signals.columns()) == ["entry"]


def test_prices_without_an_entry_are_not_looked_at() -> None:
    signals = Signals.empty(100)
    signals.entry[5] = 1
    signals.stop_loss[:] = np.nan
    signals.take_profit[:] = -np.inf
    signals.stop_loss[5], signals.take_profit[5] = 9.0, 0.0
    assert check_signals(signals, CANDLES, "Mine").stop_loss is signals.stop_loss


@pytest.mark.parametrize(
    ("signals", "message"),
    [
        (
            None,
            "Mine returned None; generate_signals returns Signals, or a pandas DataFrame with the columns "
            "timestamp and signal; was the return forgotten?",
        ),
        (
            [0] * 100,
            "Mine returned a list; generate_signals returns Signals, or a pandas DataFrame with the columns "
            "timestamp and signal",
        ),
        (
            Signals.empty(99),
            "Mine returned signals whose entry has shape (99,) for 100 candles; each column is one-"
            "dimensional with one row per candle, as Signals.empty(len(candles)) makes it",
        ),
        (
            Signals(entry=np.array(["BUY"] * 100)),
            "Mine returned signals whose entry has the type <U3; a column holds numbers, as "
            "Signals.empty(len(candles)) makes it",
        ),
        (
            Signals(entry=np.zeros(100, np.int8), stop_loss=np.zeros((100, 1))),
            "Mine returned signals whose stop_loss has shape (100, 1) for 100 candles; each column is "
            "one-dimensional with one row per candle, as Signals.empty(len(candles)) makes it",
        ),
        (
            Signals(entry=np.zeros(100, np.int8), stop_loss=np.zeros(100, np.bool_)),
            "Mine returned signals whose stop_loss has the type bool; a column holds numbers, as "
            "Signals.empty(len(candles)) makes it",
        ),
        (
            Signals(entry=np.array([0, None] * 50)),
            "Mine returned signals whose entry has the type object; a column holds numbers, as "
            "Signals.empty(len(candles)) makes it",
        ),
        (
            Signals(entry=None),  # type: ignore[arg-type]
            "Mine returned signals without entry; make them with Signals.empty(len(candles))",
        ),
        (
            Signals(entry=np.array([0.0] * 99 + [np.nan])),
            "Mine returned entry nan at candle 99 (2024-01-01 01:39 UTC); an entry is 1 (long), -1 (short) "
            "or 0: set one of these",
        ),
        (
            Signals(entry=np.array([0] * 98 + [3, 2], dtype=np.int8)),
            "Mine returned entry 3 at candle 98 (2024-01-01 01:38 UTC) and at 1 more; an entry is 1 (long), "
            "-1 (short) or 0: set one of these",
        ),
        (
            Signals(entry=np.array([0.5] * 100)),
            "Mine returned entry 0.5 at candle 0 (2024-01-01 00:00 UTC) and at 99 more; an entry is 1 "
            "(long), -1 (short) or 0: set one of these",
        ),
        (
            Signals(entry=np.zeros(100, np.int8), exit=np.full(100, 2)),
            "Mine returned exit 2 at candle 0 (2024-01-01 00:00 UTC) and at 99 more; an exit is True or "
            "False: set one of these",
        ),
    ],
)
def test_refuses_what_breaks_the_contract(signals: object, message: str) -> None:
    with pytest.raises(SignalsError, match=f"^{re.escape(message)}$"):
        check_signals(signals, CANDLES, "Mine")


@pytest.mark.parametrize("name", ["stop_loss", "take_profit"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0])
def test_refuses_a_price_at_an_entry_that_is_none(name: str, value: float) -> None:
    def edit(signals: Any) -> None:
        signals.entry[57] = -1
        getattr(signals, name)[57] = value

    message = f"Mine returned {name} {value} at candle 57 (2024-01-01 00:57 UTC); {STOP}"
    with pytest.raises(SignalsError, match=f"^{re.escape(message)}$"):
        check_signals(edited(edit)(CANDLES), CANDLES, "Mine")


def test_refuses_rows_of_unequal_length() -> None:
    with pytest.raises(SignalsError, match="Mine returned signals whose entry is no array"):
        check_signals(Signals(entry=[[1], [1, 2]]), CANDLES, "Mine")  # type: ignore[arg-type]
