from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.unit.strategies.authors import returning
from tests.unit.strategies.markets import random_candles

from trad.errors import SignalsError
from trad.progress import StageReporter
from trad.strategies.generation import generate
from trad.strategies.signals import Signals

CANDLES = random_candles(10)
STAMPS = CANDLES.frame["timestamp"]


def read(frame: object) -> Signals:
    return generate(returning(lambda candles: frame), CANDLES, StageReporter(10))


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"timestamp": STAMPS[:3], "signal": ["BUY", "SELL", "HOLD"], **columns})


def test_rows_belong_to_the_candle_of_their_timestamp() -> None:
    given = pd.DataFrame({"timestamp": STAMPS.iloc[[7, 2, 4]], "signal": [" buy", "Sell", "HOLD"], "rsi": 5})
    assert read(given).entry.tolist() == [0, 0, -1, 0, 0, 0, 0, 1, 0, 0]


def test_prices_come_along() -> None:
    signals = read(frame(stop_loss=[9, None, None], take_profit=[12.0, 0.0, np.nan]).iloc[[0, 2]])
    assert signals.stop_loss is not None
    assert signals.take_profit is not None
    assert signals.stop_loss[0] == 9.0
    assert signals.take_profit[0] == 12.0


@pytest.mark.parametrize(
    "times",
    [
        STAMPS[:3].dt.tz_localize(None),
        STAMPS[:3].dt.tz_convert("Asia/Tokyo"),
        STAMPS[:3].dt.as_unit("ns"),
        STAMPS[:3].astype(str),
        CANDLES.timestamp[:3],
    ],
)
def test_times_may_be_told_in_many_ways(times: Any) -> None:
    assert read(frame(timestamp=times)).entry.tolist()[:3] == [1, -1, 0]


def test_times_may_stand_in_the_index() -> None:
    assert read(frame().set_index("timestamp")).entry.tolist()[:3] == [1, -1, 0]


def test_an_empty_frame_holds_all_along() -> None:
    assert not read(frame().iloc[:0]).entry.any()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            STAMPS,
            "Mine returned a Series; a frame of signals is a DataFrame with the columns timestamp and signal",
        ),
        (
            frame().drop(columns="signal"),
            "without a signal column; it has timestamp: add one of BUY, SELL, HOLD",
        ),
        (frame().drop(columns="timestamp"), "without a timestamp column; add that of candles.frame"),
        (
            frame(timestamp=[0, 1, 2]),
            "Mine returned timestamps of type int64; use the candles' own, which are times$",
        ),
        (
            frame(timestamp=["a", "b", "c"]),
            "Mine returned timestamps that are no times .*ValueError: .*; use the candles' own$",
        ),
        (
            frame(timestamp=STAMPS[:3] + pd.Timedelta("1s")),
            r"Mine returned a signal for 2024-01-01 00:00:01\+00:00, where there is no candle; use the",
        ),
        (
            frame(timestamp=STAMPS[:3].dt.as_unit("us") + pd.Timedelta("1us")),
            r"Mine returned a signal for 2024-01-01 00:00:00.000001\+00:00, where there is no candle",
        ),
        (
            frame(timestamp=[STAMPS[0], STAMPS[1], None]),
            "Mine returned a signal for NaT, where there is no candle",
        ),
        (
            frame(timestamp=STAMPS.iloc[[0, 4, 4]].to_numpy()),
            r"Mine returned two signals for 2024-01-01 00:04:00\+00:00; a candle has one: drop",
        ),
        (
            frame(signal=["HOLD", "LONG", "LONG"]),
            r"Mine returned signal 'LONG' at candle 1 \(2024-01-01 00:01 UTC\); a signal is BUY, SELL",
        ),
        (
            frame(signal=["BUY", None, "HOLD"]),
            "Mine returned signal .* at candle 1 .*; a signal is BUY, SELL or HOLD",
        ),
        (
            frame(stop_loss=["a", "b", "c"]),
            "Mine returned a stop_loss column without numbers .*ValueError.*; a price is a number",
        ),
        (frame(stop_loss=[None, 1.0, None]), "Mine returned stop_loss nan at candle 0"),
    ],
)
def test_refuses_a_frame_that_cannot_be_read(given: object, message: str) -> None:
    with pytest.raises(SignalsError, match=message):
        read(given)


def test_a_long_frame_is_read_whole() -> None:
    candles = random_candles(200_000)
    given = candles.frame.assign(signal=np.where(candles.close > candles.open, "BUY", "HOLD"))
    signals = generate(returning(lambda candles: given), candles, StageReporter(len(candles)))
    assert signals.entry.tolist() == (candles.close > candles.open).astype(int).tolist()
