"""What routes have in common: ids in paths, cursors, limits."""

from typing import Annotated

from fastapi import Path, Query

from trad.service.planning import MOST_EPISODES
from trad.storage.ids import ALPHABET, LENGTH

MOST_LISTED = 500
MOST_CANDLES = 2_000_000_000
"""No series is longer: a request that names a later candle is refused before it is asked about."""

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
WindowStart = Annotated[int, Query(ge=0, le=MOST_CANDLES, description="The window's first candle, from 0.")]
WindowStop = Annotated[
    int | None,
    Query(ge=1, le=MOST_CANDLES, description="The candle after the window's last one; all that follow."),
]
WindowPoints = Annotated[
    int, Query(ge=10, le=20_000, description="At most so many bars; wider ones where there are more candles.")
]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="At most so many.")]
