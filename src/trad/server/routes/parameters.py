"""What routes have in common: ids in paths, cursors, limits."""

from typing import Annotated

from fastapi import Path, Query

from trad.service.planning import MOST_EPISODES
from trad.storage.ids import ALPHABET, LENGTH

MOST_LISTED = 500

JobId = Annotated[
    str,
    Path(
        pattern=f"^[{ALPHABET}]{{{LENGTH}}}$",
        description="The job's id, in full.",
        examples=["6n2k4d8q0w3r5t7x"],
    ),
]
Number = Annotated[int, Path(ge=1, le=MOST_EPISODES, description="The episode's number, from 1.")]
Cursor = Annotated[
    str | None,
    Query(
        pattern=r"^[!-~]{1,200}$",
        description="The `cursor` of the page before; the other parameters stay the same.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="At most so many.")]
