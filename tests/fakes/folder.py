"""The library's settings, without the others."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folder:
    """A library in a folder of the test's own; fulfils `LibrarySettings`."""

    library: Path
    most_cells: int = 10_000_000
