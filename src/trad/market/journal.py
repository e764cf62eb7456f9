"""What was fetched so far of a download, kept aside until all of it is there."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from trad.errors import DataFileError, InputError
from trad.market.candles import Candles
from trad.market.library_folder import LibrarySettings
from trad.market.whole_files import alone_in, whole_file

_PIECE = re.compile(r"(\d+)-(\d+)\.arrow")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a download is of; another one under the same name begins anew.

    Attributes:
        source: Exchange, symbol and interval.
        start: Where it begins, milliseconds since 1970.
    """

    source: str
    start: int


class Journal:
    """The pieces of one download, each a span of time that was asked for and what came back.

    Every piece is on the disk whole once `add` returns, whatever happens then.

    Args:
        folder: Of this download alone.
        wanted: What is downloaded; pieces of something else are dropped.

    Raises:
        OSError: The folder cannot be written to.
    """

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        self._folder = folder
        self._start = wanted.start
        note, text = folder / "wanted.json", json.dumps(asdict(wanted))
        if not note.is_file() or note.read_text(encoding="utf-8") != text:
            for piece in folder.glob("*.arrow"):
                piece.unlink()
            with whole_file(note) as file:
                file.write(text.encode())

    def pieces(self) -> Iterator[tuple[int, Candles]]:
        """Read the pieces that follow each other from the start: where each ends, and its candles."""
        from trad.market.arrow_files import map_columns  # loads Arrow

        spans: dict[int, tuple[int, Path]] = {}
        for path in self._folder.glob("*.arrow"):
            found = _PIECE.fullmatch(path.name)
            if found is not None:
                spans[int(found[1])] = (int(found[2]), path)
        reached = self._start
        while reached in spans:
            reached, path = spans.pop(reached)
            timestamp, columns, _ = map_columns(path)
            yield reached, Candles.trusted(timestamp, columns, name=path.stem)

    def add(self, since: int, until: int, candles: Candles) -> None:
        """Keep the candles of a span, from `since` to before `until`.

        Raises:
            OSError: There is no room.
        """
        from trad.market.arrow_files import write_columns  # loads Arrow

        with whole_file(self._folder / f"{since}-{until}.arrow") as file:
            write_columns(file, candles.timestamp, candles.columns, {})


@contextmanager
def open_journal(name: str, wanted: Wanted, settings: LibrarySettings) -> Iterator[Journal]:
    """Open the journal of a dataset that is downloaded; only one process may have it.

    It stays on the disk when the block ends with an error, and is removed otherwise.

    Raises:
        InputError: Another process downloads the dataset.
        DataFileError: The library cannot be written to.
    """
    folder = settings.library / "downloads" / name
    try:
        with alone_in(folder, wait=False):
            yield Journal(folder, wanted)
            shutil.rmtree(folder)
    except BlockingIOError:
        raise InputError(f"{name} is being downloaded by another process; wait until that ends") from None
    except OSError as error:
        raise DataFileError(
            f"what was fetched cannot be kept in {folder}: {error.strerror or error}; make room there, and "
            f"run the same command again"
        ) from None
