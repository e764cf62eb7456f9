"""Downloading a series into the library: page by page, and gone on with after any stop."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trad.errors import CandlesError, ExchangeFailed, InputError
from trad.market.candles import Candles
from trad.market.columns import COLUMNS
from trad.market.datasets import read_dataset, save_dataset
from trad.market.exchange import CandlePages, Row
from trad.market.gaps import find_gaps
from trad.market.journal import Journal, Wanted, open_journal
from trad.market.library_folder import LibrarySettings, checked_name, stored_path


@dataclass(frozen=True, kw_only=True, slots=True)
class DownloadProgress:
    """How far a download is.

    Attributes:
        start, stop: The span that is fetched, milliseconds since 1970.
        reached: All before is there.
        candles: How many were fetched, those of an earlier run among them.
    """

    start: int
    stop: int
    reached: int
    candles: int


Report = Callable[[DownloadProgress], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Downloaded:
    """What a download did.

    Attributes:
        name: Of the dataset.
        new: How many candles were added.
        candles: How many the dataset has now.
        first, last: Open times of its first and last, milliseconds since 1970, UTC.
        gaps: Places in it where the next candle comes later than usual.
        later: Whether the first candle opens later than asked for.
    """

    name: str
    new: int
    candles: int
    first: int
    last: int
    gaps: int
    later: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    start: int
    stop: int

    def progress(self, reached: int, pieces: list[Candles]) -> DownloadProgress:
        reached, candles = min(reached, self.stop), sum(map(len, pieces))
        return DownloadProgress(start=self.start, stop=self.stop, reached=reached, candles=candles)


def download(
    pages: CandlePages,
    name: str,
    *,
    since: int,
    until: int | None,
    settings: LibrarySettings,
    report: Report,
) -> Downloaded:
    """Fetch candles and store them under a name, after those that are there already.

    What was fetched is kept aside page by page, so that a run that was stopped or killed is gone on with
    by the same call. The candle that is not finished yet is left out.

    Args:
        pages: The exchange's candles.
        name: Of the dataset.
        since: Milliseconds since 1970; candles that open earlier are left out.
        until: Likewise; candles that open then or later are left out. None: up to now.
        settings: Where the library is.
        report: Is told of the progress after each page.

    Raises:
        InputError: The dataset is of something else, or there is nothing in the span.
        ExchangeFailed: The exchange does not answer, or sent candles that cannot be.
        DataFileError: The library cannot be written to.
    """
    stored = _stored(checked_name(name), pages, settings)
    stop = pages.now() - pages.interval + 1  # what opens later is not finished
    if until is not None:
        stop = min(until, stop)
    start = since if stored is None else _open(stored, -1) + pages.interval
    added: list[Candles] = []
    if start < stop:
        with open_journal(name, Wanted(source=pages.source, start=start), settings) as journal:
            added = _fetched(pages, journal, _Span(start=start, stop=stop), report)
            if added:
                series = _joined([*([stored] if stored is not None else []), *added], pages.symbol)
                save_dataset(series, name, source=pages.source, settings=settings, replace=True)
                stored = series
    if stored is None:
        raise InputError(
            f"{pages.source} has no finished candle in the span that was asked for; ask for another one"
        )
    return Downloaded(
        name=name,
        new=sum(map(len, added)),
        candles=len(stored),
        first=_open(stored, 0),
        last=_open(stored, -1),
        gaps=find_gaps(stored.timestamp, 0).count,
        later=_open(stored, 0) >= since + pages.interval,
    )


def _stored(name: str, pages: CandlePages, settings: LibrarySettings) -> Candles | None:
    """Read what the dataset has already, once it is sure that it is of the same series."""
    path = stored_path(name, settings)
    if not path.is_file():
        return None
    from trad.market.dataset_marks import read_marks  # loads Arrow

    marks = read_marks(path)
    if marks is None or marks.source != pages.source:
        of = "something else" if marks is None else marks.source
        raise InputError(
            f"the dataset {name} came from {of}, not from {pages.source}; give the new one another --name"
        )
    return read_dataset(name, path, most_cells=settings.most_cells)


def _fetched(pages: CandlePages, journal: Journal, span: _Span, report: Report) -> list[Candles]:
    """Fetch what the journal does not have yet; return the candles of the whole span, piece by piece."""
    pieces: list[Candles] = []
    begun = reached = span.start  # `begun` lags behind over empty pages, which make no piece
    for reached, piece in journal.pieces():
        pieces.append(piece)
        begun = reached
    report(span.progress(reached, pieces))
    while reached < span.stop:
        rows = _within(pages.page(reached), reached, span.stop)
        if rows:
            piece = _candles(rows, pages)
            reached = _open(piece, -1) + pages.interval
            journal.add(begun, reached, piece)
            pieces.append(piece)
            begun = reached
        else:
            # Before the listing, in a long gap, or after the end: which, only the next page tells.
            reached += pages.limit * pages.interval
        report(span.progress(reached, pieces))
    return [cut for piece in pieces if len(cut := _before(piece, span.stop))]


def _within(rows: list[Row], since: int, stop: int) -> list[Row]:
    """Bring rows into order, each time once, and leave out those outside the span."""
    by_time = {int(row[0]): row for row in rows if row[0] is not None and since <= int(row[0]) < stop}
    return [by_time[time] for time in sorted(by_time)]


def _candles(rows: list[Row], pages: CandlePages) -> Candles:
    times = np.array([int(row[0] or 0) for row in rows], np.int64).view("datetime64[ms]")
    try:
        numbers = [[np.nan if value is None else value for value in row[1:6]] for row in rows]
        return Candles(times, *np.array(numbers, np.float64).T, name=pages.source)
    except (CandlesError, ValueError, TypeError) as error:  # bad values, or too few of them
        raise ExchangeFailed(f"what {pages.source} sent cannot be stored: {error}") from None


def _before(candles: Candles, stop: int) -> Candles:
    return candles[: int(np.searchsorted(candles.timestamp.view(np.int64), stop))]


def _joined(pieces: list[Candles], symbol: str) -> Candles:
    columns = (np.concatenate([piece.columns[name] for piece in pieces]) for name in COLUMNS)
    return Candles(np.concatenate([piece.timestamp for piece in pieces]), *columns, name=symbol)


def _open(candles: Candles, place: int) -> int:
    return int(candles.timestamp[place].astype("int64"))
