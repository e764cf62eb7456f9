"""A process that changes episode and stage without a pause: `board_hammer.py FD SLOTS SLOT`.

Every number of a row follows from the episode's, so that a reader can tell a row made of two.
"""

import sys

from trad.progress import STAGES
from trad.training.board import ProgressBoard, SlotSnapshot

POSITIONS = (3, 5)
"""Candles done in each stage are multiples of these, for an episode with an odd and an even number."""


def total_of(episode: int) -> int:
    return 1_000 + episode % 977


def consistent(row: SlotSnapshot) -> bool:
    """Say whether all of a row belongs to one episode and one stage."""
    stage = STAGES.index(row.stage)
    return (
        row.attempt == row.episode % 4
        and row.total_candles == total_of(row.episode) + stage
        and row.candles_processed % POSITIONS[(row.episode + stage) % 2] == 0
    )


def hammer(board: ProgressBoard, number: int) -> None:
    slot = board.slot(number)
    episode = 0
    while not slot.stop_asked:
        episode += 1
        slot.begin(episode, episode % 4, total_of(episode))
        for stage, name in enumerate(STAGES):
            reporter = slot.start_stage(name, total_of(episode) + stage)
            step = POSITIONS[(episode + stage) % 2]
            reporter.cell[0] = step
            reporter.cell[0] = step * 7
        slot.clear()


if __name__ == "__main__":
    print("ready", flush=True)
    hammer(ProgressBoard(int(sys.argv[2]), int(sys.argv[1])), int(sys.argv[3]))
