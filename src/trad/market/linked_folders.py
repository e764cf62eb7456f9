"""Folders of other programs whose candles are read where they lie, such as freqtrade's `user_data/data`."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from trad.errors import DataFileError, InputError
from trad.market.files import ENDINGS
from trad.market.library_folder import LibrarySettings, changing, is_name
from trad.market.whole_files import whole_file

DEEPEST = 3
"""So many folders below the linked one are looked into."""

MOST_FILES = 10_000

_NOT_CANDLES = ("-funding_rate", "-trades")
"""What freqtrade keeps beside its candles in files of the same kind."""

_BY_LENGTH = sorted(ENDINGS, key=len, reverse=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedFolder:
    """A folder that is read and never written to.

    Attributes:
        folder: Its absolute path.
        prefix: What the names of its datasets begin with, before a dot; may be empty.
    """

    folder: str
    prefix: str

    def files(self) -> dict[str, Path]:
        """Find its files of candles by the names of their datasets; links in it are passed over.

        `binance/BTC_USDT-1h.feather` is called `binance.BTC_USDT-1h`. A name that no dataset can have is
        left out. A folder that is gone has no files.
        """
        root = Path(self.folder)
        found: dict[str, Path] = {}
        for path in islice(_candle_files(root), MOST_FILES):
            *above, file = path.relative_to(root).parts
            stem = file[: -len(_ending(file))]
            name = ".".join([*([self.prefix] if self.prefix else []), *above, stem])
            if is_name(name):
                found.setdefault(name, path)
        return dict(sorted(found.items()))


def linked_folders(settings: LibrarySettings) -> tuple[LinkedFolder, ...]:
    """List the linked folders in the order in which they were linked.

    Raises:
        DataFileError: The list of them cannot be read.
    """
    path = _register(settings)
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return tuple(LinkedFolder(folder=str(row["folder"]), prefix=str(row["prefix"])) for row in listed)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError, TypeError, KeyError):
        raise DataFileError(
            f"the list of linked folders in {path} cannot be read; delete it and link again"
        ) from None


def linked_files(settings: LibrarySettings) -> dict[str, Path]:
    """Find the files of all linked folders by name; where two have one name, the folder linked first wins."""
    found: dict[str, Path] = {}
    for linked in linked_folders(settings):
        found = {**linked.files(), **found}
    return dict(sorted(found.items()))


def link_folder(folder: Path, settings: LibrarySettings, *, prefix: str | None = None) -> LinkedFolder:
    """Let the library read a folder's candles where they lie.

    Args:
        folder: With files of candles in it, or in folders in it.
        prefix: What the names begin with; if not given, the folder's own name where files lie directly in
            it, or else nothing.

    Raises:
        InputError: It is no folder, holds no candles, is the library, or is linked already.
        DataFileError: The library cannot be written to.
    """
    root = folder.expanduser().resolve()
    if not root.is_dir():
        raise InputError(f"there is no folder {folder}; link one that holds files of candles")
    if root.is_relative_to(settings.library.resolve()):
        raise InputError(f"{folder} belongs to the library, whose datasets are found anyway; link another")
    if prefix is None:
        prefix = root.name if any(path.parent == root for path in _candle_files(root)) else ""
    if prefix and not is_name(prefix):
        raise InputError(f"the name was {prefix[:80]!r}; give letters, digits, dots, dashes and underscores")
    linked = LinkedFolder(folder=str(root), prefix=prefix)
    if not linked.files():
        raise InputError(
            f"{folder} holds no file of candles that could be named; Trad reads {', '.join(ENDINGS)}, and "
            f"names of up to 64 letters, digits, dots, dashes and underscores"
        )
    with changing(settings):
        before = linked_folders(settings)
        if any(other.folder == linked.folder for other in before):
            raise InputError(f"{folder} is linked already; to change its name, unlink it first")
        _write((*before, linked), settings)
    return linked


def unlink_folder(folder: Path, settings: LibrarySettings) -> LinkedFolder:
    """Forget a linked folder; its files stay as they are.

    Raises:
        InputError: It is not linked.
        DataFileError: The library cannot be written to.
    """
    root = str(folder.expanduser().resolve())
    with changing(settings):
        before = linked_folders(settings)
        gone = [linked for linked in before if linked.folder == root]
        if not gone:
            known = ", ".join(linked.folder for linked in before) or "none is"
            raise InputError(f"{folder} is not linked; linked: {known}")
        _write(tuple(linked for linked in before if linked.folder != root), settings)
    return gone[0]


def _register(settings: LibrarySettings) -> Path:
    return settings.library / "linked.json"


def _write(folders: tuple[LinkedFolder, ...], settings: LibrarySettings) -> None:
    with whole_file(_register(settings)) as file:
        file.write(json.dumps([asdict(linked) for linked in folders], indent=2).encode())


def _candle_files(root: Path) -> Iterator[Path]:
    """Find plain files with a known ending, in a fixed order; no link leads out of the folder."""
    for place, folders, files in os.walk(root):
        here = Path(place)
        deep = len(here.relative_to(root).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if deep < DEEPEST else []
        for name in sorted(files):
            ending = _ending(name)
            stem = name[: -len(ending)] if ending else ""
            if stem and not stem.endswith(_NOT_CANDLES) and not (here / name).is_symlink():
                yield here / name


def _ending(file: str) -> str:
    return next((ending for ending in _BY_LENGTH if file.lower().endswith(ending)), "")
