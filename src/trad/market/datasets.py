"""Storing candles in the library under a name, and reading them back."""

import os
from dataclasses import dataclass
from dataclasses import replace as replaced
from difflib import get_close_matches
from pathlib import Path

from trad.errors import CandlesError, DataFileError, DataNotFound, InputError
from trad.market.candles import Candles
from trad.market.files import PARQUET, read_candles
from trad.market.library_folder import LibrarySettings, changing, checked_name, stored_names, stored_path
from trad.market.linked_folders import linked_files
from trad.market.whole_files import ASIDE, sync_folder, whole_file


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedDataset:
    """A dataset that is in the library now.

    Attributes:
        name: What it is asked for by.
        path: Its file.
        content_hash: The identity of its candles.
        candles: How many there are.
        unchanged: Whether these candles had the name before, so that nothing was written.
        same_as: The dataset whose file it shares, since that holds the same candles; None without one.
    """

    name: str
    path: Path
    content_hash: str
    candles: int
    unchanged: bool = False
    same_as: str | None = None


def save_dataset(
    candles: Candles, name: str, *, source: str, settings: LibrarySettings, replace: bool = False
) -> SavedDataset:
    """Store candles in the library under a name.

    The dataset appears whole or not at all, and survives a power cut once this returns; several processes
    may store at once. Candles that another dataset holds already are not stored twice: both names then
    lead to one file, with the source that was noted first.

    Args:
        candles: What to store; their `name` is kept as the symbol.
        name: What they are asked for by: 1 to 64 letters, digits, dots, dashes and underscores.
        source: Where they came from, for people: `binance BTC/USDT 1h`, `prices.csv`.
        settings: Where the library is.
        replace: Whether other candles of this name give way.

    Raises:
        InputError: The name cannot be one, or other candles have it.
        CandlesError: There are no candles.
        DataFileError: The library cannot be written to.
    """
    path = stored_path(checked_name(name), settings)
    if not len(candles):
        raise CandlesError(f"{candles.name} holds no candles; a dataset has at least one")
    saved = SavedDataset(name=name, path=path, content_hash=candles.content_hash, candles=len(candles))
    with changing(settings):
        if _holds(name, candles, settings):
            return replaced(saved, unchanged=True)
        if path.exists() and not replace:
            raise _taken(name)
        twin = _twin(name, candles, settings)
        if twin is not None and _linked(stored_path(twin, settings), path):
            return replaced(saved, same_as=twin)
        _write(candles, path, source)
    return saved


def rename_dataset(name: str, new: str, *, settings: LibrarySettings) -> Path:
    """Give a dataset of the library another name, and return its file.

    Raises:
        InputError: The new name cannot be one, or is taken.
        DataNotFound: The library has no such dataset.
        DataFileError: The library cannot be written to.
    """
    path = stored_path(checked_name(new), settings)
    with changing(settings):
        found = checked_stored(name, settings)
        if path.exists():
            raise _taken(new)
        found.rename(path)
        sync_folder(settings.library)
    return path


def delete_dataset(name: str, *, settings: LibrarySettings) -> None:
    """Delete a dataset from the library.

    Raises:
        DataNotFound: The library has no such dataset.
        DataFileError: The library cannot be written to.
    """
    with changing(settings):
        checked_stored(name, settings).unlink()
        sync_folder(settings.library)


def checked_stored(name: str, settings: LibrarySettings) -> Path:
    """Return the file of a dataset that lies in the library itself, not in a linked folder.

    Raises:
        DataNotFound: The library has no such dataset.
    """
    names = stored_names(settings)
    if name in names:
        return stored_path(name, settings)
    if name in linked_files(settings):
        raise DataNotFound(
            f"{name} lies in a linked folder, whose files stay as they are; `trad data unlink` forgets it"
        )
    close = get_close_matches(name, names, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "`trad data list` tells what there is"
    raise DataNotFound(f"the library holds no dataset called {name[:80]!r}; {hint}")


def read_dataset(name: str, path: Path, *, most_cells: int) -> Candles:
    """Read a dataset's candles; made-up ones are marked as such.

    Raises:
        DataFileError: The file cannot be read.
        CandlesError: The candles break a rule.
    """
    candles = read_candles(path, name=name, most_cells=most_cells)
    if path.suffix.lower() not in PARQUET:
        return candles
    from trad.market.dataset_marks import read_marks  # loads Arrow, as reading did

    marks = read_marks(path)
    if marks is None or not marks.synthetic:
        return candles
    return Candles.trusted(candles.timestamp, candles.columns, name=name, synthetic=True)


def _taken(name: str) -> InputError:
    return InputError(
        f"the library has other candles called {name} already; choose another name, or replace them "
        f"(--replace)"
    )


def _holds(name: str, candles: Candles, settings: LibrarySettings) -> bool:
    """Tell whether a dataset's file really holds these candles; one that cannot be read does not."""
    path = stored_path(name, settings)
    if not path.is_file():
        return False
    try:
        held = read_dataset(name, path, most_cells=settings.most_cells)
    except InputError:
        return False
    return (held.content_hash, held.synthetic) == (candles.content_hash, candles.synthetic)


def _twin(name: str, candles: Candles, settings: LibrarySettings) -> str | None:
    """Find another dataset of the same candles by what is noted in each, and look whether it is true."""
    from trad.market.dataset_marks import read_marks  # loads Arrow, which writing needs anyway

    for other in stored_names(settings):
        if other == name:
            continue
        try:
            marks = read_marks(stored_path(other, settings))
        except DataFileError:
            continue
        if (
            marks is not None
            and marks.content_hash == candles.content_hash
            and _holds(other, candles, settings)
        ):
            return other
    return None


def _linked(twin: Path, path: Path) -> bool:
    """Give a file a second name; False where the file system cannot."""
    aside = path.parent / f"{ASIDE}{path.name}"
    try:
        os.link(twin, aside)
    except OSError:
        return False
    aside.replace(path)
    sync_folder(path.parent)
    return True


def _write(candles: Candles, path: Path, source: str) -> None:
    # Loads Arrow, which takes a third of a second.
    from trad.market.arrow_files import write_parquet
    from trad.market.dataset_marks import DatasetMarks

    with whole_file(path) as file:
        write_parquet(
            file, candles.timestamp, candles.columns, DatasetMarks.of(candles, source).as_metadata()
        )
