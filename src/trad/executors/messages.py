"""What the trainer's process and an episode worker say to each other: JSON over a socket pair.

To the worker: `load` first, then any number of lists of `episodes`, and of those to `forget`. From it:
`warming` before it compiles, `ready`, `outcomes` in groups, or `refused` when the plan cannot be loaded.
"""

import json
import sys
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from trad.errors import ChangedSince, InputError
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Message = dict[str, Any]

_SPEC_NAMES, _OUTCOME_NAMES = (
    tuple(entry.name for entry in fields(kind)) for kind in (EpisodeSpec, EpisodeOutcome)
)
_spec_values, _outcome_values = attrgetter(*_SPEC_NAMES), attrgetter(*_OUTCOME_NAMES)

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest message that is read."""


def send(link: "Connection[Any, Any]", message: Message) -> None:
    """Send one message; NaN and infinity do not travel.

    Raises:
        OSError: The other side is gone.
        ValueError: A number is NaN or infinite.
    """
    link.send_bytes(_written(message))


def _written(message: Message) -> bytes:
    """Write a message, quickly where that goes: NaN and half a surrogate pair take five times as long."""
    try:
        data = to_json(message)
    except ValueError:
        data = b"NaN"
    if b"NaN" in data or b"Infinity" in data:
        # Perhaps only words of an error: this knows, and escapes what no encoding has.
        return json.dumps(message, allow_nan=False).encode()
    return data


def receive(link: "Connection[Any, Any]") -> Message:
    """Wait for one message.

    Raises:
        EOFError, OSError: The other side is gone.
    """
    data = link.recv_bytes(LARGEST)
    try:
        message: Message = from_json(data)
    except ValueError:
        message = json.loads(data)
    return message


def load_message(plan: EpisodePlan) -> Message:
    """Tell a worker what its episodes have in common, and where this process finds modules."""
    return {"load": plan.as_json(), "path": [str(Path(entry).absolute()) for entry in sys.path]}


def episodes_message(episodes: list[EpisodeSpec]) -> Message:
    """Tell a worker what to run."""
    return {"episodes": [dict(zip(_SPEC_NAMES, _spec_values(episode), strict=True)) for episode in episodes]}


def forget_message(numbers: list[int]) -> Message:
    """Tell a worker which episodes others run in its place."""
    return {"forget": numbers}


def outcomes_message(outcomes: list[EpisodeOutcome]) -> Message:
    """Tell the trainer's process how episodes ended."""
    return {
        "outcomes": [dict(zip(_OUTCOME_NAMES, _outcome_values(outcome), strict=True)) for outcome in outcomes]
    }


def refused_message(error: InputError) -> Message:
    """Tell the trainer's process why the plan cannot be loaded."""
    return {"refused": str(error), "changed": isinstance(error, ChangedSince)}


def refusal(message: Message) -> InputError:
    """Make the error again that `refused_message` told of."""
    return (ChangedSince if message["changed"] else InputError)(message["refused"])


def read_plan(message: Message) -> EpisodePlan:
    """Read what `load_message` wrote."""
    return EpisodePlan(**message["load"])


def read_path(message: Message) -> list[str]:
    """Read where the trainer's process finds modules out of what `load_message` wrote."""
    path: list[str] = message["path"]
    return path


def read_episodes(message: Message) -> list[EpisodeSpec]:
    """Read what `episodes_message` wrote; nothing in other messages."""
    return [EpisodeSpec(**episode) for episode in message.get("episodes", ())]


def read_forgotten(message: Message) -> list[int]:
    """Read what `forget_message` wrote; nothing in other messages."""
    return list(message.get("forget", ()))


def read_outcomes(message: Message) -> list[EpisodeOutcome]:
    """Read what `outcomes_message` wrote."""
    return [EpisodeOutcome(**outcome) for outcome in message["outcomes"]]
