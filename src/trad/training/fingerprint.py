"""The fingerprint of a job's result: equal for equal results, however they were reached."""

import hashlib
import json
from collections.abc import Iterable

from trad.training.job import Episode

_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def fingerprint(episodes: Iterable[Episode]) -> str:
    """Return the sha256 over numbers, states, params, scores and metrics, in the order given.

    What differs from run to run (times, workers, where a failed episode stood) is left out. Floats are
    written with as many digits as tell them apart.
    """
    digest = hashlib.sha256(b"trad result 1\n")
    for episode in episodes:
        row = [episode.number, episode.state, episode.params, episode.score, episode.metrics]
        digest.update(_written(row).encode())
        digest.update(b"\n")
    return digest.hexdigest()
