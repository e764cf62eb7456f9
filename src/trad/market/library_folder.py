"""The library's folder: what datasets in it may be called, and who may change it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from trad.errors import DataFileError, InputError
from trad.market.files import ENDINGS
from trad.market.whole_files import alone_in

SUFFIX = ".parquet"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class LibrarySettings(Protocol):
    """What of the settings the library goes by; `trad.settings.Settings` has it."""

    @property
    def library(self) -> Path:
        """The folder of imported datasets, each a Parquet file named after it."""
        ...

    @property
    def most_cells(self) -> int:
        """The most values that are read from one file."""
        ...


def is_name(text: str) -> bool:
    """Tell whether a dataset can be asked for by a text."""
    return _NAME.fullmatch(text) is not None


def checked_name(name: str) -> str:
    """Return a name that a new dataset may have.

    Raises:
        InputError: It has other characters, or would be taken for a file's name.
    """
    if not is_name(name):
        raise InputError(
            f"a dataset's name was {name[:80]!r}; it has 1 to 64 letters, digits, dots, dashes and "
            f"underscores and begins with a letter or digit, such as btcusdt-1h"
        )
    if name.lower().endswith(ENDINGS):
        raise InputError(
            f"a dataset's name was {name!r}, which would be taken for a file; leave the ending away"
        )
    return name


def stored_names(settings: LibrarySettings) -> tuple[str, ...]:
    """List the datasets that lie in the library, sorted.

    Raises:
        DataFileError: The library's folder cannot be listed.
    """
    try:
        files = sorted(settings.library.glob(f"*{SUFFIX}"))
    except OSError as error:
        raise DataFileError(f"{settings.library} cannot be listed: {error.strerror}") from None
    return tuple(file.stem for file in files if is_name(file.stem))


def stored_path(name: str, settings: LibrarySettings) -> Path:
    """Name the file of a dataset, whether it is there or not."""
    return settings.library / f"{name}{SUFFIX}"


@contextmanager
def changing(settings: LibrarySettings) -> Iterator[None]:
    """Change the library while nobody else does.

    Raises:
        DataFileError: The library cannot be written to.
    """
    try:
        with alone_in(settings.library):
            yield
    except OSError as error:
        raise DataFileError(
            f"nothing can be changed in {settings.library}: {error.strerror or error}; make room there, or "
            f"set TRAD_HOME to a folder that can be written to"
        ) from None
