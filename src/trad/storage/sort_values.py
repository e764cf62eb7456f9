"""What episodes are compared by: one number each, whatever a metric or a parameter holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from trad.training.browsing import EpisodeSort
from trad.training.job import Episode

Options = Sequence[object]


def options_of(space: Mapping[str, Any], name: str) -> Options | None:
    """Return what a parameter chooses from, in the order of its declaration; None where that is numbers.

    Args:
        space: A job's search space, see `JobSpec`.
        name: The parameter's name.
    """
    entry = space.get(name)
    described = entry if isinstance(entry, dict) else {"fixed": entry}
    options: Options = [described["fixed"]] if "fixed" in described else described.get("options") or []
    return None if all(_is_number(option) for option in options) else options


def as_number(value: object, options: Options | None) -> float | None:
    """Return a value as a number that sorts like it: that of an option is its place among them."""
    if options is not None:
        return float(options.index(value)) if value in options else None
    return float(value) if isinstance(value, int | float) else None


def sort_value(episode: Episode, sort: EpisodeSort, options: Options | None) -> float | None:
    """Return what an episode is compared by; None where it has no such value."""
    match sort.by:
        case "number":
            return float(episode.number)
        case "score":
            return episode.score
        case "metric":
            return as_number((episode.metrics or {}).get(sort.name), None)
        case "param":
            return as_number(episode.params.get(sort.name), options)


def _is_number(option: object) -> bool:
    return isinstance(option, int | float) and not isinstance(option, bool)
