"""Files written for a test, and what an import makes of them."""

from pathlib import Path

import numpy as np

from trad.market.candles import Candles
from trad.market.importing.importing import ImportReport, import_files
from trad.market.importing.options import ImportOptions


def imported(
    folder: Path, *texts: str | bytes, options: ImportOptions | None = None, ending: str = ".csv"
) -> tuple[Candles, ImportReport]:
    """Write each text to a file, and import them together."""
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"part-{number}{ending}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    return import_files(paths, options or ImportOptions(), name="prices")


def rows_of(candles: Candles) -> list[tuple[str, float, float, float, float, float]]:
    """Candles as tuples: the time to the second, then the five numbers."""
    stamps = np.datetime_as_string(candles.timestamp, unit="s").tolist()
    return list(zip(stamps, *(column.tolist() for column in candles.columns.values()), strict=True))
