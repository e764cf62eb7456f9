"""What is kept with a dataset besides its candles: whoever reads or writes it loads Arrow."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trad.errors import DataFileError
from trad.market.candles import Candles
from trad.market.gaps import find_gaps

_KEY = b"trad.dataset"


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetMarks:
    """What was noted when a dataset was stored.

    Attributes:
        symbol: What the series is of.
        source: Where it came from, for people.
        stored_at: When, milliseconds since 1970, UTC.
        synthetic: Whether the candles were made up.
        content_hash: Their identity.
        candles: How many there are.
        first, last: Open times of the first and the last, milliseconds since 1970, UTC.
        interval: The commonest distance of two, such as `1h`; None for a single candle.
        gaps: Places where the next candle comes later than that.
    """

    symbol: str
    source: str
    stored_at: int
    synthetic: bool
    content_hash: str
    candles: int
    first: int
    last: int
    interval: str | None
    gaps: int

    @classmethod
    def of(cls, candles: Candles, source: str) -> "DatasetMarks":
        """Note what candles are, and that they are stored now."""
        gaps = find_gaps(candles.timestamp, 0)
        return cls(
            symbol=candles.name,
            source=source,
            stored_at=time.time_ns() // 1_000_000,
            synthetic=candles.synthetic,
            content_hash=candles.content_hash,
            candles=len(candles),
            first=int(candles.timestamp[0].astype("int64")),
            last=int(candles.timestamp[-1].astype("int64")),
            interval=gaps.interval,
            gaps=gaps.count,
        )

    def as_metadata(self) -> dict[str, str]:
        """Write the marks as they stand in the file's schema."""
        return {_KEY.decode(): json.dumps(asdict(self))}


def read_marks(path: Path) -> DatasetMarks | None:
    """Read a dataset's marks from the end of its file, whose candles are left alone.

    None for a file that something else wrote, or whose length is not that of the marked candles: programs
    that cut a table may keep the marks of the whole.

    Raises:
        DataFileError: The file is truncated, or no Parquet.
    """
    try:
        with pq.ParquetFile(path) as file:
            found = (file.schema_arrow.metadata or {}).get(_KEY)
            rows = file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise DataFileError(f"{path} is no whole Parquet file: {str(error)[:200]}; store it again") from None
    if found is None:
        return None
    try:
        marks = DatasetMarks(**json.loads(found))
    except (ValueError, TypeError):
        return None  # another version's marks, or somebody else's
    return marks if marks.candles == rows else None
