"""Signals as a pandas DataFrame, the form that other programs know.

This module loads pandas, which takes seconds: it is imported once a strategy has returned a frame.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trad.errors import SignalsError
from trad.market.candles import Candles
from trad.strategies.faults import described
from trad.strategies.signal_checks import moment
from trad.strategies.signals import EditableSignals, Signals

_SIDES = {"BUY": 1, "SELL": -1, "HOLD": 0}
_PRICES = ("stop_loss", "take_profit")


def signals_from_frame(frame: object, candles: Candles, who: str) -> Signals:
    """Read a DataFrame with `timestamp` and `signal`, and perhaps `stop_loss` and `take_profit`.

    BUY, SELL and HOLD may be in any case; BUY enters long, SELL short. Rows belong to the candle of
    their timestamp, in any order; the time may stand in the index, and is UTC where it names no zone.
    A candle without a row is HOLD. Other columns are passed over.

    Raises:
        SignalsError: A column is missing, a timestamp is unreadable, unknown or stands twice, or a
            signal is another word.
    """
    if not isinstance(frame, pd.DataFrame):
        raise SignalsError(
            f"{who} returned a {type(frame).__name__}; a frame of signals is a DataFrame with the columns "
            f"timestamp and signal"
        )
    if "signal" not in frame.columns:
        found = ", ".join(map(str, frame.columns)) or "none"
        raise SignalsError(
            f"{who} returned a DataFrame without a signal column; it has {found}: add one of BUY, SELL, HOLD"
        )
    rows = _rows(frame, candles, who)
    signals = Signals.empty(len(candles))
    signals.entry[rows] = _sides(frame["signal"], rows, candles, who)
    _fill_prices(signals, frame, rows, who)
    return signals


def _rows(frame: pd.DataFrame, candles: Candles, who: str) -> NDArray[np.intp]:
    """Find the candle of each row."""
    if "timestamp" in frame.columns:
        times: pd.Series | pd.Index = frame["timestamp"]
    elif isinstance(frame.index, pd.DatetimeIndex):
        times = frame.index
    else:
        raise SignalsError(
            f"{who} returned a DataFrame without a timestamp column; add that of candles.frame"
        )
    if pd.api.types.is_numeric_dtype(times.dtype):
        raise SignalsError(
            f"{who} returned timestamps of type {times.dtype}; use the candles' own, which are times"
        )
    try:
        stamps = pd.DatetimeIndex(pd.to_datetime(times, utc=True, format="ISO8601"))
    except (ValueError, TypeError) as error:
        raise SignalsError(
            f"{who} returned timestamps that are no times ({described(error)}); use the candles' own"
        ) from error
    exact = stamps.tz_localize(None)
    values = exact.as_unit("ms").to_numpy()
    rows = np.searchsorted(candles.timestamp, values)
    known = rows < len(candles)
    known[known] = candles.timestamp[rows[known]] == values[known]
    known &= np.asarray(exact == exact.as_unit("ms"))
    if not known.all():
        raise SignalsError(
            f"{who} returned a signal for {stamps[int(known.argmin())]}, where there is no candle; "
            f"use the timestamps of the candles, which are open times in UTC"
        )
    counts = np.bincount(rows, minlength=len(candles))
    if (counts > 1).any():
        twice = stamps[int(np.flatnonzero(counts[rows] > 1)[0])]
        raise SignalsError(f"{who} returned two signals for {twice}; a candle has one: drop the duplicates")
    return rows


def _sides(column: pd.Series, rows: NDArray[np.intp], candles: Candles, who: str) -> NDArray[np.int8]:
    codes, words = pd.factorize(column, use_na_sentinel=False)
    sides = np.zeros(len(words), np.int8)
    for code, word in enumerate(words):
        side = _SIDES.get(str(word).strip().upper())
        if side is None:
            place = moment(candles, int(rows[int((codes == code).argmax())]))
            raise SignalsError(f"{who} returned signal {word!r} at {place}; a signal is BUY, SELL or HOLD")
        sides[code] = side
    return sides[codes]


def _fill_prices(signals: EditableSignals, frame: pd.DataFrame, rows: NDArray[np.intp], who: str) -> None:
    for name in _PRICES:
        if name not in frame.columns:
            continue
        try:
            getattr(signals, name)[rows] = frame[name].to_numpy(np.float64, na_value=np.nan)
        except (ValueError, TypeError) as error:
            raise SignalsError(
                f"{who} returned a {name} column without numbers ({described(error)}); "
                f"a price is a number, or 0 for none"
            ) from error
