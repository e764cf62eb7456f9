"""What a user says of files that are to be imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trad.market.files import MOST_CELLS

DateOrder = Literal["year", "day", "month"]
"""What stands first in dates that can be read in several ways."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """What cannot be known from the files, or shall be otherwise than they say.

    Attributes:
        timezone: IANA zone of times without an offset; None: UTC.
        day_first: Whether 01/02/2024 is the first of February; None: as the data as a whole tells.
        year_first: Whether 24/01/02 is the second of January; `day_first` is None then.
        columns: Column names, or numbers from 1, by role (timestamp, time, open, high, low, close, volume,
            and year, month, day, hour, hour_ending, minute, second where they stand in columns of their own).
        decimal: What parts a fraction, `.` or `,`; None: as the data tells.
        stamps: Whether times are those of candles' opens or closes.
        drop_bad: Whether rows that no series may hold are left out.
        fill_gaps: Whether missing candles are made: flat, without volume.
        most_cells: The most values (rows x columns) that are read.
    """

    timezone: str | None = None
    day_first: bool | None = None
    year_first: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    decimal: Literal[".", ","] | None = None
    stamps: Literal["open", "close"] = "open"
    drop_bad: bool = False
    fill_gaps: bool = False
    most_cells: int = MOST_CELLS

    @property
    def order(self) -> DateOrder | None:
        """Say what the user says that dates begin with."""
        if self.year_first:
            return "year"
        return None if self.day_first is None else ("day" if self.day_first else "month")
