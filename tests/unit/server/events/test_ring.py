"""The ring of frames: bounded by count and by bytes, numbered without a gap."""

import pytest

from trad.server.events.ring import EventRing, Piece


def filled(frames: int, *, most_events: int = 5, most_bytes: int = 1_000) -> EventRing:
    ring = EventRing(most_events=most_events, most_bytes=most_bytes)
    for number in range(1, frames + 1):
        ring.append(b"%d;" % number)
    return ring


def test_an_empty_ring_holds_everything_after_nothing() -> None:
    ring = filled(0)
    assert (ring.oldest, ring.newest) == (1, 0)
    assert ring.holds_after(0)
    assert not ring.holds_after(1)
    assert ring.after(0, 100) == Piece(data=b"", last=0)


def test_the_oldest_frames_make_room() -> None:
    ring = filled(12)
    assert (ring.oldest, ring.newest) == (8, 12)
    assert ring.after(7, 100) == Piece(data=b"8;9;10;11;12;", last=12)


@pytest.mark.parametrize(("number", "held"), [(6, False), (7, True), (12, True), (13, False), (-1, False)])
def test_it_knows_what_it_can_still_tell(number: int, held: bool) -> None:
    assert filled(12).holds_after(number) is held


def test_bytes_are_bounded_too_but_the_newest_frame_stays() -> None:
    ring = EventRing(most_events=100, most_bytes=10)
    for frame in (b"aaaa", b"bbbb", b"cccc"):
        ring.append(frame)
    assert (ring.oldest, ring.newest) == (2, 3)
    ring.append(b"d" * 50)
    assert (ring.oldest, ring.newest) == (4, 4)
    ring.append(b"e")
    assert ring.after(4, 100) == Piece(data=b"e", last=5)


def test_a_piece_ends_where_the_next_frame_does_not_fit() -> None:
    ring = filled(5)
    assert ring.after(0, 5) == Piece(data=b"1;2;", last=2)
    assert ring.after(2, 1) == Piece(data=b"3;", last=3), "at least one frame, however long"


def test_frames_come_out_as_they_went_in_over_many_rounds() -> None:
    ring = filled(0)
    for number in range(1, 100):
        ring.append(b"%d;" % number)
        assert ring.after(number - 1, 100) == Piece(data=b"%d;" % number, last=number)
