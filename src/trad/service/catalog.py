"""What can be trained, and on what: lists of which only the changed files are read again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from trad.errors import InspectionFailed, TradError
from trad.market.samples import PREFIX, sample_names
from trad.service.inspector import DatasetListing, Inspector, StrategyListing
from trad.service.naming import library_files
from trad.settings import Settings
from trad.strategies.loading import strategy_files

Listing = TypeVar("Listing")
Stamp = tuple[int, int]
"""A file's time of change in nanoseconds, and its length."""


HANGING_SECONDS = 60.0
"""How long a file without an answer is left alone: that may have been the moment's fault, not its own."""


@dataclass(frozen=True, slots=True)
class _Read(Generic[Listing]):
    """What was found in a file of this stamp; it holds until a time of the monotonic clock."""

    stamp: Stamp
    listing: Listing
    until: float


class Catalog:
    """Lists strategies and datasets; callable from any thread.

    A file is looked into once for each change of it. One that cannot be listed (it hangs, or is no table)
    is listed with the reason.

    Args:
        settings: Where the folders are.
        inspector: Looks into files.
    """

    def __init__(self, settings: Settings, inspector: Inspector) -> None:
        self._settings = settings
        self._inspector = inspector
        self._lock = Lock()  # one caller looks into files, the others wait for what it finds
        self._known: list[StrategyListing] | None = None
        self._strategies: dict[Path, _Read[list[StrategyListing]]] = {}
        self._datasets: dict[Path, _Read[DatasetListing]] = {}
        self._samples: list[DatasetListing] | None = None

    def strategies(self) -> list[StrategyListing]:
        """List the built-in strategies, those of the strategies folder, and the installed ones.

        Raises:
            InspectionFailed: The inspector does not answer.
        """
        with self._lock:
            if self._known is None:
                self._known = self._inspector.known_strategies()
            files = strategy_files(self._settings.strategies)
            self._strategies = _renewed(self._strategies, files, self._strategies_in)
            listed = [listing for read in self._strategies.values() for listing in read.listing]
        first = [listing for listing in self._known if listing.kind == "built-in"]
        return [*first, *listed, *(listing for listing in self._known if listing.kind != "built-in")]

    def _strategies_in(self, path: Path, error: TradError | None) -> list[StrategyListing]:
        if error is None:
            return self._inspector.strategies_in(path.stem)
        return [
            StrategyListing(
                name=path.stem, kind="folder", source=path.name, docs="", parameters={}, error=str(error)
            )
        ]

    def datasets(self) -> list[DatasetListing]:
        """List the samples, then the library by name.

        Raises:
            InspectionFailed: The inspector does not answer.
            DataFileError: The library's folder cannot be listed.
        """
        with self._lock:
            if self._samples is None:
                self._samples = [self._inspector.dataset(f"{PREFIX}{name}") for name in sample_names()]
            files = library_files(self._settings)
            names = {path: name for name, path in files.items()}
            self._datasets = _renewed(
                self._datasets, list(names), lambda path, error: self._dataset(names[path], error)
            )
            # A file of linked folders may have got another name since it was read, or have two.
            found = [(name, self._datasets.get(path)) for name, path in files.items()]
            return [*self._samples, *(replace(read.listing, name=name) for name, read in found if read)]

    def _dataset(self, name: str, error: TradError | None) -> DatasetListing:
        if error is None:
            return self._inspector.dataset(name)
        return DatasetListing(
            name=name,
            candles=None,
            first=None,
            last=None,
            interval=None,
            gaps=None,
            sample=False,
            synthetic=False,
            error=str(error),
        )


def _renewed(
    read: dict[Path, _Read[Listing]],
    paths: list[Path],
    look: Callable[[Path, TradError | None], Listing],
) -> dict[Path, _Read[Listing]]:
    """Look into those files that changed or are new; leave out those that are gone.

    Args:
        look: Looks into a file, or makes the listing of one that gave an error.
    """
    renewed: dict[Path, _Read[Listing]] = {}
    for path in paths:
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        stamp = (status.st_mtime_ns, status.st_size)
        known = read.get(path)
        if known is not None and known.stamp == stamp and monotonic() < known.until:
            renewed[path] = known
            continue
        try:
            renewed[path] = _Read(stamp, look(path, None), inf)
        except InspectionFailed as error:
            renewed[path] = _Read(stamp, look(path, error), monotonic() + HANGING_SECONDS)
        except TradError as error:
            renewed[path] = _Read(stamp, look(path, error), inf)
    return renewed
