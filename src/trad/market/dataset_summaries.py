"""What there is, told without reading candles: whoever imports this loads Arrow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trad.errors import InputError
from trad.market.arrays import joined
from trad.market.arrow_files import TIME, read_arrow, read_parquet
from trad.market.columns import PRICES, find_columns
from trad.market.dataset_marks import DatasetMarks, read_marks
from trad.market.files import ARROW, PARQUET
from trad.market.gaps import find_gaps
from trad.market.library_folder import LibrarySettings, stored_names, stored_path
from trad.market.linked_folders import linked_folders
from trad.market.samples import PREFIX, read_sample, sample_names
from trad.market.times import milliseconds, with_time_of_day

Kind = Literal["sample", "stored", "linked"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSummary:
    """What is known of a dataset; None where it is not known without reading the candles.

    Attributes:
        name: What it is asked for by.
        kind: A sample that comes along, a file of the library, or one of a linked folder.
        symbol: What the series is of.
        source: Where it came from.
        interval: The commonest distance of two candles, such as `1h`.
        candles: How many there are.
        first, last: Open times of the first and the last, milliseconds since 1970, UTC.
        gaps: Places where the next candle comes later than usual.
        bytes: The file's length.
        stored_at: Milliseconds since 1970, UTC.
        content_hash: The identity of the candles.
        synthetic: Whether they were made up.
        path: The file.
        error: Why it cannot be used.
    """

    name: str
    kind: Kind
    symbol: str | None = None
    source: str | None = None
    interval: str | None = None
    candles: int | None = None
    first: int | None = None
    last: int | None = None
    gaps: int | None = None
    bytes: int | None = None
    stored_at: int | None = None
    content_hash: str | None = None
    synthetic: bool = False
    path: str | None = None
    error: str | None = None


def summaries(settings: LibrarySettings) -> Iterator[DatasetSummary]:
    """Tell of the samples, then of the library's datasets, then of those in linked folders.

    Of a dataset that Trad stored, the end of its file is read; of another Parquet or Arrow file the times
    alone; of a text file its length. What cannot be read is listed with the reason.

    Raises:
        DataFileError: The library's folder, or the list of linked ones, cannot be read.
    """
    for sample in sample_names():
        yield _of_sample(f"{PREFIX}{sample}")
    stored = stored_names(settings)
    for name in stored:
        yield _of_file(name, stored_path(name, settings), "stored", settings)
    told = set(stored)
    for folder in linked_folders(settings):
        for name, path in folder.files().items():
            if name not in told:
                told.add(name)
                yield replace(_of_file(name, path, "linked", settings), source=folder.folder)


def summary(name: str, settings: LibrarySettings) -> DatasetSummary | None:
    """Tell of one dataset or sample; None where there is none of the name."""
    if name.startswith(PREFIX):
        known = name.removeprefix(PREFIX) in sample_names()
        return _of_sample(name) if known else None
    path = stored_path(name, settings)
    if name in stored_names(settings):
        return _of_file(name, path, "stored", settings)
    for folder in linked_folders(settings):
        linked = folder.files().get(name)
        if linked is not None:
            return replace(_of_file(name, linked, "linked", settings), source=folder.folder)
    return None


def _of_sample(reference: str) -> DatasetSummary:
    candles = read_sample(reference)
    return _marked(
        DatasetSummary(name=reference, kind="sample"),
        replace(DatasetMarks.of(candles, "sample"), stored_at=0, symbol=reference.removeprefix(PREFIX)),
    )


def _of_file(name: str, path: Path, kind: Kind, settings: LibrarySettings) -> DatasetSummary:
    found = DatasetSummary(name=name, kind=kind, path=str(path))
    try:
        found = replace(found, bytes=path.stat().st_size)
        ending = path.suffix.lower()
        marks = read_marks(path) if ending in PARQUET else None
        if marks is not None:
            return _marked(found, marks)
        if ending not in (*PARQUET, *ARROW):
            return found
        times = _times(path, settings.most_cells)
    except InputError as error:
        return replace(found, error=str(error))
    except OSError as error:
        return replace(found, error=f"{path} cannot be read: {error.strerror or error}")
    if not len(times) or (np.diff(times.view(np.int64)) <= 0).any() or np.isnat(times).any():
        return replace(found, candles=len(times), error="its times do not rise; see `trad data check`")
    return _span(found, times)


def _marked(found: DatasetSummary, marks: DatasetMarks) -> DatasetSummary:
    return replace(
        found,
        symbol=marks.symbol,
        source=marks.source,
        interval=marks.interval,
        candles=marks.candles,
        first=marks.first,
        last=marks.last,
        gaps=marks.gaps,
        stored_at=marks.stored_at or None,
        content_hash=marks.content_hash,
        synthetic=marks.synthetic,
    )


def _times(path: Path, most_cells: int) -> NDArray[np.datetime64]:
    read = read_parquet if path.suffix.lower() in PARQUET else read_arrow
    table = read(path, most_cells=most_cells, roles=TIME)
    places = find_columns([*table.column_names, *PRICES])  # the prices stand in the file, but were not read
    stamps = joined(table.column(places["timestamp"]))
    if "time_of_day" in places:
        stamps = with_time_of_day(stamps, joined(table.column(places["time_of_day"])))
    return milliseconds(
        stamps, label=table.column_names[places["timestamp"]], place=lambda row: f"row {row:,}"
    )


def _span(found: DatasetSummary, times: NDArray[np.datetime64]) -> DatasetSummary:
    gaps = find_gaps(times, 0)
    first, last = (int(times[place].astype("int64")) for place in (0, -1))
    return replace(found, candles=len(times), first=first, last=last, interval=gaps.interval, gaps=gaps.count)
