"""Candles by content hash in files that worker processes map into memory instead of copying."""

import re
from pathlib import Path

from trad.errors import DataFileError
from trad.market.candles import Candles
from trad.market.columns import COLUMNS
from trad.market.whole_files import whole_file

_HASH = re.compile(r"[0-9a-f]{64}")


def store(candles: Candles, folder: Path) -> Path:
    """Write candles to `<content hash>.arrow` in a folder, which is made if need be.

    The file appears whole or not at all, and survives a power cut once this returns; several processes
    may store the same candles at once. A whole file that is there already stays as it is: the name and
    the `synthetic` mark of equal candles are those of the first that were stored.

    Raises:
        DataFileError: The folder cannot be written to.
    """
    path = folder / f"{candles.content_hash}.arrow"
    if _whole(path, candles.content_hash):
        return path
    # Arrow takes a third of a second to load, and most starts of the program store nothing.
    from trad.market.arrow_files import write_columns

    marks = {"name": candles.name, "synthetic": str(int(candles.synthetic)), "hash": candles.content_hash}
    try:
        with whole_file(path) as file:
            write_columns(file, candles.timestamp, candles.columns, marks)
    except OSError as error:
        raise DataFileError(
            f"the candles cannot be kept in {folder}: {error.strerror or error}; make room there, or set "
            f"TRAD_HOME to a folder that can be written to"
        ) from None
    return path


def open_cached(folder: Path, content_hash: str) -> Candles:
    """Map stored candles into memory: nothing is read until it is touched, and processes share it.

    Raises:
        DataFileError: The hash is none, or no whole file of that hash is in the folder.
    """
    if not _HASH.fullmatch(content_hash):
        raise DataFileError(f"{content_hash[:80]!r} is no content hash; it has 64 digits from 0-9a-f")
    path = folder / f"{content_hash}.arrow"
    if not path.is_file():
        raise DataFileError(f"no candles with the hash {content_hash} are in {folder}; read their file again")
    # Arrow takes a third of a second to load, and most starts of the program map nothing.
    from trad.market.arrow_files import map_columns

    timestamp, columns, marks = map_columns(path)
    if marks.get("hash") != content_hash or set(columns) != set(COLUMNS):
        raise DataFileError(f"{path} holds other candles than its name says; delete it")
    return Candles.trusted(
        timestamp,
        columns,
        name=marks["name"],
        synthetic=marks["synthetic"] == "1",
        content_hash=content_hash,
    )


def _whole(path: Path, content_hash: str) -> bool:
    if not path.is_file():
        return False
    try:
        open_cached(path.parent, content_hash)
    except DataFileError:
        return False  # a torn file is written anew
    return True
