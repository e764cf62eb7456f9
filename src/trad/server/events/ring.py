"""The newest events in their wire form, numbered, in a bounded place."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some frames that stand one behind the other; `last` is the number of the last of them."""

    data: bytes
    last: int


class EventRing:
    """Keeps the newest frames, numbered 1, 2, 3 ...; the oldest make room for new ones.

    Not safe for threads by itself. The newest frame always stays, however long it is.

    Args:
        most_events: How many frames it holds.
        most_bytes: How long they are together.
    """

    def __init__(self, *, most_events: int, most_bytes: int) -> None:
        self._slots: list[bytes] = [b""] * most_events
        self._most_bytes = most_bytes
        self._bytes = 0
        self.oldest = 1
        self.newest = 0

    def append(self, frame: bytes) -> None:
        """Add a frame under the number `newest + 1`."""
        while self.newest >= self.oldest and (
            self.newest - self.oldest + 1 >= len(self._slots) or self._bytes + len(frame) > self._most_bytes
        ):
            self._drop_oldest()
        self.newest += 1
        self._slots[self.newest % len(self._slots)] = frame
        self._bytes += len(frame)

    def _drop_oldest(self) -> None:
        place = self.oldest % len(self._slots)
        self._bytes -= len(self._slots[place])
        self._slots[place] = b""
        self.oldest += 1

    def holds_after(self, number: int) -> bool:
        """Whether each frame behind `number` is still here; `number` may be the newest itself."""
        return self.oldest - 1 <= number <= self.newest

    def after(self, number: int, most_bytes: int) -> Piece:
        """Join the frames behind `number`, as many as fit, but at least one where there is one.

        Only for a number that `holds_after`.
        """
        frames: list[bytes] = []
        length = 0
        while number < self.newest:
            frame = self._slots[(number + 1) % len(self._slots)]
            if frames and length + len(frame) > most_bytes:
                break
            frames.append(frame)
            length += len(frame)
            number += 1
        return Piece(data=b"".join(frames), last=number)
