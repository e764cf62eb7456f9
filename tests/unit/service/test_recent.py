"""Answers kept for a while."""

from trad.service.recent import Recent, RecentBytes


def test_what_was_not_used_for_longest_goes_first() -> None:
    recent: Recent[int, str] = Recent(2)
    recent.keep(1, "one")
    recent.keep(2, "two")
    assert recent.get(1) == "one"
    recent.keep(3, "three")
    assert (recent.get(1), recent.get(2), recent.get(3)) == ("one", None, "three")


def test_a_later_answer_takes_an_earlier_ones_place() -> None:
    recent: Recent[int, str] = Recent(2)
    recent.keep(1, "one")
    recent.keep(1, "won")
    assert recent.get(1) == "won"


class TestBytes:
    def test_what_was_not_used_for_longest_makes_room(self) -> None:
        recent: RecentBytes[int, str] = RecentBytes(10)
        recent.keep(1, "one", 4)
        recent.keep(2, "two", 6)
        assert recent.get(1) == "one"
        recent.keep(3, "three", 1)
        assert (recent.get(1), recent.get(2), recent.get(3)) == ("one", None, "three")

    def test_the_newest_stays_however_large(self) -> None:
        recent: RecentBytes[int, str] = RecentBytes(10)
        recent.keep(1, "one", 4)
        recent.keep(2, "two", 400)
        assert (recent.get(1), recent.get(2)) == (None, "two")

    def test_bytes_of_what_was_replaced_count_no_more(self) -> None:
        recent: RecentBytes[int, str] = RecentBytes(10)
        recent.keep(1, "one", 9)
        recent.keep(1, "won", 1)
        recent.keep(2, "two", 9)
        assert (recent.get(1), recent.get(2)) == ("won", "two")
