"""The immutable series of candles that everything above works on."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trad.errors import CandlesError
from trad.market.checks import refuse_bad_candles
from trad.market.columns import COLUMNS
from trad.market.frames import columns_from_frame
from trad.market.timeframe import Timeframe, bars_per_year

if TYPE_CHECKING:
    import pandas as pd


class Candles:
    """Read-only columns of equal length; timestamps strictly increase; every candle is possible.

    Args:
        timestamp: Open times, UTC; anything NumPy reads as datetime64, shape (n_candles,).
        open, high, low, close, volume: Numbers, shape (n_candles,); prices above zero.
        name: What the series is called wherever it shows.
        synthetic: Whether the candles were made up; said wherever the name shows.
        copy: False takes arrays that are in the right form already (datetime64[ms] and float64,
            contiguous) as they are, in half the time. Whoever writes to them later changes candles that
            were checked, behind everybody's back.

    Raises:
        CandlesError: The candles break a rule; the message names the first rows and their count.
    """

    timestamp: NDArray[np.datetime64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    def __init__(
        self,
        timestamp: ArrayLike,
        open: ArrayLike,  # noqa: A002 - the field's own word
        high: ArrayLike,
        low: ArrayLike,
        close: ArrayLike,
        volume: ArrayLike,
        *,
        name: str = "candles",
        synthetic: bool = False,
        copy: bool = True,
    ) -> None:
        given = dict(zip(COLUMNS, (open, high, low, close, volume), strict=True))
        kept = _kept(
            _converted("timestamp", timestamp, "datetime64[ms]", copy=copy),
            {column: _converted(column, values, "float64", copy=copy) for column, values in given.items()},
        )
        self.__dict__.update(kept)
        self.name = name
        self.synthetic = synthetic
        refuse_bad_candles(self.timestamp, self.columns, name=name)

    @classmethod
    def trusted(
        cls,
        timestamp: NDArray[np.datetime64],
        columns: Mapping[str, NDArray[np.float64]],
        *,
        name: str,
        synthetic: bool = False,
        content_hash: str | None = None,
    ) -> "Candles":
        """Keep columns that passed `refuse_bad_candles` and that nobody will write to; copy nothing.

        Args:
            timestamp: datetime64[ms], UTC, contiguous, shape (n_candles,).
            columns: float64, contiguous, shape (n_candles,), by the names in `COLUMNS`.
            name: What the series is called.
            synthetic: Whether the candles were made up.
            content_hash: Their content hash, where it is known already.
        """
        candles = cls.__new__(cls)
        candles.__dict__.update(_kept(timestamp, columns))
        candles.name, candles.synthetic = name, synthetic
        if content_hash is not None:
            candles.__dict__["content_hash"] = content_hash
        return candles

    @classmethod
    def from_frame(cls, frame: object, *, name: str = "candles") -> "Candles":
        """Take candles from a pandas or Polars frame, or an Arrow table, by the usual column names.

        Case does not matter. The time stands in a column (`timestamp`, `date`, `time`, ...) or in a
        DatetimeIndex; without a zone it is UTC. A missing volume is zero.

        Raises:
            CandlesError: A column is missing or holds something else, or the candles break a rule.
        """
        timestamp, columns = columns_from_frame(frame)
        return cls(timestamp, *(columns[column] for column in COLUMNS), name=name)

    def __len__(self) -> int:
        return len(self.timestamp)

    def __getitem__(self, span: slice) -> "Candles":
        """Cut out a contiguous span, such as `candles[:1000]`; no data is copied."""
        if not isinstance(span, slice) or span.step not in (None, 1):
            raise CandlesError(f"candles[{span}] is not a contiguous span; write candles[start:stop]")
        cut = {name: column[span] for name, column in self.columns.items()}
        return type(self).trusted(self.timestamp[span], cut, name=self.name, synthetic=self.synthetic)

    def __repr__(self) -> str:
        made_up = ", synthetic" if self.synthetic else ""
        if not len(self):
            return f"Candles({self.name!r}, empty{made_up})"
        first, last = (np.datetime_as_string(self.timestamp[i], unit="m") for i in (0, -1))
        return f"Candles({self.name!r}, {len(self):,} x {self.timeframe}, {first} to {last} UTC{made_up})"

    @property
    def columns(self) -> dict[str, NDArray[np.float64]]:
        """The five float64 columns by name, without the time."""
        return {name: getattr(self, name) for name in COLUMNS}

    @cached_property
    def timeframe(self) -> Timeframe | None:
        """The commonest distance between candles; None for fewer than two."""
        return Timeframe.infer(self.timestamp)

    @cached_property
    def bars_per_year(self) -> float | None:
        """Candles per year of 365.25 days, as the data holds them; None for fewer than two."""
        return bars_per_year(self.timestamp)

    @cached_property
    def content_hash(self) -> str:
        """The sha256 of times and columns: the identity of the data, wherever it was read from."""
        digest = hashlib.sha256(b"trad candles 1\n")
        digest.update(np.ascontiguousarray(self.timestamp.astype("<M8[ms]")).view(np.uint8).data)
        for column in self.columns.values():
            digest.update(np.ascontiguousarray(column.astype("<f8", copy=False)).view(np.uint8).data)
        return digest.hexdigest()

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The candles as a pandas DataFrame with a `timestamp` column (UTC), built on first use.

        Its columns are copies: to change one leaves the candles as they are.
        """
        import pandas as pd  # takes seconds to load, and few strategies ask for a frame

        stamps = pd.Series(self.timestamp).dt.tz_localize("UTC")
        return pd.DataFrame({"timestamp": stamps, **{k: v.copy() for k, v in self.columns.items()}})


def _converted(name: str, values: ArrayLike, kind: str, *, copy: bool) -> NDArray[Any]:
    try:
        # A view, whose flags are its own: the caller's array stays writeable.
        return np.array(values, dtype=kind, order="C", copy=copy or None).view()
    except (TypeError, ValueError, OverflowError) as error:
        wanted = "times, such as 2024-01-31T12:00 (UTC)" if name == "timestamp" else "plain numbers"
        raise CandlesError(f"{name} cannot be read: {error}; it holds {wanted}") from None


def _kept(
    timestamp: NDArray[np.datetime64], columns: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[Any]]:
    """Close the columns to writing, once they are seen to be of one length."""
    for name in COLUMNS:
        if columns[name].shape != timestamp.shape or timestamp.ndim != 1:
            raise CandlesError(
                f"{name} has the shape {columns[name].shape} and timestamp {timestamp.shape}; "
                f"every column is one-dimensional and as long as the others"
            )
    kept = {"timestamp": timestamp, **{name: columns[name] for name in COLUMNS}}
    for column in kept.values():
        column.flags.writeable = False
    return kept
