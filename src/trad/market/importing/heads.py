"""The first lines of a text file, or a sentence on what it is instead."""

from collections.abc import Mapping
from pathlib import Path

from trad.errors import DataFileError
from trad.market.importing.archives import BROKEN, opened
from trad.market.importing.text_encoding import find_encoding

HEAD = 1 << 17
_MARKUP = ("<!doctype", "<html", "<head", "<?xml", "<body", "<table")
_MAGIC: dict[bytes, str] = {
    b"%PDF": "a PDF; export the candles as CSV",
    b"SQLite": "an SQLite database; export the candles as CSV",
    b"\x89HDF": "an HDF5 file; export the candles as CSV or Parquet",
    b"\xd0\xcf\x11\xe0": "an Excel file; save the sheet as CSV",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; unpack it first",
}


def read_head(path: Path, columns: Mapping[str, str]) -> tuple[list[str], str, bool]:
    """Read the first lines of a text file; returns them, its encoding, and whether these are all.

    Args:
        path: The file.
        columns: Names that the user gave to columns, by role; an encoding in which they stand there is known.

    Raises:
        DataFileError: It is empty, broken, or something else than text.
    """
    try:
        with opened(path) as file:
            head = file.read(HEAD)
            whole = not file.read(1)
    except BROKEN as error:
        raise DataFileError(f"it is no whole archive: {error}; fetch it again") from None
    except RuntimeError as error:  # zipfile's, where a password is asked for
        raise DataFileError(f"the archive cannot be read: {error}; unpack it first") from None
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise DataFileError(f"it is {what}")
    encoding = find_encoding(head, columns, whole=whole)
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    if "\0" in text or sum(text.count(mark) for mark in map(chr, range(1, 9))) > 2:
        raise DataFileError("it holds binary data, no text; export the candles as CSV or Parquet")
    if text.lstrip()[:20].lower().startswith(_MARKUP):
        raise DataFileError("it is a web page, no data; open the link in a browser and save the data itself")
    if not text.strip():
        raise DataFileError("it is empty; it needs candles")
    return text.splitlines(), encoding, whole
