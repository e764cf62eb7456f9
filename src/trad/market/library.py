"""Finding candles by what a user writes: a sample, a path, or the name of an imported dataset."""

from difflib import get_close_matches
from pathlib import Path

from trad.errors import InputError
from trad.market.candles import Candles
from trad.market.dataset_names import LibrarySettings, is_name, stored_names, stored_path
from trad.market.datasets import read_dataset
from trad.market.files import ENDINGS, read_candles
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
        return read_candles(Path(reference).expanduser(), most_cells=settings.most_cells)
    if not is_name(reference) or not (path := stored_path(reference, settings)).is_file():
        raise InputError(_not_found(reference, settings))
    return read_dataset(reference, path, most_cells=settings.most_cells)


def resolve_reference(reference: str) -> str:
    """Write a reference so that it means the same in any folder: a path becomes absolute."""
    if reference.startswith(PREFIX) or not _is_path(reference):
        return reference
    return str(Path(reference).expanduser().resolve())


def _is_path(reference: str) -> bool:
    if "/" in reference or reference.lower().endswith(ENDINGS):
        return True
    return "\0" not in reference and len(reference) < 256 and bool(reference) and Path(reference).exists()


def _not_found(reference: str, settings: LibrarySettings) -> str:
    samples = [f"{PREFIX}{name}" for name in sample_names()]
    datasets = list(stored_names(settings))
    shown = {
        **{name: name for name in (*datasets, *samples)},
        **dict(zip(sample_names(), samples, strict=True)),
    }
    close = dict.fromkeys(shown[name] for name in get_close_matches(reference, shown, n=3))
    guess = f" (did you mean {' or '.join(close)}?)" if close else ""
    library = f"the library has {', '.join(datasets[:20])}" if datasets else "the library is empty"
    return (
        f"no data is called {reference[:80]!r}{guess}; give a path, a sample ({', '.join(samples)}) or a "
        f"name in the library; {library}"
    )
