"""The immutable series of candles that everything above works on."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trad.errors import CandlesError
from trad.market.checks import refuse_bad_candles
from trad.market.timeframe import Timeframe, bars_per_year

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("open", "high", "low", "close", "volume")


class Candles:
    """Read-only columns of equal length; timestamps strictly increase; every candle is possible.

    Args:
        timestamp: Open times, UTC; anything NumPy reads as datetime64, shape (n_candles,).
        open, high, low, close, volume: Numbers, shape (n_candles,); prices above zero.
        name: What the series is called wherever it shows.
        synthetic: Whether the candles were made up; said wherever the name shows.

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
    ) -> None:
        self._take(timestamp, (open, high, low, close, volume))
        self.name = name
        self.synthetic = synthetic
        refuse_bad_candles(self.timestamp, self.columns)

    def _take(self, timestamp: ArrayLike, columns: tuple[ArrayLike, ...]) -> None:
        self.timestamp = _frozen(np.asarray(timestamp, dtype="datetime64[ms]"))
        for name, values in zip(COLUMNS, columns, strict=True):
            column = _frozen(np.asarray(values, dtype=np.float64))
            if column.shape != self.timestamp.shape or column.ndim != 1:
                raise CandlesError(
                    f"{name} has shape {column.shape} and timestamp {self.timestamp.shape}; "
                    f"every column is one-dimensional and as long as the others"
                )
            setattr(self, name, column)

    @classmethod
    def trusted(
        cls,
        timestamp: NDArray[np.datetime64],
        columns: Mapping[str, NDArray[np.float64]],
        *,
        name: str,
        synthetic: bool,
        content_hash: str,
    ) -> "Candles":
        """Wrap columns that were checked before, such as those of the cache, without looking at them."""
        candles = cls.__new__(cls)
        candles._take(timestamp, tuple(columns[column] for column in COLUMNS))
        candles.name = name
        candles.synthetic = synthetic
        candles.__dict__["content_hash"] = content_hash
        return candles

    @classmethod
    def from_frame(cls, frame: "pd.DataFrame | Any", *, name: str = "candles") -> "Candles":
        """Take candles from a pandas or Polars frame with the usual column names, in any case.

        The time stands in a column (`timestamp`, `date`, `time`, ...) or in a DatetimeIndex. A time
        without a zone is UTC. A missing volume is zero.

        Raises:
            CandlesError: A column is missing, or the candles break a rule.
        """
        # From below would be a circle: frames name columns as files do, and files make Candles.
        from trad.market.frames import candles_from_frame

        return candles_from_frame(frame, name=name)

    def __len__(self) -> int:
        return len(self.timestamp)

    def __getitem__(self, span: slice) -> "Candles":
        """Cut out a contiguous span, such as `candles[:1000]`; no data is copied."""
        if not isinstance(span, slice) or span.step not in (None, 1):
            raise CandlesError(f"candles[{span}] is not a contiguous span; write candles[start:stop]")
        part = type(self).__new__(type(self))
        part._take(self.timestamp[span], tuple(column[span] for column in self.columns.values()))
        part.name, part.synthetic = self.name, self.synthetic
        return part

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


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    view = values if not values.flags.writeable else np.ascontiguousarray(values).copy()
    view.flags.writeable = False
    return view
