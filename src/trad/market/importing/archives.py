"""Files as they lie there, through whatever they are compressed with."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO

from trad.errors import DataFileError

BROKEN = (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
"""What readers of archives raise where one is torn, or written in a way that they do not know."""


def opened(path: Path) -> IO[bytes]:
    """Open a file, through whatever it is compressed with; the caller closes it.

    Raises:
        DataFileError: An archive holds no file, or several.
    """
    with path.open("rb") as file:
        magic = file.read(6)
    if magic[:2] == b"\x1f\x8b":
        return gzip.open(path, "rb")  # type: ignore[return-value]  # reads bytes as all do
    if magic[:3] == b"BZh":
        return bz2.open(path, "rb")
    if magic[:6] == b"\xfd7zXZ\x00":
        return lzma.open(path, "rb")
    if magic[:4] == b"PK\x03\x04":
        return _member(path)
    return path.open("rb")


def _member(path: Path) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(path)
        members = [
            one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")
        ]
    except zipfile.BadZipFile as error:
        raise DataFileError(f"it is no whole zip archive: {error}; fetch it again") from None
    if any(one.filename == "[Content_Types].xml" for one in members):
        raise DataFileError("it is an Excel file; save the sheet as CSV")
    if len(members) != 1:
        raise DataFileError(
            f"the archive holds {len(members)} files; unpack it, and name those of one series"
        )
    return archive.open(members[0])
