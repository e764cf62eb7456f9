"""Finding candles by what a user writes: a sample, a path, or the name of an imported dataset."""

from difflib import get_close_matches
from pathlib import Path

from trad.errors import DataFileError, DataNotFound
from trad.market.candles import Candles
from trad.market.datasets import read_dataset
from trad.market.files import ENDINGS, TEXT, read_candles
from trad.market.library_folder import LibrarySettings, is_name, stored_names, stored_path
from trad.market.linked_folders import linked_files
from trad.market.samples import PREFIX, read_sample, sample_names


def find_candles(reference: str, settings: LibrarySettings) -> Candles:
    """Read the candles that a reference means.

    Args:
        reference: `sample:NAME` with its settings; a path, which has a slash or one of `ENDINGS`, or
            leads to something; or else the name of a dataset in the library.
        settings: Where the library is.

    Raises:
        InputError: It means nothing; the message lists what there is, the closest first.
        DataFileError: The file cannot be read.
        CandlesError: The candles break a rule.
    """
    if reference.startswith(PREFIX):
        return read_sample(reference)
    if _is_path(reference):
        return _read_file(Path(reference).expanduser(), settings)
    path = dataset_path(reference, settings)
    if path is None:
        raise not_found(reference, settings)
    return read_dataset(reference, path, most_cells=settings.most_cells)


def dataset_path(name: str, settings: LibrarySettings) -> Path | None:
    """Find the file of a dataset, stored or in a linked folder; None without one.

    Raises:
        DataFileError: The list of linked folders cannot be read.
    """
    if not is_name(name):
        return None
    path = stored_path(name, settings)
    return path if path.is_file() else linked_files(settings).get(name)


def dataset_names(settings: LibrarySettings) -> tuple[str, ...]:
    """List the datasets of the library and of the linked folders, sorted.

    Raises:
        DataFileError: The library's folder, or the list of linked ones, cannot be read.
    """
    return tuple(sorted({*stored_names(settings), *linked_files(settings)}))


def _read_file(path: Path, settings: LibrarySettings) -> Candles:
    try:
        return read_candles(path, most_cells=settings.most_cells)
    except DataFileError as error:
        if not path.is_file() or not path.name.lower().endswith(TEXT):
            raise
        raise DataFileError(
            f"{error}; `trad data import` understands more forms of text than --data does"
        ) from None


def resolve_reference(reference: str) -> str:
    """Write a reference so that it means the same in any folder: a path becomes absolute."""
    if reference.startswith(PREFIX) or not _is_path(reference):
        return reference
    return str(Path(reference).expanduser().resolve())


def _is_path(reference: str) -> bool:
    if "/" in reference or reference.lower().endswith(ENDINGS):
        return True
    return "\0" not in reference and len(reference) < 256 and bool(reference) and Path(reference).exists()


def not_found(reference: str, settings: LibrarySettings) -> DataNotFound:
    """Say that a reference means nothing, and what there is, the closest first."""
    samples = [f"{PREFIX}{name}" for name in sample_names()]
    datasets = list(dataset_names(settings))
    shown = {
        **{name: name for name in (*datasets, *samples)},
        **dict(zip(sample_names(), samples, strict=True)),
    }
    close = dict.fromkeys(shown[name] for name in get_close_matches(reference, shown, n=3))
    guess = f" (did you mean {' or '.join(close)}?)" if close else ""
    library = f"the library has {', '.join(datasets[:20])}" if datasets else "the library is empty"
    return DataNotFound(
        f"no data is called {reference[:80]!r}{guess}; give a path, a sample ({', '.join(samples)}) or a "
        f"name in the library; {library}"
    )
