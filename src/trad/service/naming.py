"""Names that come from outside: of a strategy or a dataset in its own folder, never of a path.

What `trad train` takes on the command line may be a path, and a bare name may turn out to be one. Over the
API that must not happen: a name is looked up in its folder and nowhere else, and links are not followed.
"""

import re
from difflib import get_close_matches
from pathlib import Path

from trad.errors import DataNotFound, StrategyNotFound
from trad.market.library import dataset_names
from trad.market.library_folder import LibrarySettings, stored_names, stored_path
from trad.market.linked_folders import linked_files
from trad.market.samples import PREFIX, sample_names
from trad.strategies.built_in import BUILT_IN
from trad.strategies.loading import strategy_files

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
STRATEGY_NAME = rf"^{NAME}(:[A-Za-z_][A-Za-z0-9_]{{0,63}})?$"
"""A built-in, or a file of the strategies folder without its ending; `NAME:Class` where it holds several."""

DATA_NAME = rf"^(sample:)?{NAME}(\?[a-z]+=[0-9]{{1,19}}(&[a-z]+=[0-9]{{1,19}})*)?$"
"""A dataset of the library, or a sample with its settings."""

PLAIN_DATA_NAME = rf"^(sample:)?{NAME}$"
"""A dataset of the library, or a sample as it is without settings."""

_STRATEGY = re.compile(STRATEGY_NAME)
_DATASET = re.compile(NAME)


def checked_strategy(name: str, folder: Path) -> str:
    """Return a strategy's name if it stands for a built-in or a plain file of the strategies folder.

    Raises:
        StrategyNotFound: It does not.
    """
    stem = name.partition(":")[0]
    if _STRATEGY.fullmatch(name) is None or stem.endswith(".py"):
        raise StrategyNotFound(
            f"the strategy was {name[:80]!r}; it is the name of a built-in or of a file in the strategies "
            f"folder, without its ending: up to 64 letters, digits, dots, dashes and underscores"
        )
    if name in BUILT_IN:
        return name
    files = {path.stem: path for path in strategy_files(folder)}
    if stem not in files or not _lies_in(files[stem], folder):
        close = get_close_matches(stem, [*BUILT_IN, *files], n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {_some([*BUILT_IN, *files])}"
        raise StrategyNotFound(f"no strategy is called {name!r}; {hint}")
    return name


def dataset_file(name: str, settings: LibrarySettings) -> Path:
    """Return the file of a dataset in the library, or in a folder that is linked to it.

    Raises:
        DataNotFound: No plain file there has the name.
    """
    if _DATASET.fullmatch(name) is None:
        raise _not_found(name, settings)
    path = stored_path(name, settings)
    if path.is_file() and _lies_in(path, settings.library):
        return path
    linked = linked_files(settings).get(name)
    if linked is None:
        raise _not_found(name, settings)
    return linked


def check_sample(name: str, settings: LibrarySettings) -> None:
    """Make sure that a sample exists; its settings are not looked at.

    Raises:
        DataNotFound: It does not.
    """
    if name.removeprefix(PREFIX).partition("?")[0] not in sample_names():
        raise _not_found(name, settings)


def _not_found(name: str, settings: LibrarySettings) -> DataNotFound:
    known = [*(f"{PREFIX}{sample}" for sample in sample_names()), *dataset_names(settings)]
    close = get_close_matches(name, known, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {_some(known)}"
    return DataNotFound(f"no data is called {name[:80]!r}; {hint}")


def library_files(settings: LibrarySettings) -> dict[str, Path]:
    """List the datasets of the library by name, then those of linked folders; links in them are passed over.

    Raises:
        DataFileError: The library's folder cannot be listed.
    """
    named = {name: stored_path(name, settings) for name in stored_names(settings)}
    plain = {
        name: path for name, path in named.items() if path.is_file() and _lies_in(path, settings.library)
    }
    return {**plain, **{name: path for name, path in linked_files(settings).items() if name not in plain}}


def _lies_in(path: Path, folder: Path) -> bool:
    """Tell whether a file lies in the folder itself; the folder may be reached through links."""
    return not path.is_symlink() and path.resolve() == folder.resolve() / path.name


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:20])
    return shown if len(names) <= 20 else f"{shown} and more"
